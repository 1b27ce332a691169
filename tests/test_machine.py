"""Floors 1 to 7, by small kernels of their own (tests/kernels)."""
import random
import re
import struct
import subprocess

import pytest

from conftest import BUILD, COUNTED, PATIENCE, UBSAN

DEBUGGED = UBSAN                # it is a DEBUG build as well


def run(boot, kernel, status=0, timeout=PATIENCE, **options):
    """Boots tests/kernels/KERNEL.c to its end; returns what it printed."""
    machine = boot(f'tests/{kernel}.elf', timeout=timeout, **options)
    assert machine.wait(timeout) == status, machine.text
    return machine.text


# ---- the kernel itself fails ---------------------------------------------------

FAULTS = {
    'null_store': r'store access fault, pc [0-9a-f]+, tval 8$',
    'text_store': r'store access fault, pc [0-9a-f]+, tval 8000[0-9a-f]+$',
    'rodata_store': r'store access fault, pc [0-9a-f]+, tval 800[01][0-9a-f]+$',
    'run_data': r'instruction access fault, pc 800[01][0-9a-f]+',
    'overflow': r'\(kernel stack overflow\): store access fault',
    'string_fault': r'load access fault, pc [0-9a-f]+, tval 8$',
}


@pytest.mark.parametrize('build', [BUILD, UBSAN], ids=['plain', 'ubsan'])
@pytest.mark.parametrize('scene', FAULTS)
def test_fault_of_the_kernel(boot, scene, build):
    text = run(boot, 'fault', 125, append=f'scene={scene}', build=build)
    assert re.search(r'^panic: hart 0: the kernel trapped.*' + FAULTS[scene],
                     text, re.M)
    assert re.search(r'^  ra [0-9a-f]{16}   sp [0-9a-f]{16}', text, re.M)
    caller = 'descend' if scene == 'overflow' else 'main'
    assert re.search(rf'^  [0-9a-f]+ {caller}\+\d+$', text, re.M), text


def test_a_leaf_that_faults_has_its_caller_named(boot):
    text = run(boot, 'fault', 125, append='scene=string_fault')
    assert re.findall(r'^  [0-9a-f]+ (\w+)\+\d+$', text, re.M) == \
        ['strlen', 'string_fault', 'main', '_start']


def test_panic_has_words_and_callers(boot):
    text = run(boot, 'fault', 125, append='scene=words')
    assert 'panic: hart 0: the answer is 42\n' in text
    assert re.findall(r'^  [0-9a-f]+ (\w+)\+\d+$', text, re.M) == \
        ['words', 'main', '_start']


def test_trap_that_nobody_expects(boot):
    text = run(boot, 'fault', 125, append='scene=unexpected')
    assert 'unexpected trap: instruction access fault, pc 2' in text
    assert 'no handler for instruction access fault' in text


MISTAKES = {
    'page_twice': r'0x[0-9a-f]+ is a free page: freed twice\?',
    'page_wild': r'0x10000000 is no page frame of the pool',
    'page_inside': r'0x[0-9a-f]+ is inside a block of pages, not its start',
    'heap_twice': r'kfree: 0x[0-9a-f]+ was freed before',
    'heap_wild': r'kfree: 0x[0-9a-f]+ is not the start of an object',
}


@pytest.mark.parametrize('build', [BUILD, UBSAN], ids=['plain', 'ubsan'])
@pytest.mark.parametrize('scene', MISTAKES)
def test_double_and_wild_frees_are_named(boot, scene, build):
    text = run(boot, 'fault', 125, append=f'scene={scene}', build=build)
    assert re.search(r'^panic: hart 0: ' + MISTAKES[scene], text, re.M)


def test_poison_shows_a_write_after_free(boot):
    text = run(boot, 'fault', 125, append='scene=page_after_free',
               build=DEBUGGED)
    assert re.search('free memory was written: 0x[0-9a-f]+028 holds 1', text)


@pytest.mark.parametrize('scene, words', [
    ('unlocked', 'without the kernel lock, which 0x0 took at 0$'),
    ('locked_twice', 'the kernel lock is taken twice$'),
    ('unlocked_twice', 'without the kernel lock, which 0x0 took at [0-9a-f]+$')])
def test_who_needs_the_lock_has_it(boot, scene, words):
    text = run(boot, 'fault', 125, append=f'scene={scene}', build=DEBUGGED)
    assert re.search('^panic: hart 0: ' + words, text, re.M), text


# ---- what machine is this? -------------------------------------------------------

@pytest.mark.parametrize('mem, harts, words', [
    ('64M', 1, 'one two'), ('1G', 3, 'cmd=a "b" $c; d'), ('3G', 1, '')])
def test_device_tree_says_what_machine_it_is(boot, mem, harts, words):
    machine = boot('ch01.elf', mem=mem, harts=harts, append=words)
    assert machine.wait() == 0
    size = int(mem[:-1]) * {'M': 1, 'G': 1024}[mem[-1]]
    assert f'{harts} hart{"s" * (harts > 1)}, {size} MiB of RAM' in machine.text
    assert f'boot arguments: "{words}"\n' in machine.text


