// What the scenes of the soak share: chance, claims, streams of bytes that can
// be told from others.
#pragma once
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/batch.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <tool.h>
#include <unistd.h>

#define MS 1000000L
#define PAGE 4096L
#define CLAIM(what) \
	do { \
		if (!(what)) \
			return __LINE__; \
	} while (0)

static unsigned long state = 1;

static unsigned long draw(unsigned long limit)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (state >> 11) % limit;
}

static void nap(long ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * MS };

	nanosleep(&t, NULL);
}

static char byte_at(long place)
{
	return place * 31 + place / 256;
}

// A child that ended as it should, with this status.
static bool ended(pid_t pid, int wanted)
{
	int status;

	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
	       WEXITSTATUS(status) == wanted;
}

// ---- bytes ------------------------------------------------------------------

static char piece[8192];

static int send_bytes(int to, long total)
{
	for (long sent = 0, n; sent < total; sent += n) {
		n = 1 + draw(sizeof piece);
		n = n < total - sent ? n : total - sent;
		for (long i = 0; i < n; i++)
			piece[i] = byte_at(sent + i);
		CLAIM(write(to, piece, n) == n);
	}
	return 0;
}

static int pass_on(int from, int to)
{
	long n;

	while ((n = read(from, piece, 1 + draw(sizeof piece))) > 0) {
		if (draw(8) == 0)
			nap(draw(20));
		CLAIM(write(to, piece, n) == n);
	}
	CLAIM(n == 0);
	return 0;
}

static int take_in(int from, long total)
{
	long place = 0, n;

	while ((n = read(from, piece, sizeof piece)) > 0)
		for (long i = 0; i < n; i++)
			CLAIM(piece[i] == byte_at(place++));
	CLAIM(n == 0 && place == total);
	return 0;
}
