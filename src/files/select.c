#include "files/select.h"
#include "files/poll.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "process/user.h"

#define WORD 64
#define WORDS (FILES_LIMIT / WORD)

// Which set of the call stands for what.
enum { INPUT, OUTPUT, EXCEPTION, SETS };

static const struct {
	uint16_t asked, found;
} meaning[SETS] = {
	[INPUT] = { POLLIN, POLLIN | POLLHUP | POLLERR },
	[OUTPUT] = { POLLOUT, POLLOUT | POLLERR },
	[EXCEPTION] = { POLLPRI, POLLPRI },
};

struct sets {
	uint64_t word[SETS][WORDS];
};

static bool set_has(const uint64_t *word, unsigned fd)
{
	return word[fd / WORD] >> fd % WORD & 1;
}

static size_t sets_size(uint64_t fds)
{
	return (fds + WORD - 1) / WORD * sizeof(uint64_t);
}

static unsigned sets_events(const struct sets *sets, unsigned fd)
{
	unsigned events = 0;

	for (int i = 0; i < SETS; i++)
		if (set_has(sets->word[i], fd))
			events |= meaning[i].asked;
	return events;
}

// Sets that are not there are empty.
static int64_t sets_copy_in(struct call *call, struct sets *sets, uint64_t fds)
{
	int64_t err = 0;

	memset(sets, 0, sizeof *sets);
	for (int i = 0; i < SETS && !err; i++) {
		uint64_t at = call->arg[1 + i];

		if (at == 0)
			continue;
		err = user_copy_in(call->process, sets->word[i], at,
		                   sets_size(fds));
		if (!err)
			err = user_prepare(call->process, at, sets_size(fds),
			                   USER_WRITE);
	}
	return err;
}

// Where the mask lies, and its size: so many arguments has no call.
static int64_t select_mask(struct call *call)
{
	struct {
		uint64_t at, size;
	} mask = { 0 };
	int64_t err = 0;

	if (call->arg[5])
		err = user_copy_in(call->process, &mask, call->arg[5],
		                   sizeof mask);
	return err ? err : poll_set_mask(future_of(call), mask.at, mask.size);
}

static uint32_t sets_count(const struct sets *sets, uint64_t fds)
{
	uint32_t count = 0;

	for (unsigned fd = 0; fd < fds; fd++)
		count += sets_events(sets, fd) != 0;
	return count;
}

static int64_t select_begin(struct call *call, uint64_t fds)
{
	struct sets sets;
	struct poll *poll;
	int64_t err = sets_copy_in(call, &sets, fds);
	uint32_t count = 0;

	if (err)
		return err;
	poll = poll_new(future_of(call), sets_count(&sets, fds));
	if (poll == NULL)
		return -ENOMEM;
	for (unsigned fd = 0; fd < fds; fd++) {
		unsigned events = sets_events(&sets, fd);

		if (events)
			poll->fd[count++] = (struct pollfd){ fd, events, 0 };
	}
	err = poll_set_time(future_of(call), call->arg[4]);
	return err ? err : select_mask(call);
}

// Into the sets: how many bits, or -EBADF.
static int64_t select_found(const struct poll *poll, struct sets *sets)
{
	int64_t bits = 0;

	memset(sets, 0, sizeof *sets);
	for (uint32_t n = 0; n < poll->count; n++) {
		const struct pollfd *p = &poll->fd[n];

		if (p->found & POLLNVAL)
			return -EBADF;
		for (int i = 0; i < SETS; i++) {
			if (!(p->events & meaning[i].asked) ||
			    !(p->found & meaning[i].found))
				continue;
			sets->word[i][p->fd / WORD] |= 1ul << p->fd % WORD;
			bits++;
		}
	}
	return bits;
}

static int64_t select_tell(struct call *call, uint64_t fds)
{
	struct sets sets;
	int64_t bits = select_found(future_of(call)->object, &sets), err = 0;

	for (int i = 0; i < SETS && bits >= 0 && !err; i++)
		if (call->arg[1 + i])
			err = user_copy_out(call->process, call->arg[1 + i],
			                    sets.word[i], sets_size(fds));
	return err ? err : bits;
}

static int64_t sys_pselect6(struct call *call)
{
	struct future *future = future_of(call);
	int32_t wanted = call->arg[0];
	uint64_t fds = wanted < FILES_LIMIT ? wanted : FILES_LIMIT;
	int64_t result;

	if (wanted < 0)
		return -EINVAL;
	result = future->object ? 0 : select_begin(call, fds);
	if (result == PENDING)
		poll_undo(future);
	if (!result)
		result = poll_run(future);
	if (result == PENDING)
		return PENDING;
	if (result >= 0)
		result = select_tell(call, fds);
	return poll_end(future, result);
}

static const struct syscall rows[] = {
	SYSCALL(72, pselect6, sys_pselect6,
	        "int inout:8? inout:8? inout:8? inout:16? in:16?"),
};

void select_init(void)
{
	SYSCALL_REGISTER(rows);
}
