#include "files/console.h"
#include "files/device.h"
#include "files/output.h"
#include "files/path.h"
#include "files/proc.h"
#include "files/random.h"
#include "files/settings.h"
#include "files/terminal.h"
#include "files/transfer.h"
#include "lib/errno.h"
#include "lib/print.h"
#include "machine/board.h"
#include "machine/clint.h"
#include "machine/csr.h"
#include "machine/panic.h"
#include "machine/plic.h"
#include "process/timer.h"
#include "process/user.h"

enum { SIGTTIN = 21,
       SIGTTOU = 22 };

#define INPUT_BUDGET 64 // bytes taken at one interrupt
#define CHUNK 128
#define PACE_STEP 512 // bytes that a wrapper can do without being told
// Looks for input in a second, where nothing interrupts: at rest, and while it
// comes.  A FIFO of 16 bytes is full after 1.4 ms at 115,200 baud.
#define POLLS_AT_REST 1000
#define POLLS_IN_TURN 10000

static struct terminal terminal;
static struct waker readers = WAKER_INIT(readers);
static uint64_t received; // bytes, ever
static uint64_t last_input; // when, on mtime
static uint64_t pace_step; // bytes between two reports; 0: none are made
static uint64_t reported; // the count in the last report
static bool told; // that a reader waits; no ^D has come since

uint64_t console_boot;
void (*console_signal)(int group, int signal);
int64_t (*console_check_group)(struct process *process, int group);

static int64_t nobody_stops(struct process *process, int signal)
{
	(void)process, (void)signal;
	return 0;
}

int64_t (*console_check_access)(struct process *process, int signal) =
	nobody_stops;

// PENDING if its group was told to stop.
static int64_t console_admit(struct future *future, int signal)
{
	int64_t err = console_check_access(future->call.process, signal);

	return err == FUTURE_RESTART ? future_again(future) : err;
}

// ---- writing ----

static void console_show(uint8_t c)
{
	uint32_t flags = terminal.set.output;

	if (c == '\n' && (flags & OPOST) && (flags & ONLCR))
		output_byte('\r');
	output_byte(c);
}

// A chunk leaves room for all of it, should each byte become two.
static int64_t console_write(struct file *file, struct transfer *from,
                             uint64_t offset)
{
	char chunk[CHUNK];
	size_t done = 0;
	int64_t barred = 0;
	(void)file, (void)offset;

	if (terminal.set.local & TOSTOP)
		barred = console_admit(from->future, SIGTTOU);
	if (barred)
		return barred;
	if (from->left > OUTPUT_ROOM)
		from->left = OUTPUT_ROOM;
	while (from->left && output_waiting() <= OUTPUT_ROOM - 2 * CHUNK) {
		size_t n = from->left < CHUNK ? from->left : CHUNK;
		int64_t err = transfer_in(from, chunk, n);

		if (err)
			return done ? (int64_t)done : err;
		for (size_t i = 0; i < n; i++)
			console_show(chunk[i]);
		done += n;
	}
	if (done)
		return done;
	if (!from->may_wait)
		return -EAGAIN;
	return future_wait(from->future, &output_free);
}

// ---- pacing ----

// Bytes that need no more room.  While a reader waits, what has arrived of its
// line counts as taken; but more must not be asked for than the ring still
// holds, except byte by byte when a line is longer than the ring.
static uint64_t pace_count(void)
{
	uint64_t held = terminal.head - terminal.tail;
	uint64_t spare = TERMINAL_ROOM / 2;

	if (waker_idle(&readers))
		return received - held;
	if (held <= spare)
		return received;
	return received - (held < TERMINAL_ROOM ? held - spare : spare - 1);
}

static void pace_report(void)
{
	char report[48];

	if (pace_step == 0)
		return;
	reported = pace_count();
	told = !waker_idle(&readers);
	format(report, sizeof report, "\033]7001;%lu;%d\a", reported, told);
	for (const char *p = report; *p; p++)
		output_byte(*p);
}

// A reader waits: the wrapper need not hear of each line.
static void pace_report_if_due(void)
{
	if (!told || pace_count() >= reported + pace_step ||
	    terminal.head - terminal.tail > TERMINAL_ROOM / 2)
		pace_report();
}

// ---- input ----

static void console_receive(uint8_t c)
{
	received++;
	if (c == terminal.set.chars[VEOF])
		told = false;
	terminal_input(&terminal, c);
}

static void console_wake(void)
{
	last_input = clint_now();
	random_stir(last_input);
	if (terminal_available(&terminal))
		wake_all(&readers);
	if (!waker_idle(&readers))
		pace_report_if_due();
}

void console_type(const void *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		console_receive(((const uint8_t *)bytes)[i]);
	console_wake();
}

static void console_interrupt(void *arg)
{
	uint64_t before = received;
	int c;
	(void)arg;

	for (int i = 0; i < INPUT_BUDGET && (c = board.getc()) >= 0; i++)
		console_receive(c);
	if (received != before)
		console_wake();
	if (output_waiting())
		output_drain();
}

static void console_look(struct timer *timer)
{
	uint64_t before = received;
	unsigned polls;

	console_interrupt(NULL);
	polls = received == before ? POLLS_AT_REST : POLLS_IN_TURN;
	timer_start(timer, clint_now() + board.timebase / polls);
}

static struct timer look = { .fire = console_look };

