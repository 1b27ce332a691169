"""What the kernel's trace says, as a list of stretches of time and of passes.

The lines are those of src/process/trace.h.  One count is one instruction, and
with QEMU's -icount one nanosecond.
"""
import glob
import re

LINE = re.compile(r'trace (\d+) (\d+) (\w+) ?(.*)')
INTERRUPTS = {3: 'doorbell', 7: 'timer', 11: 'device'}
FAULTS = {0: 'misaligned jump', 1: 'forbidden jump', 2: 'illegal instruction',
          3: 'breakpoint', 4: 'misaligned load', 5: 'forbidden load',
          6: 'misaligned store', 7: 'forbidden store', 12: 'page fault (jump)',
          13: 'page fault (load)', 15: 'page fault (store)'}
ECALL = 8
INTERRUPT = 1 << 63


class Event:
    def __init__(self, time, hart, kind, words):
        self.time, self.hart, self.kind = time, hart, kind
        self.words = words
        self.pid = int(words[0]) if words else 0


class Stretch:
    """A hart at one thing: `what` is None in user mode, else what the kernel
    does for the process, or for nobody (pid 0)."""

    def __init__(self, event, what, name):
        self.hart, self.pid, self.what = event.hart, event.pid, what
        self.name = name        # of the process, at that time
        self.start = self.end = event.time


class Pass:
    """From a trap to where the kernel is left."""

    def __init__(self, event, what):
        self.start, self.pid, self.what = event.time, event.pid, what
        self.waits, self.wakes, self.ends = False, [], []
        self.next = 0           # who goes on; 0: the hart is idle


def system_calls(root):
    """{number: name}, from the rows that the units register."""
    names = {}
    for path in glob.glob(f'{root}/src/**/*.c', recursive=True):
        with open(path, encoding='utf-8') as file:
            names.update((int(number), name) for number, name in re.findall(
                r'\bSYSCALL(?:_ALONE)?\((\d+), *(\w+)', file.read()))
    return names


def split(text):
    """(the events, what else was printed)."""
    events, rest = [], []
    for line in text.splitlines(keepends=True):
        match = LINE.fullmatch(line.strip())
        if match:
            time, hart, kind, more = match.groups()
            events.append(Event(int(time), int(hart), kind,
                                more.split(' ', 1) if kind == 'name'
                                else more.split()))
        else:
            rest.append(line)
    return sorted(events, key=lambda event: event.time), ''.join(rest)


class Trace:
    """What the events tell: names, stretches, passes, waits, wakes."""

    def __init__(self, events, calls):
        self.calls = calls
        self.events = events
        self.names = {}         # {pid: the name that it had last}
        self.stretches, self.passes = [], []
        self.waits = []         # (pid, start, end)
        self.wakes = []         # (time, by whom, whom)
        self.start = events[0].time if events else 0
        self.end = events[-1].time if events else 0
        self.harts = sorted({event.hart for event in events})
        self.read()
        self.pids = sorted({s.pid for s in self.stretches if s.pid})

    def what(self, event):
        cause, value = (int(word, 16) for word in event.words[1:3])
        if cause & INTERRUPT:
            return INTERRUPTS.get(cause & ~INTERRUPT, 'interrupt')
        if cause == ECALL:
            return self.calls.get(value, f'call {value}')
        return FAULTS.get(cause, f'trap {cause}')

    def read(self):
        at = {}                 # {hart: the stretch that it is in}
        current = {}            # {hart: its pass}
        since = {}              # {pid: when it began to wait}
        for event in self.events:
            pid, here = event.pid, current.get(event.hart)
            if event.kind in ('trap', 'run', 'idle'):
                what = {'trap': self.what, 'run': lambda e: None,
                        'idle': lambda e: 'idle'}[event.kind](event)
                if event.hart in at:
                    at[event.hart].end = event.time
                    self.stretches.append(at[event.hart])
                at[event.hart] = Stretch(event, what, self.names.get(pid, ''))
            if event.kind == 'trap':
                current[event.hart] = Pass(event, what)
                self.passes.append(current[event.hart])
            elif event.kind == 'run':
                if here:
                    here.next = pid
            elif event.kind == 'name':
                self.names[pid] = event.words[1]
            elif event.kind == 'wait':
                since[pid] = event.time
                if here and here.pid == pid:
                    here.waits = True
            elif event.kind == 'wake':
                self.waits.append((pid, since.pop(pid, self.start), event.time))
                self.wakes.append((event.time, int(event.words[1]), pid))
                if here:
                    here.wakes.append(pid)
            elif event.kind == 'end':
                since.pop(pid, None)
                if here:
                    here.ends.append(pid)
        self.waits += [(pid, start, self.end) for pid, start in since.items()]

    def round(self, pids, grain, until):
        """Keeps of these processes what can be seen at that grain, so that a few
        instructions more or less make no other picture."""
        def near(time):
            return min(until, round((time - self.start) / grain) * grain)

        for s in self.stretches:
            s.start, s.end = near(s.start), near(s.end)
        self.stretches = [s for s in self.stretches
                          if s.end > s.start and s.pid in pids]
        self.waits = [(pid, near(start), near(end))
                      for pid, start, end in self.waits if pid in pids]
        self.wakes = [(near(time), by, pid) for time, by, pid in self.wakes
                      if time - self.start < until]
        self.pids = sorted(pids)
        self.start, self.end = 0, until

    def title(self, pid):
        return f'{pid} {self.names.get(pid, "")}'.strip()


# ---- for other programs ----------------------------------------------------

def chrome(trace):
    """The Trace Event Format, which Perfetto and speedscope open: a track for
    each process and one for each hart.  Its unit is the microsecond."""
    out = []

    def add(**event):
        out.append(event)

    for pid in trace.pids:
        add(name='process_name', ph='M', pid=pid, tid=pid,
            args={'name': trace.title(pid)})
    for hart in trace.harts:
        add(name='thread_name', ph='M', pid=0, tid=hart,
            args={'name': f'hart {hart}'})
    add(name='process_name', ph='M', pid=0, tid=0, args={'name': 'harts'})
    for s in trace.stretches:
        span = {'ts': s.start / 1000, 'dur': (s.end - s.start) / 1000}
        what = s.what or 'user'
        add(name=trace.title(s.pid) if s.pid else what, ph='X', cat='hart',
            pid=0, tid=s.hart, args={'what': what}, **span)
        if s.pid:
            add(name=what, ph='X', cat='kernel' if s.what else 'user',
                pid=s.pid, tid=s.pid, args={'hart': s.hart}, **span)
    for number, (time, by, pid) in enumerate(trace.wakes):
        add(name='wake', ph='i', s='t', cat='wake', pid=pid, tid=pid,
            ts=time / 1000, args={'by': by, 'number': number})
    return {'traceEvents': out, 'displayTimeUnit': 'ns'}


def folded(trace):
    """Folded stacks: who, in which mode, at what; and how many instructions."""
    sums = {}
    for s in trace.stretches:
        who = s.name or 'nobody'
        stack = f'{who};kernel;{s.what}' if s.what else f'{who};user'
        if s.what == 'idle':
            stack = 'idle'
        sums[stack] = sums.get(stack, 0) + s.end - s.start
    return ''.join(f'{stack} {count}\n' for stack, count in sorted(sums.items()))
