// Commands that the shell carries out itself.
#pragma once
#include <stdbool.h>

struct builtin {
	const char *name;
	int (*run)(int argc, char **argv);
};

const struct builtin *builtin_find(const char *name);
void builtin_list(void);
extern bool redirects_stay; // `exec >file`: set by the command

// control.c
int builtin_break(int argc, char **argv);
int builtin_return(int argc, char **argv);
int builtin_exit(int argc, char **argv);
int builtin_eval(int argc, char **argv);
int builtin_source(int argc, char **argv);
int builtin_exec(int argc, char **argv);
int builtin_trap(int argc, char **argv);
// control of jobs
int builtin_jobs(int argc, char **argv);
int builtin_fg(int argc, char **argv);
int builtin_wait(int argc, char **argv);
int builtin_kill(int argc, char **argv);
// assign.c
int builtin_export(int argc, char **argv);
int builtin_unset(int argc, char **argv);
int builtin_read(int argc, char **argv);
int builtin_set(int argc, char **argv);
int builtin_shift(int argc, char **argv);
