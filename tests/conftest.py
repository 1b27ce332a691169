"""What the tests share: a machine to boot, and a command line to run in it."""
import os
import pathlib
import random
import re
import select
import signal
import subprocess
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / os.environ.get('BUILD', 'build')
UBSAN = ROOT / 'build/ubsan'
BOARD = os.environ.get('BOARD', 'virt')     # whose turn it is, of test-boards

# HARTS=4 in the environment: the full system has so many, each of them a thread
# of the host; where instructions count there is one, for more are never alike.
HARTS = os.environ.get('HARTS') or '1'

# A shell has what it starts with & ignore SIGINT, and programs would inherit it.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Instructions count as time, so that two runs are the same; see DESIGN.md.
COUNTED = ['-icount', 'shift=0,sleep=off', '-seed', '1']


@pytest.fixture(autouse=True)
def chance(request):
    """What is drawn by lot is the same in each run, but in the long tests:
    these look for what is new, and tell the seed that found it."""
    seed = request.node.nodeid
    if request.node.get_closest_marker('long'):
        seed = random.SystemRandom().randrange(1 << 30)
        print(f'random.seed({seed})')
    random.seed(seed)


@pytest.fixture
def one_hart(monkeypatch):
    """For what is told of one hart, whatever HARTS says."""
    monkeypatch.delenv('HARTS', raising=False)


def harts_for(kernel, *words):
    """Returns how many harts a machine gets that does not ask for a number."""
    counted = any('-icount' in str(word) for word in words)
    # QEMU gives the one no more, and walls by PMP are for one hart.
    alone = {'--board=shakti_c', '--board=virt-nommu'} & set(words)
    full = str(kernel).endswith('/kernel.elf')
    return HARTS if full and not counted and not alone else '1'


PROMPT = r'^\$ '
PATIENCE = 300      # seconds: what ends, ends in that time on a slow machine, too


