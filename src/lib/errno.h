// Error numbers: those of Linux's generic ABI (asm-generic/errno.h), as
// negative values in the kernel: 0 or more is success, -EXXX a failure.
#pragma once

enum {
	EPERM = 1,         // not the owner, or not allowed at all
	ENOENT = 2,        // no such file
	ESRCH = 3,         // no such process
	EINTR = 4,         // a signal came first
	EIO = 5,           // the device or the medium failed
	ENXIO = 6,         // no such device or address
	E2BIG = 7,         // arguments and environment too long
	ENOEXEC = 8,       // not a program that we can run
	EBADF = 9,         // not an open descriptor, or not open for this
	ECHILD = 10,       // no child to wait for
	EAGAIN = 11,       // would have to wait, or a limit is reached
	ENOMEM = 12,       // out of memory
	EACCES = 13,       // permission denied
	EFAULT = 14,       // a pointer that the process may not use so
	EBUSY = 16,        // in use
	EEXIST = 17,       // already there
	EXDEV = 18,        // on another file system
	ENODEV = 19,       // no such device
	ENOTDIR = 20,      // a part of the path is no directory
	EISDIR = 21,       // is a directory
	EINVAL = 22,       // an argument makes no sense
	ENFILE = 23,       // too many open files in the system
	EMFILE = 24,       // too many open files in the process
	ENOTTY = 25,       // not a terminal
	EFBIG = 27,        // file too large
	ENOSPC = 28,       // no space left
	ESPIPE = 29,       // cannot seek
	EROFS = 30,        // read-only file system
	EMLINK = 31,       // too many links
	EPIPE = 32,        // nobody reads this pipe
	EDOM = 33,         // outside the domain of a function
	ERANGE = 34,       // the result does not fit
	EDEADLK = 35,      // would wait for itself
	ENAMETOOLONG = 36, // a name or a path is too long
	ENOSYS = 38,       // no such system call
	ENOTEMPTY = 39,    // directory not empty
	ELOOP = 40,        // too many symbolic links
	EOVERFLOW = 75,    // the value does not fit its type
	EILSEQ = 84,       // malformed text
	EOPNOTSUPP = 95,   // not supported here
	ETIMEDOUT = 110,   // the deadline passed first
	ECANCELED = 125,   // cancelled before it was done
};
