#include "process/futex.h"
#include "lib/errno.h"
#include "machine/clint.h"
#include "machine/clock.h"
#include "memory/space.h"
#include "process/family.h"
#include "process/robust.h"
#include "process/sleep.h"

// As Linux's <linux/futex.h> has them.
enum {
	FUTEX_WAIT = 0,
	FUTEX_WAKE = 1,
	FUTEX_REQUEUE = 3,
	FUTEX_CMP_REQUEUE = 4,
	FUTEX_WAIT_BITSET = 9,
	FUTEX_WAKE_BITSET = 10,
};
#define FUTEX_PRIVATE   128
#define FUTEX_REALTIME  256
#define FUTEX_ALL_BITS  0xffffffff

// Which word: by its place in memory that is shared, else by its address.
struct key {
	uint64_t object;         // of a pager, or the satp of the space
	uint64_t offset;
};

#define BUCKETS 128              // a power of two
static struct waker buckets[BUCKETS];

// Arguments of the call.
enum { ADDRESS, OPERATION, VALUE, TIMEOUT, ADDRESS2, VALUE3 };

// By the pager and the offset in it, since two processes may have it at
// different addresses; private memory has no such place, and needs none.
static int64_t key_of_shared(struct space *space, uint64_t address, struct key *key)
{
	struct area *area = space_area(space, address);

	if (area == NULL)
		return -EFAULT;
	if (area->shared && area->pager)
		*key = (struct key){ (uintptr_t)area->pager / sizeof(long),
			             area->offset + (address - area->start) };
	return 0;
}

// 0, -EINVAL for a crooked address, -EFAULT for none.  Who says that the word
// is private saves the look at what its memory is.
static inline int64_t key_of(struct process *process, uint64_t address, bool private, struct key *key)
{
	*key = (struct key){ process->frame.satp, address };
	if (address % 4)
		return -EINVAL;
	return private ? 0 : key_of_shared(space_of(process), address, key);
}

static inline struct waker *bucket_of(struct key key)
{
	return &buckets[(key.object ^ key.offset / 4) % BUCKETS];
}

// ---- waking -----------------------------------------------------------------

static struct future *future_of_wait(struct list *node)
{
	return container_of(container_of(node, struct waiting, node),
	                    struct future, waiting);
}

// A waiting call keeps its key as its object and goal, the bits that it waits
// for as its phase, and its deadline, if it has one, as its progress.
static inline bool waits_for(struct future *future, struct key key)
{
	return future->object == (void *)key.object &&
	       future->goal == key.offset;
}

// The answer is ours: the call is finished, if its process does nothing else.
static inline void future_wake(struct future *future)
{
	if (future_only_waits(future))
		future_complete(future, 0);
	else
		wake(&future->waiting, 0);
}

static __attribute__((noinline)) int key_wake(struct key key, uint64_t count, uint32_t bits)
{
	uint64_t woken = 0;

	LIST_EACH(node, &bucket_of(key)->waits) {
		struct future *future = future_of_wait(node);

		if (!waits_for(future, key) || !(future->phase & bits))
			continue;
		if (woken++ == count)
			return count;
		future_wake(future);
	}
	return woken;
}

int futex_wake(struct process *process, uint64_t address, uint64_t count)
{
	struct key key;

	if (key_of(process, address, false, &key))
		return 0;
	return key_wake(key, count, FUTEX_ALL_BITS);
}

// Up to `count` of those who wait for one word wait for another from now on.
// Who stays in the same bucket keeps his place there: moved to the tail, he
// would be met again, for ever if both words are the same.
static int key_move(struct key from, struct key to, uint64_t count)
{
	int moved = 0;

	LIST_EACH(node, &bucket_of(from)->waits) {
		struct future *future = future_of_wait(node);

		if ((uint64_t)moved >= count)
			break;
		if (!waits_for(future, from))
			continue;
		if (bucket_of(to) != bucket_of(from)) {
			list_remove(node);
			list_add_tail(&bucket_of(to)->waits, node);
		}
		future->object = (void *)to.object;
		future->goal = to.offset;
		moved++;
	}
	return moved;
}

