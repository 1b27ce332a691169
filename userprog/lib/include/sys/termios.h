// Linux's terminal settings (asm-generic).
#pragma once

typedef unsigned int tcflag_t, speed_t;
typedef unsigned char cc_t;

#define NCCS 19
struct termios {
	tcflag_t c_iflag, c_oflag, c_cflag, c_lflag;
	cc_t c_line;
	cc_t c_cc[NCCS];
};

struct winsize {
	unsigned short ws_row, ws_col, ws_xpixel, ws_ypixel;
};

// c_cc
#define VINTR  0
#define VQUIT  1
#define VERASE 2
#define VKILL  3
#define VEOF   4
#define VTIME  5
#define VMIN   6
#define VSUSP  10

// c_iflag
#define ICRNL 0x100
#define INLCR 0x40
#define IGNCR 0x80
#define IXON  0x400

// c_oflag
#define OPOST 0x1
#define ONLCR 0x4

// c_cflag
#define CSIZE  0x30
#define CS8    0x30
#define PARENB 0x100

// c_lflag
#define ISIG   0x1
#define ICANON 0x2
#define ECHO   0x8
#define ECHOE  0x10
#define ECHOK  0x20
#define ECHONL 0x40
#define TOSTOP 0x100
#define IEXTEN 0x8000

#define TCSANOW   0
#define TCSADRAIN 1
#define TCSAFLUSH 2

int tcgetattr(int fd, struct termios *settings);
int tcsetattr(int fd, int when, const struct termios *settings);
void cfmakeraw(struct termios *settings);
