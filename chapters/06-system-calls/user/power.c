#define BASE 3
#define ROUNDS 10000
#include "power.h"
