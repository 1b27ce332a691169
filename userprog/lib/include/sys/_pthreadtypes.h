// Takes the place of newlib's: <pthread.h> has our own types.
#pragma once
