#define BASE 5
#define ROUNDS 16000000
#include "power.h"