class Machine:
    """A kernel under QEMU, whose console is `text`, `expect` and `send`.

    Whoever types and whoever prints do not wait for each other: typed at the
    wrong time, a line is found in the middle of another.  So each is typed when
    what the one before led to has come, and nothing else is to be printed.

    Whatever happens, QEMU is gone `timeout` seconds after it was started.
    """

    def __init__(self, kernel, append='', initrd=None, timeout=PATIENCE,
                 flags=(), mem='128M', harts=None):
        many = harts_for(kernel, *flags)
        command = ['timeout', '-s', 'KILL', str(timeout), 'qemu-system-riscv64',
                   '-M', 'virt', '-bios', 'none', '-kernel', str(kernel),
                   '-m', mem, '-smp', str(harts or many), '-no-reboot',
                   '-display', 'none', '-monitor', 'none', '-serial', 'stdio']
        command += ['-append', append] if append else []
        command += ['-initrd', str(initrd)] if initrd else []
        self.text = ''          # all that was printed, lines ended by \n
        self.seen = 0           # how far expect() has come in it
        self.typed = 0          # how far the text went at the last send()
        self.deadline = time.monotonic() + timeout
        self.process = subprocess.Popen(
            command + list(flags), stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, bufsize=0, start_new_session=True)

    def read(self, wait):
        """Adds what is printed within `wait` seconds; False at the end."""
        if not select.select([self.process.stdout], [], [], max(0, wait))[0]:
            return True
        data = os.read(self.process.stdout.fileno(), 65536)
        self.text += data.decode('utf-8', 'replace').replace('\r', '')
        return bool(data)

    def expect(self, pattern, timeout=PATIENCE):
        """Waits for the pattern after what was expected before; its match."""
        end = min(time.monotonic() + timeout, self.deadline)
        alive = True
        while True:
            match = re.compile(pattern, re.M).search(self.text, self.seen)
            if match:
                self.seen = match.end()
                return match
            if not alive or time.monotonic() > end:
                self.kill()
                raise AssertionError(
                    f'{pattern!r} did not come'
                    f'{"" if alive else " before the machine was off"}; '
                    f'all that was printed:\n{self.text}')
            alive = self.read(end - time.monotonic())

    def send(self, text, ahead=False):
        """Types the text, as it is: a line, or less, after something was
        expected.  `ahead` is for those that test what is typed too early."""
        assert ahead or (self.seen > self.typed and
                         not re.search(r'[\r\n].', text)), \
            f'{text!r} would be typed ahead of what comes before it'
        self.typed = len(self.text)
        os.write(self.process.stdin.fileno(), text.encode())

    def enter(self, line, answer='', timeout=PATIENCE):
        """Types a line at the shell's prompt, and waits for the next one; the
        match of what is to come between."""
        self.send(line + '\r')
        match = self.expect(answer, timeout)
        self.expect(PROMPT, timeout)
        return match

    def wait(self, timeout=PATIENCE):
        """Waits until the machine is off; returns its status."""
        end = min(time.monotonic() + timeout, self.deadline)
        while self.read(end - time.monotonic()):
            if time.monotonic() > end:
                self.kill()
                raise AssertionError(f'the machine is not off; all that was '
                                     f'printed:\n{self.text}')
        return self.process.wait()

    def kill(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()


@pytest.fixture
def boot():
    """boot('ch01.elf', append='...'): a Machine that ends with the test."""
    machines = []

    if BOARD != 'virt':
        pytest.skip('boots virt')

    def start(kernel='kernel.elf', build=BUILD, **options):
        machines.append(Machine(build / kernel, **options))
        return machines[-1]

    yield start
    for machine in machines:
        machine.kill()


def wrapper(*options, stdin='', timeout=PATIENCE, **more):
    """Runs tools/run; returns what subprocess.run() does, output as text."""
    many = harts_for(options[-1], *options)
    return subprocess.run([str(ROOT / 'tools/run'), f'--timeout={timeout}',
                           f'--harts={many}',
                           *map(str, options)], input=stdin,
                          capture_output=True, text=True, cwd=ROOT,
                          timeout=timeout + 20, **more)


def gdb_line(folder):
    """A line between QEMU and gdb: the flags of the one, and what the other is
    to connect to.  Who comes first waits until both have opened the pipes."""
    line = folder / 'gdb'
    for end in 'in', 'out':
        os.mkfifo(f'{line}.{end}')
    return (['-chardev', f'pipe,id=gdb,path={line}', '-gdb', 'chardev:gdb'],
            f'| cat <{line}.out 2>/dev/null & exec cat >{line}.in')


def e2(*words, good=(0,)):
    """Runs a tool of e2fsprogs; what it printed."""
    done = subprocess.run([str(word) for word in words], capture_output=True,
                          text=True, errors='replace', env={
                              **os.environ,
                              'PATH': os.environ['PATH'] + ':/usr/sbin:/sbin'})
    assert done.returncode in good, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def judge(image):
    """The oracle, on a copy: after a replay there is nothing to ask about."""
    copy = image.with_suffix('.copy')
    copy_image(image, copy)
    e2('e2fsck', '-y', '-E', 'journal_only', copy, good=(0, 1))
    assert 'Fix?' not in e2('e2fsck', '-fn', copy)
    copy.unlink()


def copy_image(image, to):
    subprocess.run(['cp', '--sparse=always', image, to], check=True)
    return to


@pytest.fixture(scope='session')
def stocked(tmp_path_factory):
    """An image with all programs, those of the tests in /test."""
    image = tmp_path_factory.mktemp('stocked') / 'disk.img'
    subprocess.run([ROOT / 'tools/disk', 'make', image, '64',
                    BUILD / 'test.cpio'], check=True)
    return image


@pytest.fixture
def rootdisk(stocked, tmp_path):
    """A copy of it to boot from; after the test it must be in order."""
    image = copy_image(stocked, tmp_path / 'root.img')
    yield image
    judge(image)


def system(board, build=BUILD):
    """Returns where the board's kernel is."""
    return build / {'virt': '', 'virt-epmp': ''}.get(board, board)


def programs(board, build=BUILD):
    """Returns where the programs are that the board's harts can run."""
    return build / board if board == 'virt-nommu' else build


def on_board(line, root, *options, build=BUILD, **more):
    """Runs a command line on the board whose turn it is; root is an archive."""
    result = wrapper(f'--board={BOARD}', f'--command={line}', f'--root={root}',
                     *options, system(BOARD, build) / 'kernel.elf', **more)
    result.stdout = re.sub('hart 0 has no MMU.*\n', '', result.stdout)
    return result


@pytest.fixture
def command():
    """command('ls /bin'): one command line in the full system, with the test
    programs in /test; the result has .returncode and .stdout."""
    def run(line, *options, build=BUILD, flags='', **more):
        return on_board(line, programs(BOARD, build) / 'test.cpio', *options,
                        f'--flags={flags}', build=build, **more)
    return run
