"""Every board that QEMU can be: to a prompt, by its own wrapper."""
import contextlib
import re
import subprocess
import sys
import time

import pexpect
import pytest

from conftest import BUILD, PATIENCE, ROOT, gdb_line, system, wrapper

sys.path.insert(0, str(ROOT / 'tools'))
from transcript import difference                    # noqa: E402

BOARDS = ['virt', 'virt-epmp', 'virt-nommu', 'sifive_u', 'icicle', 'shakti_c',
          'spike']
OTHERS = BOARDS[3:]
# Two harts of them: one has no MMU.
UNLIKE = ['sifive_u', 'icicle']
NARROW = ['virt32', 'sifive_e']
SMALL = ROOT / 'build/sifive_e'
FLASH = 0x20400000


def kernel(board):
    return system(board) / 'kernel.elf'


def run(board, *options, stdin=''):
    return wrapper(f'--board={board}', *options, kernel(board), stdin=stdin)


@pytest.mark.parametrize('board', BOARDS)
def test_shell_reads_its_input_to_the_end(board):
    result = run(board, stdin='echo one\ncat\nand\nmore')
    assert result.returncode == 0
    assert result.stdout.endswith('$ echo one\none\n$ cat\nand\nmore$ \n')


@pytest.mark.parametrize('board', BOARDS)
def test_command_gives_its_status(board):
    result = run(board, "--command=uname; echo '$HOME'; exit 7")
    assert result.returncode == 7
    assert result.stdout.endswith('Barefoot\n$HOME\n')


@pytest.mark.parametrize('board', OTHERS)
def test_files_are_laid_over_the_root(board, tmp_path):
    (tmp_path / 'greeting').write_text('from outside\n')
    result = run(board, '--command=cat /greeting', f'--files={tmp_path}',
                 f'--initrd={BUILD}/initrd.cpio')
    assert result.returncode == 0
    assert result.stdout.endswith('from outside\n')


@pytest.mark.parametrize('board', UNLIKE)
def test_hart_without_mmu_is_parked_with_a_line(board):
    result = run(board, '--command=true')
    assert 'hart 0 has no MMU and stays parked\n' in result.stdout


@pytest.mark.parametrize('board', OTHERS)
def test_a_second_is_a_second(board):
    """Whatever the frequency of mtime."""
    begin = time.monotonic()
    result = run(board, '--command=sleep 1; cat /proc/uptime')
    took = time.monotonic() - begin
    uptime = float(result.stdout.split('\n')[-2].split()[0])
    assert 1 <= uptime <= took


@pytest.mark.parametrize('board', OTHERS)
def test_a_terminal_is_talked_to(board):
    child = pexpect.spawn(
        str(ROOT / 'tools/run'), [f'--board={board}', f'--timeout={PATIENCE}',
                                  str(kernel(board))],
        timeout=PATIENCE, encoding='utf-8')
    child.expect(r'\$ ')
    for c in 'echo typed | tr a-z A-Z':
        child.send(c)
        child.expect_exact(c)
    child.send('\r')
    child.expect('TYPED')
    child.expect(r'\$ ')
    child.send('\x04')
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


@pytest.mark.parametrize('board', OTHERS)
def test_a_panic_is_125(board):
    result = wrapper(f'--board={board}', '--append=scene=words',
                     BUILD / board / 'tests/fault.elf')
    assert 'the answer is 42\n' in result.stdout
    assert result.returncode == 125


@pytest.mark.long
@pytest.mark.parametrize('board', OTHERS)
def test_much_input_arrives_whole(board):
    text = ''.join(f'{i * i} line {i}\n' for i in range(1500))
    result = run(board, '--command=cat', stdin=text)
    assert result.stdout.split('MiB\n', 1)[1].endswith(text)


@pytest.fixture
def debug(tmp_path):
    """debug(board, kernel, commands): what gdb said, on a machine that waits at
    reset."""
    flags, line = gdb_line(tmp_path)
    with contextlib.ExitStack() as stack:
        def run(board, elf, *commands):
            machine = stack.enter_context(subprocess.Popen(
                [ROOT / 'tools/run', f'--board={board}',
                 f'--timeout={PATIENCE}', f'--flags=-S {" ".join(flags)}', elf],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL))
            stack.callback(machine.terminate)
            words = [word for command in (f'connect {line}', *commands)
                     for word in ('-ex', command)]
            done = subprocess.run(
                ['gdb-multiarch', '-q', '-batch', '-nx', '-ex', 'set width 0',
                 '-x', 'tools/gdb.py', *words, '-ex', 'kill', elf],
                cwd=ROOT, timeout=PATIENCE, capture_output=True, text=True)
            return done.stdout + done.stderr
        yield run


