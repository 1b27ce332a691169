// printf() of newlib-nano prints floats only for programs that say so.
#pragma once
extern int _printf_float(void);
extern int _scanf_float(void);
static int (*const floats[])(void)
	__attribute__((used)) = { _printf_float, _scanf_float };
