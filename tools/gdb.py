"""Commands for gdb on a running Barefoot, loaded by `make gdb`.

    connect WHERE   attach to the machine, with all its harts
    ps              every process, what it does, and where it is
    frame PID       the saved registers of a process, in words
    pt PID          the page table of a process, in words
    add-user [PID]  load the symbols of the program that a process runs
    break-in NAME FUNCTION
                    stop where a user program enters one of its functions

The symbols of the program that runs when the machine stops are loaded without
being asked for.  What the kernel's records look like is read from its debug
information; only what the architecture fixes is written down here.
"""
import os
import sys

import gdb

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
from gdbkernel import (Loaded, Physical, Symbols, argument,     # noqa: E402
                       container, distance, find, is_live, kernel_file, name_of,
                       parent_of, part, processes, program_called, ring,
                       running, same, saved_pc, source_line, state, symbolised,
                       value)


# ---- words -----------------------------------------------------------------

FLOATS = ('off', 'initial', 'clean', 'dirty')
MODES = ('user', 'supervisor', 'reserved', 'machine')
ROUNDING = ('to nearest', 'to zero', 'down', 'up', 'to nearest, ties away',
            'reserved', 'reserved', 'dynamic')
FLAGS = ('inexact', 'underflow', 'overflow', 'division by zero', 'invalid')


def status_words(status):
    """mstatus.  (Privileged Architecture 1.12, section 3.1.6.)"""
    return (f'to {MODES[status >> 11 & 3]} mode, interrupts '
            f'{"on" if status >> 7 & 1 else "off"}, floats '
            f'{FLOATS[status >> 13 & 3]}')


def fcsr_words(fcsr):
    flags = [name for bit, name in enumerate(FLAGS) if fcsr >> bit & 1]
    return f'rounding {ROUNDING[fcsr >> 5 & 7]}, {", ".join(flags) or "no flags"}'


def register_names():
    registers = gdb.selected_frame().architecture().registers()
    return [str(register) for register in registers]


def print_registers(names, values):
    cells = [f'{name:>5} {number:016x}' for name, number in zip(names, values)]
    for row in range(0, len(cells), 4):
        print(' '.join(cells[row:row + 4]))


# ---- the commands ----------------------------------------------------------

class Ps(gdb.Command):
    """List the processes: pid, parent, state in words, name and pc.

usage: ps

The pc of a process that waits is behind its system call."""

    def __init__(self):
        super().__init__('ps', gdb.COMMAND_STATUS)

    def invoke(self, text, from_tty):
        everyone = processes()
        with Physical():
            rows = [(str(int(p['pid'])), str(parent_of(p)), name_of(p),
                     symbolised(p, saved_pc(p)), state(p, everyone))
                    for p in everyone]
        print(f'{"pid":>5} {"parent":>6} {"name":<15} {"pc":<28} state')
        for pid, parent, name, pc, words in rows:
            print(f'{pid:>5} {parent:>6} {name:<15} {pc:<28} {words}')
        if not rows:
            print('no process')


class Frame(gdb.Command):
    """Show the trap frame of a process: all registers by name, pc, status.

usage: frame PID

gdb's own command of this name is `frame` without an argument, and
`frame level N`, `frame function NAME`, `frame address A`."""

    def __init__(self):
        super().__init__('frame', gdb.COMMAND_STATUS)

    def invoke(self, text, from_tty):
        words = text.split()
        if words and words[0] in ('level', 'function', 'address', 'view'):
            gdb.execute('select-frame ' + text)
        if not words or not words[0][0].isdigit() and words[0][0] != '$':
            gdb.execute('up 0')
            return
        process = argument(text, 'frame PID')
        with Physical():
            self.show(process)

    @staticmethod
    def show(process):
        frame, live = process['frame'], is_live(process)
        names = register_names()
        saved = [int(frame['regs'][n]) for n in range(32)]
        if live:
            saved = [int(value(f'(unsigned long)${name}')) for name in names[:32]]
        print(f'process {int(process["pid"])} ({name_of(process)}), '
              f'frame at {int(frame.address):#x}'
              f'{"; it runs: these are the registers of the hart" if live else ""}')
        for name, at in ('pc', saved_pc(process)), ('ra', saved[1]):
            print(f'   {name} {symbolised(process, at)}'
                  f'{source_line(process, at)}')
        print_registers(names[1:32], saved[1:])
        print(f' satp {int(frame["satp"]):016x}  status '
              f'{int(frame["status"]):x}: {status_words(int(frame["status"]))}')
        print(f' fcsr {int(frame["fcsr"]):x}: {fcsr_words(int(frame["fcsr"]))}')
        floats = [int(frame['fregs'][n]) for n in range(32)]
        if any(floats):
            print_registers(names[33:65], floats)


