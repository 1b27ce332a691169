"""Floor 15: more than one hart, each of them a thread of the host."""
import re
import subprocess

import pytest

from conftest import BUILD, UBSAN, wrapper

BUILDS = pytest.mark.parametrize('build', [BUILD, UBSAN], ids=['plain', 'ubsan'])


def run(line, harts, build=BUILD):
    return wrapper(f'--command={line}', f'--harts={harts}',
                   f'--flags=-initrd {build}/test.cpio', build / 'kernel.elf')


def boots(count):
    """Boots a machine of eight harts so often; all of them come to work."""
    for number in range(count):
        result = run('nproc', 8)
        assert result.returncode == 0 and result.stdout.endswith('\n8\n'), \
            f'boot {number}: {result.stdout}'


def test_boots():
    boots(20)


@pytest.mark.long
@pytest.mark.parametrize('hundred', range(10))
def test_a_thousand_boots(hundred):
    boots(100)


@pytest.mark.parametrize('harts', [1, 2, 4, 8])
def test_they_are_shown(harts):
    text = run('nproc; cat /proc/cpuinfo /proc/stat; grep hart /proc/kernel',
               harts).stdout
    assert f'{harts} hart{"s" * (harts > 1)}, ' in text
    assert f'\n{harts}\nprocessor\t: 0\n' in text
    for shown in r'^hart\t\t: (\d)$', r'^cpu(\d) ', r'^hart(\d)_busy_ms \d+$':
        found = re.findall(shown, text, re.M)
        assert found == [str(hart) for hart in range(harts)]


@BUILDS
@pytest.mark.parametrize('harts', [1, 4])
def test_claims(harts, build):
    """userprog/test/harts.c says what; its status is what counts."""
    result = run('/test/harts', harts, build)
    assert result.returncode == 0, result.stdout


@BUILDS
def test_all_of_them_work(build):
    """Four that compute are spread over four harts, without being told to.  A
    busy host is not fair to its threads for a while; more work evens it out."""
    for turns in 3000, 6000, 12000, 24000:
        text = run('for i in 1 2 3 4; do { i=0; while [ $i -lt %d ]; do '
                   'i=$((i+1)); done; } & done; wait; grep busy /proc/kernel'
                   % turns, 4, build).stdout
        busy = [int(ms) for ms in re.findall(r'_busy_ms (\d+)$', text, re.M)]
        assert len(busy) == 4, text
        if min(busy) * 5 > max(busy):
            break
    assert min(busy) * 5 > max(busy), text


def test_a_hart_that_cannot_do_what_the_others_can_is_parked(tmp_path):
    """The tree says that hart 0 has an MMU, as the others do.  It is found out
    when it is asked, and its fellows go on without it."""
    tree = tmp_path / 'tree.dtb'
    subprocess.run(['qemu-system-riscv64', '-M', f'sifive_u,dumpdtb={tree}',
                    '-bios', 'none', '-smp', '4', '-display', 'none'],
                   check=True, timeout=20, capture_output=True)
    subprocess.run(['fdtput', '-t', 's', str(tree), '/cpus/cpu@0', 'mmu-type',
                    'riscv,sv39'], check=True, timeout=20)
    result = wrapper('--board=sifive_u', '--harts=3', '--command=nproc',
                     f'--flags=-dtb {tree}', BUILD / 'sifive_u/kernel.elf')
    assert result.stdout.endswith('hart 0 has no page tables: parked\n'
                                  'hart 0 has no float registers: parked\n'
                                  '3\n')
    assert result.returncode == 0