@pytest.fixture(scope='session')
def tree(tmp_path_factory):
    """The device tree of the machine, without the room around it."""
    path = tmp_path_factory.mktemp('tree') / 'virt.dtb'
    subprocess.run(['qemu-system-riscv64', '-M', f'virt,dumpdtb={path}',
                    '-bios', 'none', '-kernel', str(BUILD / 'ch01.elf'),
                    '-display', 'none', '-m', '96M', '-smp', '2',
                    '-append', 'from the tree'], check=True, timeout=PATIENCE,
                   capture_output=True)
    data = path.read_bytes()
    strings, = struct.unpack_from('>I', data, 12)
    size, = struct.unpack_from('>I', data, 32)
    return data[:4] + struct.pack('>I', strings + size) + \
        data[8:strings + size]


HEADER = ['magic', 'totalsize', 'off_struct', 'off_strings', 'off_rsvmap',
          'version', 'last_compatible', 'boot_cpu', 'size_strings',
          'size_struct']


def spoilt_trees(tree):
    """Yields trees of which each is wrong in its own way."""
    for field in range(len(HEADER)):
        for value in 0, 3, 0x7fffffff, 0x80000000, 0xffffffff:
            yield tree[:4 * field] + struct.pack('>I', value) + \
                tree[4 * field + 4:]
    draw = random.Random(1)
    for _ in range(200):
        spoilt = bytearray(tree)
        for _ in range(draw.choice([1, 3, 50])):
            at = draw.choice([draw.randrange(40), draw.randrange(len(tree))])
            spoilt[at] = draw.choice([0, 1, 0xff, draw.randrange(256)])
        yield bytes(spoilt)


def load_trees(path, trees):
    """Boot options that put the trees where tests/kernels/trees.c looks."""
    with open(path, 'wb') as file:
        for tree in trees:
            assert len(tree) <= 0x4000
            file.write(tree.ljust(0x4000, b'\0'))
    return {'append': f'trees={len(trees)}',
            'flags': ['-device', f'loader,file={path},addr=0x84000000,'
                                 'force-raw=on']}


def test_sound_tree_is_believed(boot, tree, tmp_path):
    text = run(boot, 'trees', **load_trees(tmp_path / 'trees', [tree]))
    assert 'tree 0: 96 MiB, 2 harts, 10000000 Hz, "from the tree"\n' in text


@pytest.mark.parametrize('build', [BUILD, UBSAN], ids=['plain', 'ubsan'])
def test_corrupt_tree_is_reported_and_defaults_stay(boot, tree, tmp_path, build):
    trees = list(spoilt_trees(tree))
    text = run(boot, 'trees', build=build,
               **load_trees(tmp_path / 'trees', trees))
    assert text.endswith('all read\n')
    # Those with a header that lies, and those that are not where they ought to
    # be (at the end of memory, odd, below it): the board stays what it is.
    said = re.findall(r'(?:^board: (.*)\n)?^tree (\d+): (.*)$', text, re.M)
    for i in range(len(HEADER) * 5):
        reason, number, board = said[i]
        assert number == str(i)
        if HEADER[i // 5] in ('magic', 'totalsize', 'off_struct'):
            assert 'corrupt device tree' in reason, said[i]
            assert board == '128 MiB, 1 harts, 10000000 Hz, ""'
    for reason, number, board in said[len(trees):]:
        assert 'device tree' in reason and 'ignored' in reason
        assert board == '128 MiB, 1 harts, 10000000 Hz, ""'


# ---- processes, waiting ------------------------------------------------------------

@pytest.mark.parametrize('build', [BUILD, UBSAN], ids=['plain', 'ubsan'])
@pytest.mark.parametrize('kernel, claim', [
    ('preempt', 'interrupted 10000 times, each kept its place'),
    ('floats', '400 processes kept their floats'),
    ('sleepers', '10000 slept, in order, none was early'),
    ('idle', 'a second asleep: 1 interrupts\n20 slices alone: 0 interrupts'),
    ('tasks', '20 rounds, no trace'),
    ('steps', 'all rounds, no trace')])
def test_claim(boot, kernel, claim, build):
    assert claim in run(boot, kernel, flags=COUNTED, build=build)


def test_without_counting_instructions_as_time(boot):
    for kernel in 'preempt', 'floats', 'sleepers', 'steps':
        run(boot, kernel)


def test_idle_machine_takes_no_interrupt(boot, tmp_path):
    """As seen from outside, by the emulator's own log of interrupts."""
    log = tmp_path / 'log'
    run(boot, 'idle', flags=[*COUNTED, '-d', 'int', '-D', str(log)])
    taken = re.findall(r'async:1', log.read_text())
    assert len(taken) <= 1      # sleep ends by one, or by wfi alone


BUDGET = {'null_call': 115, 'yield_pair': 272, 'tick': 130}


def test_instructions_of_the_ways_that_all_take(boot):
    """Address spaces add 8 to a pair of yields: 280 in the full system."""
    text = run(boot, 'cost', append='tick=always', flags=COUNTED)
    counted = {name: int(n) for name, n in re.findall(r'^(\w+) (\d+)$', text,
                                                      re.M)}
    assert set(counted) == set(BUDGET)
    assert all(counted[name] <= BUDGET[name] for name in BUDGET), counted
