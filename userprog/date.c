// The time of day, in UTC.
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <tool.h>

TOOL("date",
     "date [+FORMAT]   (%Y %m %d %H %M %S %s %a %b %e %F %T %j %N %n %t)");

static const char days[] = "SunMonTueWedThuFriSat";
static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

static const char *expand(char letter)
{
	switch (letter) {
	case 'F':
		return "%Y-%m-%d";
	case 'T':
		return "%H:%M:%S";
	case 'c':
		return "%a %b %e %H:%M:%S UTC %Y";
	}
	return NULL;
}

static void show(const char *f, const struct tm *tm, const struct timespec *t);

static void show_one(char letter, const struct tm *tm, const struct timespec *t)
{
	switch (letter) {
	case 'Y':
		print("%d", tm->tm_year + 1900);
		break;
	case 'm':
		print("%02d", tm->tm_mon + 1);
		break;
	case 'd':
		print("%02d", tm->tm_mday);
		break;
	case 'e':
		print("%2d", tm->tm_mday);
		break;
	case 'H':
		print("%02d", tm->tm_hour);
		break;
	case 'M':
		print("%02d", tm->tm_min);
		break;
	case 'S':
		print("%02d", tm->tm_sec);
		break;
	case 'j':
		print("%03d", tm->tm_yday + 1);
		break;
	case 'N':
		print("%09ld", t->tv_nsec);
		break;
	case 's':
		print("%ld", (long)t->tv_sec);
		break;
	case 'a':
		print("%.3s", days + 3 * tm->tm_wday);
		break;
	case 'b':
		print("%.3s", months + 3 * tm->tm_mon);
		break;
	case 'Z':
		print("UTC");
		break;
	case 'n':
	case 't':
		putch(letter == 'n' ? '\n' : '\t');
		break;
	case '%':
		putch('%');
		break;
	default:
		if (!expand(letter))
			misuse();
		show(expand(letter), tm, t);
	}
}

static void show(const char *f, const struct tm *tm, const struct timespec *t)
{
	for (; *f; f++)
		if (*f == '%' && f[1])
			show_one(*++f, tm, t);
		else
			putch(*f);
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	struct timespec now;
	struct tm tm;

	while (option(&o, argv, "u"))
		;
	if (argc - o.next > 1 || (o.next < argc && argv[o.next][0] != '+'))
		misuse();
	if (clock_gettime(CLOCK_REALTIME, &now) < 0)
		return complain("clock_gettime");
	gmtime_r(&now.tv_sec, &tm);
	show(o.next < argc ? argv[o.next] + 1 : "%c", &tm, &now);
	print("\n");
	return done(0);
}
