"""Reads the records of a running kernel for tools/gdb.py: processes, what they
wait for, the harts, and the symbols of user programs.

What the records look like comes from the kernel's debug information; a chapter's
kernel has only some of them.
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
    """Of two addresses: gdb takes a hart's registers for signed numbers."""
    return (int(a) - int(b)) % 2 ** (8 * gdb.lookup_type('long').sizeof) == 0


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
    online = value('harts_online')
    online = int(online) if online is not None else 1
    return [gdb.Value(int(rooms[n].address) + int(top)).cast(kind)
            for n in range(rooms.type.range()[1] + 1)
            if online >> n & 1 or not online and n == 0]


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
    if process['ended']:
        return 'ended'
    stopped = stop_signal(process)
    if stopped:
        return f'stopped by signal {stopped}'
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


def stop_signal(process):
    """Of its family, whose leader keeps it; 0: it is not stopped."""
    family = part(process, 'family_part', 'struct family')
    if family is None or not {'leader', 'stopped'} <= set(family.type.keys()):
        return 0
    leader = part(family['leader'].dereference(), 'family_part', 'struct family')
    return int(leader['stopped'])


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


def distance(path):
    """How far from where it was linked a program lies: those that tools/programs
    puts into the kernel run wherever that is."""
    name = os.path.splitext(os.path.basename(path))[0]
    if '/user/debug/' in path:
        return 0
    try:
        lies = int(gdb.parse_and_eval(f'(unsigned long)&start_{name}'))
    except gdb.error:
        return 0
    return lies - Symbols.of(path).starts[0]


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
        address -= distance(path)
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
        gdb.execute(f'add-symbol-file {path} -o {distance(path)}',
                    to_string=True)
        cls.path = path
        return path
