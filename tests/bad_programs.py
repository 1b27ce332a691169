"""Files that must not be executed, each with what execve() has to say of it.

usage: bad_programs.py DIRECTORY
"""
import pathlib
import struct
import sys

HEADER, SEGMENT, PAGE = 64, 56, 4096
EXECUTABLE, SHARED, X86_64, RISCV = 2, 3, 62, 243
LOAD, INTERPRETER = 1, 3
R, W, X = 4, 2, 1
BASE = 0x1100000
CODE = bytes.fromhex('13 05 80 0c 93 08 d0 05 73 00 00 00')  # exit(200)
FORMAT, MEMORY = 'Exec format error', 'Not enough space'


def header(count, entry=BASE + PAGE, kind=EXECUTABLE, machine=RISCV, bits=2,
           order=1, at=HEADER, size=SEGMENT):
    return struct.pack('<4sBBBB8xHHIQQQIHHHHHH', b'\x7fELF', bits, order, 1, 0,
                       kind, machine, 1, entry, at, 0, 4, HEADER, size, count,
                       64, 0, 0)


def segment(address=BASE, flags=R | X, offset=0, in_file=2 * PAGE, memory=None,
            kind=LOAD):
    return struct.pack('<IIQQQQQQ', kind, flags, offset, address, address,
                       in_file, in_file if memory is None else memory, PAGE)


def program(*segments, **more):
    text = header(len(segments), **more) + b''.join(segments)
    return text.ljust(PAGE, b'\0') + CODE.ljust(PAGE, b'\0')


def files():
    """Yields name, contents, and the answers that are right, '|' between."""
    whole = program(segment())
    yield 'sound', whole, 'exit 200'
    yield 'empty', b'', FORMAT
    yield 'one-byte', b'\x7f', FORMAT
    yield 'text', b'#!/bin/sh\necho no\n', FORMAT
    yield 'half-a-header', whole[:40], FORMAT
    yield 'no-segment-table', whole[:HEADER], FORMAT
    yield 'half-a-table', whole[:HEADER + 30], FORMAT
    yield 'cut-off', whole[:PAGE + 2], FORMAT + '|killed by SIGBUS'
    yield 'wrong-machine', program(segment(), machine=X86_64), FORMAT
    yield '32-bit', program(segment(), bits=1), FORMAT
    yield 'big-endian', program(segment(), order=2), FORMAT
    yield 'no-segments', program(), FORMAT
    yield 'table-far-away', program(segment(), at=1 << 40), FORMAT
    yield 'table-wraps', program(segment(), at=2**64 - 8), FORMAT
    yield 'small-entries', program(segment(), size=8), FORMAT
    yield 'many-segments', header(0xffff) + segment() * 10, FORMAT
    yield 'interpreter', program(segment(), segment(kind=INTERPRETER,
                                                    offset=PAGE)), FORMAT
    yield 'overlapping', program(segment(), segment(
        address=BASE + PAGE, flags=R | W)), FORMAT
    yield 'writable-code', program(segment(flags=R | W | X)), FORMAT
    yield 'huge-in-memory', program(segment(), segment(
        address=BASE + (4 << 20), flags=R | W, in_file=0, memory=1 << 37)), \
        FORMAT + '|' + MEMORY
    yield 'size-wraps', program(segment(memory=2**64 - PAGE)), \
        FORMAT + '|' + MEMORY
    yield 'more-file-than-memory', program(segment(memory=PAGE)), FORMAT
    yield 'at-null', program(segment(address=0), entry=PAGE), FORMAT
    yield 'upper-half', program(segment(address=2**64 - 16 * PAGE)), FORMAT
    yield 'above-users', program(segment(address=1 << 38)), FORMAT
    yield 'not-canonical', program(segment(address=1 << 60)), FORMAT
    yield 'on-the-stack', program(segment(address=BASE - 4 * PAGE)), \
        FORMAT + '|killed by SIGSEGV'
    yield 'not-aligned', program(segment(address=BASE + 8)), FORMAT
    yield 'file-offset-wraps', program(segment(offset=2**64 - PAGE)), FORMAT
    yield 'entry-outside', program(segment(), entry=0x80000000), \
        FORMAT + '|killed by SIGSEGV'


def write(folder, anywhere=False):
    """Writes them all; returns {name: answers}.  Anywhere: as programs that may
    lie at any address, as those for harts without an MMU are."""
    folder = pathlib.Path(folder)
    answers = {}
    for name, contents, answer in files():
        if anywhere and contents[16:18] == struct.pack('<H', EXECUTABLE):
            contents = contents[:16] + struct.pack('<H', SHARED) + contents[18:]
            answer = 'exit 200' if name == 'at-null' else answer
        (folder / name).write_bytes(contents)
        (folder / name).chmod(0o755)
        answers[name] = answer.split('|')
    return answers


if __name__ == '__main__':
    write(sys.argv[1])
