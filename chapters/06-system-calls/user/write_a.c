#define LETTERS "AAAAAAAAAA"
#include "letters.h"
