#include "files/settings.h"
#include "files/console.h"
#include "lib/errno.h"
#include "process/user.h"

// Linux's generic requests.
#define TCGETS 0x5401
#define TCSETS 0x5402
#define TCSETSW 0x5403 // after what is written has gone out
#define TCSETSF 0x5404 // and without what was typed ahead
#define TCSBRK 0x5409
#define TCXONC 0x540a
#define TCFLSH 0x540b
#define TIOCSCTTY 0x540e
#define TIOCGPGRP 0x540f
#define TIOCSPGRP 0x5410
#define TIOCGWINSZ 0x5413
#define TIOCSWINSZ 0x5414
#define FIONREAD 0x541b
#define TIOCNOTTY 0x5422

enum { TCIFLUSH,
       TCOFLUSH,
       TCIOFLUSH };

enum { SIGTTOU = 22,
       SIGWINCH = 28 };

struct window {
	uint16_t rows, columns, width, height;
};

static struct window window = { .rows = 24, .columns = 80 };

int settings_group;

static int64_t set_termios(struct terminal *terminal, struct process *process,
                           uint64_t request, uint64_t arg)
{
	struct termios set;
	int64_t err = user_copy_in(process, &set, arg, sizeof set);

	if (err)
		return err;
	// After the settings were read: a bad pointer must not cost the input.
	if (request == TCSETSF)
		terminal_flush(terminal);
	terminal_set(terminal, &set);
	return 0;
}

static int64_t set_window(struct process *process, uint64_t arg)
{
	struct window new;
	int64_t err = user_copy_in(process, &new, arg, sizeof new);

	if (err)
		return err;
	window = new;
	if (console_signal)
		console_signal(settings_group, SIGWINCH);
	return 0;
}

static int64_t set_group(struct process *process, uint64_t arg)
{
	int32_t group;
	int64_t err = user_copy_in(process, &group, arg, sizeof group);

	if (!err && group <= 0)
		err = -EINVAL;
	if (!err && console_check_group)
		err = console_check_group(process, group);
	if (!err)
		settings_group = group;
	return err;
}

static int64_t flush(struct terminal *terminal, uint64_t queue)
{
	if (queue > TCIOFLUSH)
		return -EINVAL;
	if (queue != TCOFLUSH)
		terminal_flush(terminal);
	return 0;
}

static int64_t get(struct terminal *terminal, struct process *process,
                   uint64_t request, uint64_t arg)
{
	int32_t group = settings_group;
	int32_t available = terminal_available(terminal);

	switch (request) {
	case TCGETS:
		return user_copy_out(process, arg, &terminal->set,
		                     sizeof terminal->set);
	case TIOCGPGRP:
		return user_copy_out(process, arg, &group, sizeof group);
	case TIOCGWINSZ:
		return user_copy_out(process, arg, &window, sizeof window);
	case FIONREAD:
		return user_copy_out(process, arg, &available,
		                     sizeof available);
	}
	return -ENOTTY;
}

// Whether the request is for those in the foreground only.
static bool is_change(uint64_t request)
{
	return (request >= TCSETS && request <= TCSETSF) ||
	       request == TCSBRK || request == TCXONC || request == TCFLSH ||
	       request == TIOCSPGRP;
}

int64_t settings_ioctl(struct terminal *terminal, struct process *process,
                       uint64_t request, uint64_t arg)
{
	int64_t barred = 0;

	if (is_change(request))
		barred = console_check_access(process, SIGTTOU);
	if (barred)
		return request == TIOCSPGRP && barred == -EIO ? -ENOTTY
		                                              : barred;
	switch (request) {
	case TCSETS:
	case TCSETSW:
	case TCSETSF:
		return set_termios(terminal, process, request, arg);
	case TIOCSWINSZ:
		return set_window(process, arg);
	case TIOCSPGRP:
		return set_group(process, arg);
	case TCFLSH:
		return flush(terminal, arg);
	case TCSBRK: // tcdrain(): nothing is held back
	case TCXONC:
	case TIOCSCTTY: // there is one terminal for all
	case TIOCNOTTY:
		return 0;
	}
	return get(terminal, process, request, arg);
}