class AddUser(gdb.Command):
    """Load the symbols of the program that a process runs.

usage: add-user [PID | NAME]

Without an argument, of the process that runs; by NAME also of one that is not
there yet, for breakpoints in it.  They take the place of those of another
program, because all programs lie at the same addresses."""

    def __init__(self):
        super().__init__('add-user', gdb.COMMAND_FILES)

    def invoke(self, text, from_tty):
        text = text.strip()
        if text and not text[0].isdigit():
            name, path = text, Loaded.load_file(program_called(text))
        else:
            with Physical():
                process = find(int(text)) if text else running()
                if process is None:
                    raise gdb.GdbError('no process runs')
                name, path = name_of(process), Loaded.load(process)
        if path is None:
            raise gdb.GdbError(f'no unstripped {name} in '
                               f'{os.path.dirname(kernel_file())}/user/debug')
        print(f'symbols of {path}')


class OfProgram(gdb.Breakpoint):
    """Other programs have other code at that address: it is not for them."""

    def __init__(self, name, address):
        super().__init__(f'*{address:#x}')
        self.program = name

    def stop(self):
        with Physical():
            process = running()
            return process is not None and name_of(process) == self.program


class BreakIn(gdb.Command):
    """Stop where a user program enters one of its functions.

usage: break-in NAME FUNCTION

The same address in other programs does not stop the machine."""

    def __init__(self):
        super().__init__('break-in', gdb.COMMAND_BREAKPOINTS)

    def invoke(self, text, from_tty):
        words = text.split()
        if len(words) != 2:
            raise gdb.GdbError('usage: break-in NAME FUNCTION')
        path = Loaded.load_file(program_called(words[0]))
        symbols = Symbols.of(path) if path else None
        if symbols is None or words[1] not in symbols.names:
            raise gdb.GdbError(f'no {words[1]} in a program {words[0]}')
        at = symbols.starts[symbols.names.index(words[1])]
        OfProgram(words[0], at + distance(path))


class Connect(gdb.Command):
    """Attach to a machine that waits, such as `connect :1234`.

Harts of two kinds, as on sifive_u, are two processes to QEMU: the second
kind is the one that runs the kernel."""

    def __init__(self):
        super().__init__('connect', gdb.COMMAND_RUNNING)

    def invoke(self, text, from_tty):
        gdb.execute('target extended-remote ' + text)
        kernel = gdb.current_progspace().filename
        gdb.execute('add-inferior', to_string=True)
        try:
            gdb.execute('inferior 2', to_string=True)
            gdb.execute('attach 2', to_string=True)
        except gdb.error:       # there is only one kind
            gdb.execute('inferior 1', to_string=True)
            gdb.execute('remove-inferiors 2')
            return
        gdb.execute('set schedule-multiple on')
        gdb.execute('file ' + kernel)
        # A breakpoint in every copy of the kernel is one too many.
        gdb.execute('inferior 1', to_string=True)
        gdb.execute('file')
        gdb.execute('inferior 2', to_string=True)


# Sv39.  (Privileged Architecture 1.12, section 4.4.1.)
V, R, W, X, U = 1, 2, 4, 8, 16
PAGE = 4096