@pytest.mark.parametrize('board', BOARDS + ['virt-nommu'])
def test_gdb_stops_at_reset_and_in_main(board, debug):
    said = debug(board, kernel(board), 'info registers pc', 'break schedule',
                 'continue', 'bt')
    assert re.search(r'^pc +0x(1\w{3}|20220000)\b', said, re.M), said  # the ROM
    assert re.search(r'^#0 +schedule .*\n#1 .* in main ', said, re.M), said


@pytest.mark.parametrize('board', NARROW)
def test_gdb_on_32_bits(board, debug):
    said = debug(board, ROOT / f'build/{board}/ch06.elf', 'break sys_write',
                 'continue', 'bt', 'ps', 'frame 1', 'delete',
                 'break-in store_fault main', 'continue', 'ps')
    assert re.search(r'^#0 +sys_write .*\n#1 .* in syscall_trap ', said, re.M)
    assert re.search(r'^ +1 +0 hello +0x\w+ <print\S*\+\d+> +runs on hart 0, '
                     'in the kernel$', said, re.M), said
    assert re.search(r'^ +ra 0x\w+ <_start\+\d+>', said, re.M), said
    assert re.search(r'^ +2 +0 store_fault +0x\w+ <main\+0> +runs on hart 0, '
                     'in user mode$', said, re.M), said


CHAPTERS = ['01', '02', '03', '04', '05', '06']
# What differs from virt: no device tree, no clock that knows the day, and very
# little memory.
SIFIVE_E = [('board virt: 1 hart, 128 MiB', 'board sifive_e: 1 hart, 16 KiB'),
            ('"paced"', '""'), ('tree is there', 'tree is missing'),
            ('what day it is', 'only how long it runs'),
            ('more than 30,000', 'few'), ('500 objects', '20 objects')]


def chapter(number):
    return next(ROOT.glob(f'chapters/{number}-*/expected')).read_text()


@pytest.mark.parametrize('number', CHAPTERS)
def test_chapters_on_32_bits(number):
    """From the same sources, with the same transcript."""
    result = wrapper('--board=virt32', '--flags=-icount shift=5',
                     ROOT / f'build/virt32/ch{number}.elf')
    assert result.returncode == 0
    assert difference(chapter(number), result.stdout) == ''


def sifive_e(number, kernel=None, patience=PATIENCE):
    """What differs from what chapter `number` is to print, and its status."""
    expected = chapter(number)
    for virt, ours in SIFIVE_E:
        expected = expected.replace(virt, ours)
    result = wrapper('--board=sifive_e', '--flags=-icount shift=5',
                     f'--timeout={patience}', kernel or SMALL / f'ch{number}.elf')
    return difference(expected, result.stdout), result.returncode


@pytest.mark.parametrize('number', CHAPTERS)
def test_chapters_in_16_kib(number):
    """From the same sources again, out of flash."""
    assert sifive_e(number) == ('', 0)


def symbols(kernel):
    lines = subprocess.run(['riscv64-unknown-elf-nm', kernel], text=True,
                           capture_output=True, check=True).stdout
    return {name: int(value, 16)
            for value, _, name in map(str.split, lines.splitlines())}


def word(image, at):
    return int.from_bytes(image[at:at + 4], 'little')


@pytest.mark.parametrize('number', ['02', '06'])
def test_without_data_copied_from_flash_it_is_seen(number, tmp_path):
    """The image is the plain one: nobody but boot.S fills in .data."""
    kernel = SMALL / f'ch{number}.elf'
    image = bytearray(kernel.with_suffix('.bin').read_bytes())
    # `bgeu t1, t2` leaves the loop when all is copied; `bgeu zero, zero` does
    # so at once.
    found = [at for at in range(0, symbols(kernel)['parked'] - FLASH, 2)
             if word(image, at) & 0x1fff07f == 7 << 20 | 6 << 15 | 0x7063]
    assert len(found) == 1
    image[found[0] + 1] &= 0x7f
    image[found[0] + 2:found[0] + 4] = \
        (word(image, found[0]) >> 16 & ~0x1ff).to_bytes(2, 'little')
    broken = tmp_path / 'broken.elf'
    broken.with_suffix('.bin').write_bytes(image)
    text, _ = sifive_e(number, broken, patience=5)
    assert text != ''


def test_two_processes_fit_in_16_kib():
    """The linker says so, and it says how much is taken."""
    used = symbols(SMALL / 'ch06.elf')['_memory_used']
    assert used > symbols(SMALL / 'ch05.elf')['_memory_used']
    assert used <= 16 << 10
