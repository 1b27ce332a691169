// $(( )): integers with C's operators.
#pragma once

long arith(const char *text);