// ---- waiting ----------------------------------------------------------------

// One without a deadline starts again.
static int64_t wait_ended(struct future *future)
{
	(void)future;
	return -EINTR;
}

// When to give up.  WAIT takes a duration, WAIT_BITSET a point in time.
static int64_t wait_deadline(struct call *call, uint64_t *deadline)
{
	uint64_t operation = call->arg[OPERATION], now, ns;
	int64_t err;

	err = timespec_copy_in(call->process, call->arg[TIMEOUT], &ns);
	if (err)
		return err;
	if ((operation & 127) == FUTEX_WAIT_BITSET) {
		now = operation & FUTEX_REALTIME ? clock_realtime()
		                                 : clock_monotonic();
		ns = ns > now ? ns - now : 0;
	}
	*deadline = sleep_deadline(ns);
	return 0;
}

// Polled again.  The answer is the waker's: the word is not looked at.
static int64_t futex_goes_on(struct call *call)
{
	struct future *future = future_of(call);
	struct key key = { (uintptr_t)future->object, future->goal };
	uint64_t deadline = future->progress;

	if (future->waiting.woken)
		return 0;
	if (deadline == 0)
		return future_wait(future, bucket_of(key));
	if (clint_now() >= deadline)
		return -ETIMEDOUT;
	return future_wait_until(future, bucket_of(key), deadline);
}

static inline void futex_note(struct future *future, struct key key, uint32_t bits)
{
	future->phase = bits;
	future->goal = key.offset;
	future->object = (void *)key.object;
}

// Something else is going on, or it is a call of a batch, whose handler is set.
static __attribute__((noinline)) int64_t futex_sleep_slowly(struct future *future, uint64_t object, uint64_t offset, uint32_t bits)
{
	struct key key = { object, offset };

	futex_note(future, key, bits);
	future_wait(future, bucket_of(key));
	future->call.handler = futex_goes_on;
	return PENDING;
}

// The word has the value still: from here on who changes it wakes us.
static inline int64_t futex_sleep(struct future *future, struct key key, uint32_t bits)
{
	if (!future_is_first(future))
		return futex_sleep_slowly(future, key.object, key.offset, bits);
	futex_note(future, key, bits);
	return future_wait_now(future, bucket_of(key), futex_goes_on);
}

static __attribute__((noinline)) int64_t futex_wait(struct call *call, uint32_t bits)
{
	struct future *future = future_of(call);
	uint64_t deadline = CLINT_NEVER;
	uint32_t *word;
	struct key key;
	size_t room;
	int64_t err;

	if (bits == 0)
		return -EINVAL;
	err = key_of(call->process, call->arg[ADDRESS],
	             call->arg[OPERATION] & FUTEX_PRIVATE, &key);
	if (!err && call->arg[TIMEOUT])
		err = wait_deadline(call, &deadline);
	if (!err)
		err = user_translate(call->process, call->arg[ADDRESS],
		                     USER_READ, (void **)&word, &room);
	if (err)
		return err;
	if (*word != (uint32_t)call->arg[VALUE])
		return -EAGAIN;
	if (deadline != CLINT_NEVER) {
		future->progress = deadline;
		future->cancel = wait_ended;
		wait_until(&future->waiting, deadline);
	}
	return futex_sleep(future, key, bits);
}

// The common case, without a call that could need registers saved: a private
// word that was looked at a moment ago, no time-out.
static inline int64_t futex_wait_private(struct call *call)
{
	struct process *process = call->process;
	uint64_t address = call->arg[ADDRESS];
	uint32_t *word = (void *)space_cached(space_of(process), address,
	                                      USER_READ);

	if (!word || address % 4 || call->arg[TIMEOUT])
		return futex_wait(call, FUTEX_ALL_BITS);
	if (*word != (uint32_t)call->arg[VALUE])
		return -EAGAIN;
	return futex_sleep(future_of(call),
	                   (struct key){ process->frame.satp, address },
	                   FUTEX_ALL_BITS);
}

