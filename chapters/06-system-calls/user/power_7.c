#define BASE 7
#define ROUNDS 24000000
#include "power.h"
