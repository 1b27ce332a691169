"""A seeded mixed load: nothing is lost, nothing hangs."""
import os
import subprocess

import pytest

from conftest import BUILD, PATIENCE, ROOT, UBSAN


def soak(build, *words, timeout, harts=1):
    done = subprocess.run([ROOT / 'tools/soak', build / 'kernel.elf',
                           build / 'test.cpio', *words], text=True,
                          capture_output=True, timeout=timeout,
                          env={**os.environ, 'HARTS': str(harts)})
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_short_soak():
    soak(BUILD, '1', '20', timeout=PATIENCE)


def test_a_short_soak_with_checks():
    """A fast machine, so that slices are long and naps many."""
    soak(UBSAN, '2', '20', '5', timeout=PATIENCE)


@pytest.mark.parametrize('build', [BUILD, UBSAN], ids=['plain', 'ubsan'])
def test_a_short_soak_on_four_harts(build):
    soak(build, '5', '5', timeout=100, harts=4)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize('build', [BUILD, UBSAN], ids=['plain', 'ubsan'])
def test_ten_minutes_on_four_harts(build):
    print(soak(build, '6', '600', timeout=1700, harts=4))


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_an_hour():
    print(soak(BUILD, '1', '3600', timeout=1700))


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize('seed', ['3', '4'])
def test_a_fast_and_a_slow_machine(seed):
    soak(BUILD, seed, '300', {'3': '4', '4': '10'}[seed], timeout=800)
