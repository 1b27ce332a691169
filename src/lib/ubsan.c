// What gcc's -fsanitize=undefined calls (UBSAN=1 builds only) when the C
// standard says that anything may happen: here it is a panic with the place.
// The layouts are those of libubsan in gcc 12.
#include "machine/panic.h"
#include <stdint.h>

struct place {
	const char *file;
	uint32_t line, column;
};

struct type {
	uint16_t kind, info;
	char name[];
};

// All that handlers are given starts with a place; only this one needs more.
struct type_mismatch {
	struct place place;
	const struct type *type;
	uint8_t log_alignment, access;
};

static void __attribute__((noreturn))
undefined(const struct place *place, const char *what)
{
	panic("undefined behaviour: %s at %s:%u:%u", what, place->file,
	      place->line, place->column);
}

// One row per handler: its name, and what it says.
#define HANDLER(name, what)                                    \
	void __ubsan_handle_##name(const struct place *place); \
	void __ubsan_handle_##name(const struct place *place)  \
	{                                                      \
		undefined(place, what);                        \
	}

HANDLER(add_overflow, "signed addition overflows")
HANDLER(sub_overflow, "signed subtraction overflows")
HANDLER(mul_overflow, "signed multiplication overflows")
HANDLER(negate_overflow, "negation overflows")
HANDLER(divrem_overflow, "division by zero or overflow")
HANDLER(shift_out_of_bounds, "shift out of bounds")
HANDLER(out_of_bounds, "index out of bounds")
HANDLER(pointer_overflow, "pointer arithmetic overflows")
HANDLER(load_invalid_value, "load of an invalid bool or enum")
HANDLER(float_cast_overflow, "float to integer overflows")
HANDLER(vla_bound_not_positive, "array of no length")
HANDLER(nonnull_arg, "NULL for an argument that may not be")
HANDLER(invalid_builtin, "clz or ctz of 0")
HANDLER(builtin_unreachable, "reached the unreachable")
HANDLER(missing_return, "function ends without a value")

// Here the second argument has the place.
void __ubsan_handle_nonnull_return_v1(const void *data,
                                      const struct place *place);
void __ubsan_handle_nonnull_return_v1(const void *data,
                                      const struct place *place)
{
	(void)data;
	undefined(place, "NULL returned where it may not be");
}

void __ubsan_handle_type_mismatch_v1(const struct type_mismatch *data,
                                     uintptr_t address);
void __ubsan_handle_type_mismatch_v1(const struct type_mismatch *data,
                                     uintptr_t address)
{
	const char *what = "object too small";

	if (!address)
		what = "use of a NULL pointer";
	else if (address & ((1ul << data->log_alignment) - 1))
		what = "misaligned pointer";
	panic("undefined behaviour: %s: %lx as %s at %s:%u:%u", what, address,
	      data->type->name, data->place.file, data->place.line,
	      data->place.column);
}
