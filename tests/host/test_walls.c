// Plans of PMP entries, judged by a model of what the hart does with them.
#include "claim.h"
#include "lib/errno.h"
#include "machine/walls.h"
#include <string.h>

// The rights of a byte: the lowest entry that matches decides.
static unsigned rights_of(const struct walls *w, uintptr_t at)
{
	for (unsigned i = 0; i < w->count; i++) {
		uintptr_t a = w->address[i], low = i ? w->address[i - 1] : 0;
		unsigned kind = w->config[i] >> 3 & 3;
		uintptr_t ones = a ^ (a + 1); // the trailing ones, and one more

		if ((kind == 1 && at >> 2 >= low && at >> 2 < a) ||
		    (kind == 2 && at >> 2 == a) ||
		    (kind == 3 && ((at >> 2 ^ a) & ~ones) == 0))
			return w->config[i] & 7;
	}
	return 0;
}

static struct walls hart(unsigned most, uintptr_t grain)
{
	return (struct walls){.most = most, .grain = grain};
}

static void test_kinds(void)
{
	struct walls w = hart(16, 4);

	CLAIM(walls_add(&w, 0x80000000, 0x80004000, 5) == 0 && w.count == 1);
	CLAIM(w.config[0] == (3 << 3 | 5) && w.address[0] == 0x200007ff);
	CLAIM(walls_add(&w, 0x90000004, 0x90000008, 1) == 0 && w.count == 2);
	CLAIM(w.config[1] == (2 << 3 | 1));
	CLAIM(walls_add(&w, 0x80005000, 0x80008000, 3) == 0 && w.count == 4);
	CLAIM(w.config[2] == 0 && w.config[3] == (1 << 3 | 3));
	CLAIM(walls_add(&w, 0x80008000, 0x8000b000, 1) == 0 && w.count == 5);
	CLAIM(rights_of(&w, 0x80004fff) == 0 && rights_of(&w, 0x80005000) == 3);
	CLAIM(rights_of(&w, 0x80008000) == 1 && rights_of(&w, 0x8000b000) == 0);
}

static void test_refusals(void)
{
	struct walls w = hart(3, 4096);

	CLAIM(walls_add(&w, 0x1000, 0x1000, 1) == -EINVAL);
	CLAIM(walls_add(&w, 0x2000, 0x1000, 1) == -EINVAL);
	CLAIM(walls_add(&w, 0x1000, 0x1800, 1) == -EINVAL);
	CLAIM(walls_add(&w, 0x1800, 0x3000, 1) == -EINVAL);
	CLAIM(walls_add(&w, 0x3000, 0, 1) == -EINVAL);
	CLAIM(w.count == 0);
	CLAIM(walls_add(&w, 0x3000, 0x6000, 1) == 0 && w.count == 2);
	CLAIM(walls_add(&w, 0x9000, 0xc000, 1) == -ENOSPC && w.count == 2);
	CLAIM(walls_add(&w, 0x8000, 0x9000, 1) == 0 && w.count == 3);
	CLAIM(walls_add(&w, 0x9000, 0xa000, 1) == -ENOSPC);
}

// Regions in any order that do not overlap: each byte has the rights of its
// own, or none.
static void test_random(void)
{
	for (int round = 0; round < 2000; round++) {
		uintptr_t grain = 4ul << chance(4);
		struct walls w = hart(16, grain);
		uint8_t rights[64] = {0};

		for (int n = 0; n < 6; n++) {
			unsigned from = chance(64), to = from;
			unsigned what = 1 + chance(7);

			while (to < 64 && !rights[to] && chance(6))
				to++;
			if (to == from ||
			    walls_add(&w, from * grain, to * grain, what))
				continue;
			for (unsigned i = from; i < to; i++)
				rights[i] = what;
		}
		for (uintptr_t at = 0; at < 64 * grain; at += 4)
			CLAIM(rights_of(&w, at) == rights[at / grain]);
	}
}

// A program's home as the full system lays it out: five entries.
static void test_spans(void)
{
	struct walls w = hart(15, 4);
	uintptr_t at = 0x80400000;

	CLAIM(walls_span(&w, at, at + 0x1000, 0) == 0);
	CLAIM(walls_span(&w, at + 0x1000, at + 0x21000, 3) == 0);
	CLAIM(walls_span(&w, at + 0x21000, at + 0x22000, 5) == 0);
	CLAIM(walls_span(&w, at + 0x22000, at + 0x24000, 5) == 0);
	CLAIM(walls_span(&w, at + 0x24000, at + 0x25000, 1) == 0);
	CLAIM(walls_span(&w, at + 0x25000, at + 0x26000, 3) == 0);
	CLAIM(walls_span(&w, at + 0x26000, at + 0x27000, 3) == 0);
	CLAIM(walls_finish(&w) == 0 && w.count == 5);
	CLAIM(rights_of(&w, at + 0xfff) == 0 && rights_of(&w, at + 0x1000) == 3);
	CLAIM(rights_of(&w, at + 0x23fff) == 5);
	CLAIM(rights_of(&w, at + 0x26fff) == 3 && rights_of(&w, at + 0x27000) == 0);
	CLAIM(walls_finish(&w) == 0 && w.count == 5);
}

// Rows of spans with gaps: each byte has its rights, or there were too few
// entries; then the last answer says so.
static void test_random_spans(void)
{
	int too_many = 0;

	for (int round = 0; round < 2000; round++) {
		struct walls w = hart(4 + chance(12), 4096);
		uint8_t rights[64] = {0};
		int err = 0;

		for (unsigned at = chance(4); at < 64 && !err;) {
			unsigned to = at + 1 + chance(8), what = chance(8);

			to = to > 64 ? 64 : to;
			err = walls_span(&w, at * 4096ul, to * 4096ul, what);
			memset(rights + at, what, to - at);
			at = to + (chance(2) ? chance(4) : 0);
		}
		err = err ? err : walls_finish(&w);
		CLAIM(err == 0 || err == -ENOSPC);
		CLAIM(w.count <= w.most);
		too_many += err != 0;
		for (uintptr_t at = 0; at < 64 * 4096 && !err; at += 2048)
			CLAIM(rights_of(&w, at) == rights[at / 4096]);
	}
	CLAIM(too_many > 100 && too_many < 1900);
}

void test_walls(void)
{
	test_spans();
	test_random_spans();
	test_kinds();
	test_refusals();
	test_random();
}
