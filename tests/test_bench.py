"""tools/bench, on a stand-in for QEMU that says what a machine would say."""
import json
import os
import subprocess

import pytest

from conftest import ROOT

QEMU = r'''#!/bin/bash
case "$*" in
*cmd=bench*) printf 'hello\r\nbench null_call 90\r\nbench extra 7\r\nbench tick %d\r\n' "$TICK"
             exit "$STATUS" ;;
*paced*)     printf '$ \033]7001;0;1\a'; read -r line
             [ "$line" = 'cat /proc/kernel' ] && printf '\r\nboot 1234567\r\n' ;;
esac
'''


@pytest.fixture
def bench(tmp_path):
    def run(*options, tick=120, status=0):
        (tmp_path / 'qemu-system-riscv64').write_text(QEMU)
        (tmp_path / 'qemu-system-riscv64').chmod(0o755)
        path = f'{tmp_path}:{os.environ["PATH"]}'
        done = subprocess.run(
            [ROOT / 'tools/bench', '/bin/true', tmp_path / 'bench.json',
             *options], capture_output=True, text=True,
            env=dict(os.environ, PATH=path, TICK=str(tick), STATUS=str(status)))
        return done, tmp_path / 'bench.json'
    return run


def test_table_and_json(bench):
    done, output = bench()
    assert done.returncode == 0, done.stderr
    figures = json.loads(output.read_text())
    assert figures['null_call'] == 90 and figures['extra'] == 7
    assert figures['boot'] == 1234567
    assert ['tick', '120', '<=', '130'] in [line.split() for line in
                                            done.stdout.splitlines()]


def test_missed_goals_are_said_and_fail_only_when_asked(bench):
    done, _ = bench(tick=131)
    assert done.returncode == 0
    assert [line.split()[0] for line in done.stdout.splitlines()
            if line.endswith('missed')] == ['tick']
    assert bench('--check', tick=131)[0].returncode == 1


def test_a_bench_that_fails_is_a_failure(bench):
    done, output = bench(status=125)
    assert done.returncode != 0 and not output.exists()
    assert 'status 125' in done.stderr