// ---- the call ---------------------------------------------------------------

// All is checked before anybody is woken, for that cannot be taken back.
static int64_t futex_requeue(struct call *call, bool compare)
{
	bool private = call->arg[OPERATION] & FUTEX_PRIVATE;
	struct key from, to;
	uint32_t value;
	int64_t err = key_of(call->process, call->arg[ADDRESS], private, &from);

	if (!err)
		err = key_of(call->process, call->arg[ADDRESS2], private, &to);
	if (!err && compare)
		err = user_copy_in(call->process, &value, call->arg[ADDRESS],
		                   4);
	if (err)
		return err;
	if (compare && value != (uint32_t)call->arg[VALUE3])
		return -EAGAIN;
	if ((int)call->arg[VALUE] < 0 || (int)call->arg[TIMEOUT] < 0)
		return -EINVAL;
	err = key_wake(from, (int)call->arg[VALUE], FUTEX_ALL_BITS);
	return err + key_move(from, to, (int)call->arg[TIMEOUT]);
}

static int64_t futex_wake_call(struct call *call, uint32_t bits)
{
	struct key key;
	int64_t err = key_of(call->process, call->arg[ADDRESS],
	                     call->arg[OPERATION] & FUTEX_PRIVATE, &key);

	if (bits == 0)
		return -EINVAL;
	return err ? err : key_wake(key, (uint32_t)call->arg[VALUE], bits);
}

// One of those that wait for a private word: most often the only one.
static inline int64_t futex_wake_private(struct call *call)
{
	uint64_t address = call->arg[ADDRESS], count = call->arg[VALUE];
	struct key key = { call->process->frame.satp, address };
	struct list *waits = &bucket_of(key)->waits;
	struct future *first = future_of_wait(waits->next);

	if (address % 4)
		return -EINVAL;
	if (list_empty(waits))
		return 0;
	if (count != 1 || !waits_for(first, key) || !future_is_quick(first))
		return key_wake(key, (uint32_t)count, FUTEX_ALL_BITS);
	future_complete_quick(first, 0);
	return 1;
}

static int64_t futex_rare(struct call *call, uint64_t operation)
{
	switch (operation) {
	case FUTEX_WAIT_BITSET:
		return futex_wait(call, call->arg[VALUE3]);
	case FUTEX_WAKE_BITSET:
		return futex_wake_call(call, call->arg[VALUE3]);
	case FUTEX_REQUEUE:
		return futex_requeue(call, false);
	case FUTEX_CMP_REQUEUE:
		return futex_requeue(call, true);
	default:
		return -ENOSYS;
	}
}

static int64_t sys_futex(struct call *call)
{
	uint64_t operation = call->arg[OPERATION] &
	                     ~(uint64_t)(FUTEX_PRIVATE | FUTEX_REALTIME);

	if (call->arg[OPERATION] == (FUTEX_WAIT | FUTEX_PRIVATE))
		return futex_wait_private(call);
	if (call->arg[OPERATION] == (FUTEX_WAKE | FUTEX_PRIVATE))
		return futex_wake_private(call);
	if (operation == FUTEX_WAKE)
		return futex_wake_call(call, FUTEX_ALL_BITS);
	if (operation == FUTEX_WAIT)
		return futex_wait(call, FUTEX_ALL_BITS);
	return futex_rare(call, operation);
}

static const struct syscall rows[] = {
	SYSCALL(98, futex, sys_futex, "in:4 int int ptr ptr int"),
};

void futex_init(void)
{
	for (int i = 0; i < BUCKETS; i++)
		waker_init(&buckets[i]);
	family_thread_gone = robust_thread_gone;
	SYSCALL_REGISTER(rows);
}
