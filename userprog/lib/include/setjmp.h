// newlib's, and the jumps that restore the signal mask.
#pragma once
#include_next <setjmp.h>
#include <signal.h>

typedef struct {
	jmp_buf registers;
	int saved;
	sigset_t mask;
} sigjmp_buf[1];

// A macro: setjmp() must be called by the function that will be returned to.
#define sigsetjmp(place, save) \
	((place)->saved = (save), \
	 sigprocmask(SIG_SETMASK, NULL, &(place)->mask), \
	 setjmp((place)->registers))

static inline void __attribute__((noreturn))
siglongjmp(sigjmp_buf place, int value)
{
	if (place->saved)
		sigprocmask(SIG_SETMASK, &place->mask, NULL);
	longjmp(place->registers, value);
}
