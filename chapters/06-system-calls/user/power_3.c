#define BASE 3
#define ROUNDS 8000000
#include "power.h"
