"""Commands for gdb on a running Barefoot, loaded by `make gdb`.

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
import bisect
import glob
import os
import subprocess

import gdb

NM, ADDR2LINE = 'riscv64-unknown-elf-nm', 'riscv64-unknown-elf-addr2line'


# ---- reading the kernel ----------------------------------------------------

def value(expression):
    """None where this kernel has no such thing: a chapter's has less."""
    try:
        return gdb.parse_and_eval(expression)
    except gdb.error:
        return None


def has_type(name):
    try:
        return gdb.lookup_type(name)
    except gdb.error:
        return None


def container(node, kind, member):
    """The object of this type whose member is at the address."""
    offset = gdb.lookup_type(kind)[member].bitpos // 8
    return gdb.Value(int(node) - offset).cast(
        gdb.lookup_type(kind).pointer()).dereference()


def ring(head):
    """The nodes of a ring, from the address of its head on, without it."""
    head = head.cast(gdb.lookup_type('struct list').pointer())
    node = head['next']
    while node != head and int(node):
        yield node
        node = node['next']


def part(process, name, kind):
    """What the part of some floor keeps for the process, or None."""
    rows = value(name)
    if rows is None or not has_type(kind) or not int(rows['offset']):
        return None
    at = int(process.address) + int(rows['offset'])
    return gdb.Value(at).cast(gdb.lookup_type(kind).pointer()).dereference()


def same(a, b):
    return int(a) == int(b)


class Physical:
    """While a hart is in user mode, QEMU reads memory by way of its page table;
    the kernel's own lies at physical addresses."""

    depth = 0

    def __enter__(self):
        Physical.depth += 1
        if Physical.depth == 1:
            self.mode(1)

    def __exit__(self, *_):
        Physical.depth -= 1
        if Physical.depth == 0:
            self.mode(0)

    @staticmethod
    def mode(physical):
        gdb.execute(f'maintenance packet Qqemu.PhyMemMode:{physical}',
                    to_string=True)
        gdb.execute('maintenance flush dcache', to_string=True)


def in_user_mode():
    return value('$priv') == 0


# ---- processes -------------------------------------------------------------

def processes():
    head = value('&processes')
    if head is None or not has_type('struct process'):
        raise gdb.GdbError('this kernel knows no processes')
    with Physical():
        return [container(node, 'struct process', 'all') for node in ring(head)]


def find(pid):
    with Physical():
        for process in processes():
            if int(process['pid']) == pid:
                return process
    raise gdb.GdbError(f'no process {pid}')


def argument(text, what):
    if not text.strip():
        raise gdb.GdbError(f'of which process?  usage: {what}')
    return find(int(gdb.parse_and_eval(text)))


def name_of(process):
    return process['name'].string(errors='replace')


def harts():
    """The records of the harts that are there."""
    rooms, top = value('hart_rooms'), value('(long)&HART_STACK_TOP')
    if rooms is None or top is None:
        return []
    kind = gdb.lookup_type('struct hart').pointer()
    count = min(int(value('board.harts')), rooms.type.range()[1] + 1)
    return [gdb.Value(int(rooms[n].address) + int(top)).cast(kind)
            for n in range(max(count, 1))]


def hart_with(process):
    for hart in harts():
        if same(hart['running'], process['task'].address):
            return hart
    return None


def running():
    """The process that runs on the hart of the selected thread, or None."""
    number = gdb.selected_thread().num - 1 if gdb.selected_thread() else 0
    all_harts = harts()
    if number >= len(all_harts) or value('&processes') is None:
        return None
    task = all_harts[number]['running']
    for process in processes() if int(task) else ():
        if same(task, process['task'].address):
            return process
    return None


def is_live(process):
    """In user mode the hart, not the frame, knows the registers."""
    return in_user_mode() and same(value('$mscratch'), process['frame'].address)


def saved_pc(process):
    return int(value('$pc') if is_live(process) else process['frame']['pc'])


def pending_call(process):
    """The call that the process waits in, as a struct future where there are
    such; None: it is in none."""
    kind = has_type('struct future') or has_type('struct call')
    rows = value('syscall_part')
    if rows is None or kind is None or not int(rows['offset']):
        return None
    future = part(process, 'syscall_part', str(kind))
    call = future['call'] if 'call' in future.type else future
    return (future, call) if int(call['handler']) else None


MTIME = 0xbff8          # of the CLINT; SiFive FU540-C000 manual, chapter 9


def seconds_left(waiting):
    node = waiting['timer']['node']
    now = value(f'*(unsigned long *)(board.clint + {MTIME})')
    if not int(node['sequence']) or now is None:
        return ''
    ticks = int(node['key']) - int(now)
    return f', {ticks / int(value("board.timebase")):.3f} s more'


