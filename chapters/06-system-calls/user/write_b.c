#define LETTERS "BBBBBBBBBB"
#include "letters.h"
