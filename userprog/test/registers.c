// Processes that keep values of their own in all 31 integer and 32 float
// registers and in fcsr, while they yield and are preempted: nobody ever sees
// another's; and handlers that change what the program goes on with.
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// Fills every float register with seed + its number and fcsr with fcsr, makes
// the call (or spins that often if it is 0), and adds up what differs after it.
unsigned long keep(unsigned long seed, unsigned long fcsr, long call,
                   long spins);

__asm__(".text\n"
        ".globl keep\n"
        "keep:\n"
        "	addi sp, sp, -112\n"
        ".irp r, 0,1,2,3,4,5,6,7,8,9,10,11\n"
        "	fsd fs\\r, 8*\\r(sp)\n"
        ".endr\n"
        "	frcsr t6\n"
        "	fscsr a1\n"
        "	mv t0, a0\n"
        ".irp r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,"
        "23,24,25,26,27,28,29,30,31\n"
        "	fmv.d.x f\\r, t0\n"
        "	addi t0, t0, 1\n"
        ".endr\n"
        "	mv t1, a0\n" // the call changes a0
        "	beqz a2, 2f\n"
        "	mv a7, a2\n"
        "	ecall\n"
        "	j 3f\n"
        "2:	addi a3, a3, -1\n"
        "	bgtz a3, 2b\n"
        "3:	frcsr t2\n"
        "	xor a0, t2, a1\n"
        ".irp r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,"
        "23,24,25,26,27,28,29,30,31\n"
        "	fmv.x.d t0, f\\r\n"
        "	xor t0, t0, t1\n"
        "	or a0, a0, t0\n"
        "	addi t1, t1, 1\n"
        ".endr\n"
        "	fscsr t6\n"
        ".irp r, 0,1,2,3,4,5,6,7,8,9,10,11\n"
        "	fld fs\\r, 8*\\r(sp)\n"
        ".endr\n"
        "	addi sp, sp, 112\n"
        "	ret\n");

static int child(int number)
{
	unsigned long seed = 0x1000000UL * number;
	unsigned long fcsr = (number % 5) << 5 | (number * 7 & 31);
	int bad = 0;

	for (int i = 0; i < 300; i++) {
		bad += keep(seed, fcsr, SYS_sched_yield, 0) != 0;
		bad += keep(seed + i, fcsr, SYS_getppid, 0) != 0;
		if (i % 10 == 0)
			bad += keep(seed + i, fcsr, 0, 200000) != 0;
	}
	return bad ? 1 : 0;
}

// Linux has them there: pc, then x1 to x31.
static void change(int signal, siginfo_t *info, void *context)
{
	(void)signal, (void)info;
	((unsigned long *)context)[22 + 18] += 70;
}

// What a handler puts into the context is what the program goes on with.
static void contexts(void)
{
	struct sigaction action;
	long changed, kept;

	memset(&action, 0, sizeof action);
	action.sa_sigaction = change;
	action.sa_flags = SA_SIGINFO;
	sigaction(SIGUSR1, &action, NULL);
	__asm__ volatile("li s2, 7; li s3, 5; mv a0, %2; li a1, 10\n"
	                 "li a7, 129; ecall; mv %0, s2; mv %1, s3"
	                 : "=&r"(changed), "=r"(kept)
	                 : "r"(getpid())
	                 : "a0", "a1", "a7", "s2", "s3", "memory");
	printf("s2 %ld s3 %ld\n", changed, kept);
}

int main(void)
{
	int status, bad = 0, born = 0;

	// Generations, so that the memory of the dead is used again.
	for (int generation = 0; generation < 3; generation++) {
		for (int i = 1; i <= 8; i++) {
			pid_t pid = fork();

			if (pid == 0)
				_exit(child(generation * 8 + i));
			born += pid > 0;
		}
		while (wait(&status) > 0)
			bad += status != 0;
	}
	printf("born %d bad %d\n", born, bad);
	contexts();
	return bad != 0;
}
