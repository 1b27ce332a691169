// Says "up" when it starts and each time that it is continued, and waits for
// ever: who has read that knows whom the next key meets.
#include <signal.h>
#include <unistd.h>

static void say(int signal)
{
	(void)signal;
	write(1, "up\n", 3);
}

int main(void)
{
	signal(SIGCONT, say);
	say(0);
	for (;;)
		pause();
}