def waited_on(waiting, everyone):
    """What the ring of waiters hangs on: a variable, or part of a process."""
    mine = {int(pending_call(p)[0]['waiting']['node'].address): p
            for p in everyone if pending_call(p)}
    for node in ring(waiting['node'].address):
        if int(node) in mine:
            continue
        size = int(value('record_size') or 0)
        for process in everyone:
            family = part(process, 'family_part', 'struct family')
            if family is not None and same(node, family['changed'].address):
                return ' for a child'
            if 0 <= int(node) - int(process.address) < size:
                return f' of process {int(process["pid"])}'
        where = gdb.execute(f'info symbol {int(node)}', to_string=True)
        return '' if where.startswith('No symbol') else f' on {where.split()[0]}'
    return ''


def state(process, everyone):
    """In words, what the process does."""
    hart = hart_with(process)
    if hart is not None:
        where = 'in user mode' if is_live(process) else 'in the kernel'
        return f'runs on hart {int(hart["id"])}, {where}'
    family = part(process, 'family_part', 'struct family')
    if family is not None and family['zombie']:
        return f'zombie, status {int(family["status"]):#x}'
    pending = pending_call(process)
    if pending:
        future, call = pending
        text = f'waits in {function_name(int(call["handler"]))}'
        if process['task']['queued']:
            return text.replace('waits', 'goes on') + ', ready'
        if 'waiting' in future.type:
            text += waited_on(future['waiting'], everyone)
            text += seconds_left(future['waiting'])
        return text
    if process['task']['queued']:
        return 'ready, ' + queue_of(process)
    return 'not ready'


def queue_of(process):
    node = process['task']['node'].address
    for hart in harts():
        if any(same(node, other) for other in ring(hart['woken'].address)):
            return 'woken'
    return 'in the ring'


def parent_of(process):
    """The pid of the parent; 0: none."""
    family = part(process, 'family_part', 'struct family')
    if family is None:
        return 0
    if 'leader' in family.type and int(family['leader']):
        family = part(family['leader'].dereference(), 'family_part',
                      'struct family')
    return int(family['parent']['pid']) if int(family['parent']) else 0


# ---- programs and their symbols --------------------------------------------

def function_name(address):
    text = gdb.execute(f'info symbol {address}', to_string=True)
    name = text.split()[0]
    return name[4:] if name.startswith('sys_') else name


def kernel_file():
    return gdb.current_progspace().filename or ''


def program_file(process):
    """The unstripped ELF file that the process was started from, or None."""
    name = name_of(process)
    cut = len(name) == process['name'].type.range()[1]
    return program_called(name, '*' if cut else '')


def program_called(name, end=''):
    stem = os.path.splitext(kernel_file())[0]
    build = os.path.dirname(kernel_file())
    for place in (f'{build}/user/debug/*/{name}{end}', f'{stem}/{name}{end}.elf'):
        for path in sorted(glob.glob(place)):
            return path
    return None


class Symbols:
    """The functions of a program, for pcs of processes that do not run."""

    known = {}

    def __init__(self, path):
        text = subprocess.run([NM, '-n', path], stdout=subprocess.PIPE,
                              text=True).stdout
        rows = [line.split() for line in text.splitlines()]
        rows = [(int(r[0], 16), r[2]) for r in rows
                if len(r) == 3 and r[1] in 'tTwW']
        self.starts = [row[0] for row in rows]
        self.names = [row[1] for row in rows]

    @classmethod
    def of(cls, path):
        if path not in cls.known:
            cls.known[path] = cls(path)
        return cls.known[path]

    @classmethod
    def name(cls, path, address):
        known = cls.of(path)
        at = bisect.bisect_right(known.starts, address) - 1
        if at < 0:
            return ''
        return f' <{known.names[at]}+{address - known.starts[at]}>'


def symbolised(process, address):
    path = program_file(process)
    return f'{address:#x}' + (Symbols.name(path, address) if path else '')


def source_line(process, address):
    path = program_file(process)
    text = subprocess.run([ADDR2LINE, '-e', path, hex(address)], text=True,
                          stdout=subprocess.PIPE).stdout if path else '?'
    place = text.split()[0] if text.split() else '?'
    return '' if '?' in place else f' at {os.path.relpath(place)}'


class Loaded:
    """Programs all lie at the same addresses, so one is loaded at a time."""

    path = None

    @classmethod
    def load(cls, process):
        return cls.load_file(program_file(process))

    @classmethod
    def load_file(cls, path):
        if path == cls.path or path is None:
            return path
        if cls.path:
            gdb.execute(f'remove-symbol-file {cls.path}', to_string=True)
            cls.path = None
        gdb.execute(f'add-symbol-file {path}', to_string=True)
        cls.path = path
        return path


def on_stop(_):
    try:
        with Physical():
            process = running()
            if process is not None and Loaded.load(process):
                cache = Loaded.path
                print(f'[process {int(process["pid"])} runs: {cache}]')
    except (gdb.error, gdb.GdbError):
        pass                    # before there is a kernel to speak of


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
        OfProgram(words[0], symbols.starts[symbols.names.index(words[1])])


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
        if not 0 <= index < int(pool['frontier']) or \
                pool['pages'][index]['kind'] == value('PAGE_HOLE'):
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


for command in Ps, Frame, Pt, AddUser, BreakIn:
    command()
gdb.execute('set confirm off')
gdb.execute('set pagination off')
gdb.events.stop.connect(on_stop)
