#define LETTERS "CCCCCCCCCC"
#include "letters.h"