class Pt(gdb.Command):
    """Show the page table of a process in words.

usage: pt PID

A line for each range of pages that are alike: addresses, size, access,
physical frames, references to each frame, and what kind it is: in place (a
frame that is not of the pool, such as a file of the initial root), copy on
write, the frame of zeroes, shared."""

    def __init__(self):
        super().__init__('pt', gdb.COMMAND_STATUS)

    def invoke(self, text, from_tty):
        process = argument(text, 'pt PID')
        with Physical():
            satp = int(process['frame']['satp'])
            if satp >> 60 != 8:
                raise gdb.GdbError('the process has no page table')
            self.tables = 0
            self.areas = self.find_areas(process)
            pages = list(self.walk((satp & (1 << 44) - 1) * PAGE, 0, 2))
            rows = self.ranges(pages)
        print(f'root at {(satp & (1 << 44) - 1) * PAGE:#x}, {self.tables} '
              f'tables, {len(pages)} pages')
        for start, count, access, frame, refs, kind in rows:
            print(f'{start:#12x}-{start + count * PAGE:#x} {count * 4:6} KiB  '
                  f'{access:<20} at {frame:#x}, {kind}'
                  + (f', refs {refs}' if refs else ''))

    def walk(self, table, base, level):
        """Yields (address, entry) of each page that is there."""
        self.tables += 1
        raw = bytes(gdb.selected_inferior().read_memory(table, PAGE))
        for n in range(512):
            entry = int.from_bytes(raw[n * 8:n * 8 + 8], 'little')
            at = base + (n << 12 + 9 * level)
            if not entry & V:
                continue
            if entry & (R | W | X):
                yield at, entry
            elif level:
                yield from self.walk((entry >> 10) * PAGE, at, level - 1)

    @staticmethod
    def find_areas(process):
        link = part(process, 'space_part', 'struct space_link')
        if link is None or not int(link['space']):
            return []
        areas = [container(node, 'struct area', 'node')
                 for node in ring(link['space']['areas'].address)]
        return [(int(a['start']), int(a['end']), int(a['access']),
                 bool(a['shared'])) for a in areas]

    def kind(self, at, entry):
        """(references, in words what kind of page it is)"""
        frame = (entry >> 10) * PAGE
        zero, pool = value('&zero_frame'), value('page_pool')
        if zero is not None and same(zero, frame):
            return 0, 'the frame of zeroes'
        area = next((a for a in self.areas if a[0] <= at < a[1]), None)
        writes = area is not None and area[2] & int(value('USER_WRITE'))
        waits = writes and not entry & W        # for the first write
        index = (frame - int(pool['base'])) // PAGE
        if not 0 <= index < int(pool['frontier']):
            return 0, 'in place' + (', copy on write' if waits else '')
        refs = int(pool['pages'][index]['refs'])
        if area is not None and area[3]:
            return refs, 'a shared mapping'
        return refs, 'copy on write' if waits else \
            'its own' if refs == 1 else 'shared'

    def ranges(self, pages):
        """Joins pages that are alike and follow one another."""
        rows = []
        for at, entry in pages:
            access = [word for bit, word in ((R, 'read'), (W, 'write'),
                                             (X, 'execute')) if entry & bit]
            access += [] if entry & U else ['kernel only']
            refs, kind = self.kind(at, entry)
            row = [at, 1, ' '.join(access), (entry >> 10) * PAGE, refs, kind]
            last = rows[-1] if rows else None
            if last and last[0] + last[1] * PAGE == at and \
                    last[3] + last[1] * PAGE * (kind != 'the frame of zeroes') \
                    == row[3] and [last[2], *last[4:]] == [row[2], *row[4:]]:
                last[1] += 1
            else:
                rows.append(row)
        return rows


def on_stop(_):
    try:
        with Physical():
            process = running()
            if process is not None and Loaded.load(process):
                cache = Loaded.path
                print(f'[process {int(process["pid"])} runs: {cache}]')
    except (gdb.error, gdb.GdbError):
        pass                    # before there is a kernel to speak of


for command in Connect, Ps, Frame, Pt, AddUser, BreakIn:
    command()
gdb.execute('set confirm off')
gdb.execute('set pagination off')
gdb.events.stop.connect(on_stop)