// How long a raw reader goes on waiting (VMIN and VTIME of termios): until
// `least` bytes are there, or the deadline, which may be never, or now.
static uint64_t raw_wait(struct future *future, size_t size, size_t *least)
{
	const uint8_t *chars = terminal.set.chars;
	uint64_t patience = chars[VTIME] * (board.timebase / 10);

	*least = chars[VMIN] < size ? chars[VMIN] : size;
	if (*least == 0)
		*least = 1;
	if (chars[VMIN] == 0) {
		if (future->phase == 0)
			future->goal = clint_now() + patience;
		return future->goal;
	}
	// Between two bytes; before the first there is no limit.
	if (patience && terminal_available(&terminal))
		return last_input + patience;
	return CLINT_NEVER;
}

// Somebody has begun to wait for input.
static void console_awaited(void)
{
	if (console_boot == 0)
		console_boot = csr_read(minstret);
	pace_report_if_due();
}

static int64_t console_wait(struct future *future, uint64_t deadline)
{
	future->phase = 1;
	future_wait_until(future, &readers, deadline);
	console_awaited();
	return PENDING;
}

// Out of the ring, in two parts where it wraps; and on only then.
static int64_t console_take(struct transfer *to)
{
	size_t used, n = terminal_span(&terminal, to->left, &used);
	size_t at = terminal.tail % TERMINAL_ROOM;
	size_t first = n < TERMINAL_ROOM - at ? n : TERMINAL_ROOM - at;
	int64_t err = transfer_prepare(to, n, USER_WRITE);

	if (err)
		return err;
	transfer_out(to, terminal.ring + at, first);
	transfer_out(to, terminal.ring, n - first);
	terminal.tail += used;
	return n;
}

static int64_t console_read(struct file *file, struct transfer *to,
                            uint64_t offset)
{
	struct future *future = to->future;
	size_t least = 1,
	       most = to->left < TERMINAL_ROOM ? to->left : TERMINAL_ROOM;
	uint64_t deadline = CLINT_NEVER;
	int64_t err = console_admit(future, SIGTTIN);
	(void)file, (void)offset;

	if (!err)
		err = transfer_prepare(to, most, USER_WRITE);
	if (err)
		return err;
	if (!(terminal.set.local & ICANON))
		deadline = raw_wait(future, most, &least);
	if (terminal_available(&terminal) < least && clint_now() < deadline) {
		if (!to->may_wait)
			return -EAGAIN;
		return console_wait(future, deadline);
	}
	return terminal_available(&terminal) ? console_take(to) : 0;
}

static unsigned console_poll(struct file *file, unsigned events,
                             struct waiting *waits)
{
	unsigned ready = 0;
	(void)file;

	if (terminal_available(&terminal))
		ready |= POLLIN | POLLRDNORM;
	if (output_waiting() <= OUTPUT_ROOM - 2 * CHUNK)
		ready |= POLLOUT | POLLWRNORM;
	if (waits && (events & (POLLIN | POLLRDNORM))) {
		wait_on(&waits[0], &readers);
		console_awaited();
	}
	if (waits && (events & (POLLOUT | POLLWRNORM)))
		wait_on(&waits[1], &output_free);
	return ready;
}

static int64_t console_ioctl(struct file *file, struct process *process,
                             uint64_t request, uint64_t arg)
{
	int64_t result = settings_ioctl(&terminal, process, request, arg);
	(void)file;

	// What was typed may mean something else now.
	if (terminal_available(&terminal))
		wake_all(&readers);
	return result;
}

static const struct file_ops console_ops = {
	.read = console_read,
	.write = console_write,
	.ioctl = console_ioctl,
	.poll = console_poll,
	.stream = true,
};

// ---- setting up ----

int64_t console_open(struct process *process)
{
	struct inode *inode;
	struct file *file;
	int64_t err = path_lookup(process, NULL, "/dev/console", 0, &inode);

	if (err)
		return err;
	err = file_open(inode, O_RDWR, &file);
	inode_put(inode);
	if (err)
		return err;
	for (int fd = 0; fd < 3; fd++) {
		file_get(file);
		file_set(process, file_slot(process, fd), file, false);
	}
	file_put(file);
	return 0;
}

static uint64_t input_dropped(void)
{
	return terminal.dropped;
}

static uint64_t boot_instructions(void)
{
	return console_boot;
}

static struct proc_number numbers[] = {
	{ "boot", boot_instructions, NULL },
	{ "input_dropped", input_dropped, NULL },
};

// Every process has this terminal.
static void console_describe(struct process *process, struct proc_info *info)
{
	(void)process;
	info->terminal = device_number(5, 1);
	info->foreground = settings_group ? settings_group : -1;
}

static struct proc_source source = { .describe = console_describe };

static void signal_foreground(int signal)
{
	if (console_signal)
		console_signal(settings_group, signal);
}

void console_init(void)
{
	size_t length;

	if (board_arg("paced", &length))
		pace_step = board_arg_is("paced", "1") ? 1 : PACE_STEP;
	// Nobody watches what a wrapper types; it would get between lines.
	terminal_init(&terminal, pace_step ? NULL : console_show,
	              signal_foreground);
	if (!device_add("console", 5, 1, &console_ops) ||
	    !device_add("tty", 5, 0, &console_ops))
		panic("no console");
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		proc_add_number(&numbers[i]);
	proc_add_source(&source);
	plic_init();
	if (board.interrupts == NULL) {
		console_look(&look);
		return;
	}
	plic_register(board.uart_irq, console_interrupt, NULL);
	board.interrupts(true, false);
}
