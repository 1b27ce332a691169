"""Set-up: what a newcomer sees before, during and after it."""
import json
import os
import shutil
import subprocess

import pytest

from conftest import PATIENCE, ROOT


def make(*words, path=None):
    environment = dict(os.environ, PATH=path or os.environ['PATH'])
    environment.pop('MAKEFLAGS', None)
    return subprocess.run(['make', '-C', ROOT, '--no-print-directory', *words],
                          capture_output=True, text=True, env=environment,
                          timeout=PATIENCE)


@pytest.fixture
def bare(tmp_path):
    """A PATH with everything but the compiler and QEMU."""
    for folder in ('/usr/sbin', '/usr/bin'):
        for name in os.listdir(folder):
            if not name.startswith(('riscv64-unknown-elf', 'qemu-')):
                link = tmp_path / name
                link.unlink(missing_ok=True)
                link.symlink_to(f'{folder}/{name}')
    return tmp_path


def test_without_set_up_one_line_says_what_to_do(bare, tmp_path):
    result = make(f'BUILD={tmp_path}/build', path=str(bare))
    lines = [line for line in result.stderr.splitlines()
             if not line.startswith('make:')]
    assert result.returncode != 0
    assert lines == ['Barefoot: missing: riscv64-unknown-elf-gcc, '
                     'riscv64-unknown-elf-ld, qemu-system-riscv64; '
                     '`make setup` installs it']


def test_set_up_asks_apt_for_what_is_missing(bare):
    """A stand-in for apt-get says what it was called for, and fails."""
    (bare / 'apt-get').unlink()
    (bare / 'apt-get').write_text('#!/bin/sh\necho called "$@" >&2\nexit 1\n')
    (bare / 'apt-get').chmod(0o755)
    (bare / 'sudo').unlink(missing_ok=True)
    (bare / 'sudo').write_text('#!/bin/sh\nexec "$@"\n')
    (bare / 'sudo').chmod(0o755)
    result = make('setup', path=str(bare))
    assert result.returncode != 0
    assert 'setup: installing binutils-riscv64-unknown-elf ' \
        'gcc-riscv64-unknown-elf qemu-system-misc' in result.stdout
    assert '-y' in result.stderr and 'apt-get failed' in result.stderr


def test_set_up_comes_first_in_one_call():
    for jobs in '-j1', '-j4':
        lines = make(jobs, '-n', '-B', 'setup', 'run').stdout.splitlines()
        setup = lines.index('tools/setup')
        others = [n for n, line in enumerate(lines) if 'unknown-elf' in line]
        assert others and setup < min(others)


def test_set_up_does_nothing_the_second_time():
    result = make('setup')
    assert result.returncode == 0
    assert result.stdout + result.stderr == 'setup: all tools are there\n'


def test_the_site_has_a_set_up_of_its_own(bare):
    """Without it, `make setup` and the doctor miss nothing."""
    for name in ('node', 'npm', 'chromium'):
        (bare / name).unlink(missing_ok=True)
    result = make('site', path=str(bare))
    lines = [line for line in result.stderr.splitlines()
             if not line.startswith('make:')]
    assert result.returncode != 0 and len(lines) == 1
    assert lines[0].startswith('Barefoot: missing: node, npm, chromium')
    assert lines[0].endswith('; `make setup-site` installs it')
    assert 'without  chromium' in make('doctor', path=str(bare)).stdout
    setup = make('-j4', '-n', 'setup-site', 'site').stdout.splitlines()
    assert setup.index('tools/setup site') < setup.index(
        'site/node_modules/.bin/vitepress build site')


def test_the_site_is_set_up_in_one_call(bare):
    """Where apt-get, a stand-in, brings the tools, npm goes on with them."""
    house = bare / 'house'
    for name in 'tools/setup', 'site/package-lock.json':
        (house / name).parent.mkdir(parents=True)
        shutil.copy(ROOT / name, house / name)
    for name in 'apt-get', 'sudo', 'node', 'npm', 'chromium':
        (bare / name).unlink(missing_ok=True)
    brings = 'for t in node npm chromium; do printf "#!/bin/sh\\n' \
        'mkdir -p site/node_modules\\n" >$0.$t; chmod +x $0.$t; ' \
        'mv $0.$t ${0%apt-get}$t; done'
    (bare / 'apt-get').write_text(f'#!/bin/sh\n{brings}\n')
    (bare / 'sudo').write_text('#!/bin/sh\nexec "$@"\n')
    for name in 'apt-get', 'sudo':
        (bare / name).chmod(0o755)
    done = subprocess.run([house / 'tools/setup', 'site'], text=True,
                          capture_output=True, env={'PATH': str(bare)},
                          timeout=PATIENCE)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (house / 'site/node_modules/.installed').exists()


def test_packages_of_the_site_have_hashes_and_no_addresses():
    lock = json.loads((ROOT / 'site/package-lock.json').read_text())
    packages = [entry for path, entry in lock['packages'].items() if path]
    assert len(packages) > 50
    for entry in packages:
        assert 'integrity' in entry and 'resolved' not in entry


def test_doctor_names_versions_and_what_is_missing(bare):
    result = make('doctor')
    assert result.returncode == 0
    assert 'QEMU emulator version' in result.stdout
    result = make('doctor', path=str(bare))
    assert result.returncode != 0
    assert 'MISSING  qemu-system-riscv64' in result.stdout
    assert 'apt-get install qemu-system-misc' in result.stdout


def test_help_lists_the_goals():
    text = make('help').stdout
    for goal in 'setup run test test-long bench lint docs check exercise wrong ' \
            'trace setup-site site site-serve site-test debug gdb doctor'.split():
        assert f'\n  {goal} ' in '\n' + text
