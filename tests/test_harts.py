"""Floor 15: more than one hart, each of them a thread of the host."""
import re

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
    """Four that compute are spread over four harts, without being told to."""
    text = run('for i in 1 2 3 4; do { i=0; while [ $i -lt 3000 ]; do '
               'i=$((i+1)); done; } & done; wait; grep busy /proc/kernel', 4,
               build).stdout
    busy = [int(ms) for ms in re.findall(r'_busy_ms (\d+)$', text, re.M)]
    assert len(busy) == 4 and min(busy) * 5 > max(busy), text
