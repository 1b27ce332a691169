"""The units of plain C on the host, with sanitizers; the readers, fuzzed."""
import subprocess

import pytest

from conftest import PATIENCE, ROOT


def make(*words, timeout):
    result = subprocess.run(
        ['make', '-C', ROOT, '--no-print-directory', *words],
        capture_output=True, text=True, timeout=timeout)
    print(result.stdout, result.stderr)
    return result.returncode


def test_units():
    assert make('host-test', timeout=PATIENCE) == 0


@pytest.mark.timeout(1500)
@pytest.mark.parametrize('seconds', [20, pytest.param(
    90, marks=pytest.mark.long)])
def test_fuzz_the_readers(seconds):
    assert make('fuzz', f'SECONDS={seconds}',
                timeout=PATIENCE + 9 * seconds) == 0
