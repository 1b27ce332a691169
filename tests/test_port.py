"""A port in an afternoon: a board of which the tree knows nothing, by filling
in the template that `make board` makes, and by nothing else."""
import re
import shutil
import subprocess

import pytest

from conftest import PATIENCE, ROOT

# From the machine's manual, in the order of the template.  (It is QEMU's
# icicle, whose own files are taken out of the tree first.)
FACTS = {
    'ram': '0x80000000', 'ram_size': '1 << 30', 'bare_harts': '1 << 0',
    'timebase': '1000000', 'uart': '0x20000000', 'uart_shift': '2',
    'uart_irq': '90', 'clint': '0x02000000', 'plic': '0x0c000000',
    'plic_single': '1',
}
QEMU = '-M microchip-icicle-kit -m 1537M -bios none -kernel {kernel} ' \
       '-dtb {tree}'


@pytest.fixture
def tree(tmp_path):
    """A copy of the sources, and of what was built from them."""
    top = tmp_path / 'tree'
    names = subprocess.run(['git', 'ls-files', '-co', '--exclude-standard'],
                           cwd=ROOT, text=True, capture_output=True).stdout
    for name in names.split('\n'):
        if name and 'icicle' not in name and (ROOT / name).is_file():
            (top / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, top / name)
    for name in ('obj', 'gen', 'user', 'kernel', 'monitor'):
        shutil.copytree(ROOT / 'build' / name, top / 'build' / name)
    for name in ('k.flags', 'u.flags', 'r.flags', 'initrd.cpio', 'initrd.o',
                 'libinitrd.a', 'libkernel.a'):
        if (ROOT / 'build' / name).exists():
            shutil.copy2(ROOT / 'build' / name, top / 'build' / name)
    (top / 'build/newlib').symlink_to(ROOT / 'build/newlib')
    return top


def make(tree, *words):
    return subprocess.run(['make', '-s', *words], cwd=tree, text=True,
                          capture_output=True, timeout=PATIENCE,
                          stdin=subprocess.DEVNULL)


def fill(path, facts):
    text = path.read_text()
    for name, value in facts.items():
        text, found = re.subn(rf'(?m)^(\s*\.?{name} = )\w+([,;])$',
                              rf'\g<1>{value}\g<2>', text)
        assert found == 1, name
    return text


def test_a_board_that_nobody_knows(tree):
    assert make(tree, 'board', 'NAME=mystery').returncode == 0
    source, script = tree / 'src/board/mystery.c', tree / 'lds/mystery.ld'
    text = fill(source, FACTS)
    text = re.sub('// QEMU: .*', f'// QEMU: {QEMU}', text)
    source.write_text(re.sub(r'(run Barefoot: )0', r'\g<1>1', text))
    script.write_text(fill(script, {'ram_start': '0x80000000',
                                    'boot_hart': '1'}))
    result = make(tree, 'run', 'BOARD=mystery', 'CMD=cat /proc/cpuinfo',
                  'TIMEOUT=30')
    assert result.returncode == 0, result.stdout + result.stderr
    assert 'Barefoot on mystery: 1 hart, 1024 MiB\n' in result.stdout
    assert 'board\t\t: mystery\n' in result.stdout
    result = make(tree, 'bringup', 'BOARD=mystery')
    assert result.returncode == 0, result.stdout + result.stderr
    assert 'PASS second\n' in result.stdout
    # A wrong fact is found: mtime runs ten times as fast as it is said to.
    source.write_text(source.read_text().replace('= 1000000,', '= 10000000,'))
    result = make(tree, 'bringup', 'BOARD=mystery')
    assert result.returncode != 0
    assert 'FAIL second: mtime takes' in result.stdout


# QEMU's virt has `time` too, and takes halves.
TIMER = {
    'ram': '0x80000000', 'ram_size': '128 << 20', 'timebase': '10000000',
    'uart': '0x10000000', 'uart_irq': '10', 'clint': '0x02000000',
    'plic': '0x0c000000',
}


@pytest.mark.long
def test_a_board_without_mtime_in_memory(tree):
    assert make(tree, 'board', 'NAME=puzzle').returncode == 0
    source, script = tree / 'src/board/puzzle.c', tree / 'lds/puzzle.ld'
    text = fill(source, TIMER)
    source.write_text(text.replace('with: nothing else', 'with: src/thead'))
    script.write_text(fill(script, {'ram_start': '0x80000000'}))
    result = make(tree, 'run', 'BOARD=puzzle', 'TIMEOUT=30',
                  'CMD=sleep 1; cat /proc/uptime')
    assert result.returncode == 0, result.stdout + result.stderr
    assert 1 <= float(result.stdout.split('\n')[-2].split()[0]) < 30
    kernel = tree / 'build/puzzle/monitor.elf'
    result = make(tree, 'bringup', 'BOARD=puzzle')
    assert result.returncode == 0, result.stdout + result.stderr
    assert 'PASS timer-interrupt\n' in result.stdout
    # It is the register that is read.
    code = subprocess.run(['riscv64-unknown-elf-objdump', '-d', kernel],
                          capture_output=True, text=True).stdout
    assert 'rdtime' in code


@pytest.mark.parametrize('name', ['', 'Bad', '../x', 'virt'])
def test_a_bad_name_is_refused(name):
    result = subprocess.run([ROOT / 'tools/board', name], capture_output=True,
                            text=True)
    assert result.returncode == 1
    assert 'make board' in result.stderr


def test_every_field_is_explained():
    """The template speaks of every field that a board file of ours sets."""
    template = (ROOT / 'tools/template/board.c').read_text()
    fields = set()
    for path in (ROOT / 'src/board').glob('*.c'):
        fields |= set(re.findall(r'^\t\.(\w+) =', path.read_text(), re.M))
    assert fields - set(re.findall(r'^\t\.(\w+) =', template, re.M)) <= {
        'rtc', 'virtio', 'virtio_step', 'virtio_slots', 'virtio_irq'}
