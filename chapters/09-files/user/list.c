#include "user.h"

struct record { // Linux's struct linux_dirent64
	uint64_t ino;
	int64_t next;
	uint16_t size;
	uint8_t type;
	char name[];
};

enum { DIRECTORY = 4 };

static void list(const char *path)
{
	char records[512];
	long fd = openat(AT_FDCWD, path, O_DIRECTORY), n;

	print(path);
	print(":");
	while ((n = getdents64(fd, records, sizeof records)) > 0) {
		struct record *r;

		for (long at = 0; at < n; at += r->size) {
			r = (struct record *)(records + at);
			if (r->name[0] == '.')
				continue;
			print(" ");
			print(r->name);
			print(r->type == DIRECTORY ? "/" : "");
		}
	}
	print("\n");
	close(fd);
}

int main(void)
{
	list("/");
	list("/etc");
	list("/dev");
	return 0;
}
