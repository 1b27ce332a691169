"""The contract of tools/run ("Interfaces" in the design), on a fake guest that
loses what comes too early or too fast, and of `make run` on the real one."""
import os
import pathlib
import runpy
import select
import signal
import subprocess

import pexpect
import pytest

from conftest import BUILD, PATIENCE, ROOT, wrapper

HERE = pathlib.Path(__file__).resolve().parent
RUN = str(ROOT / 'tools/run')
AWKWARD = '''a $HOME $$ $(id) `id` "two  spaces" 'single' \\ ; x && y | # %d !'''
real = pytest.mark.skipif(not (ROOT / 'src/main.c').exists(),
                          reason='there is no full system yet')


@pytest.fixture(scope='session')
def fake(tmp_path_factory):
    elf = tmp_path_factory.mktemp('fake') / 'fake.elf'
    subprocess.run(
        ['riscv64-unknown-elf-gcc', '-march=rv64imac_zicsr', '-mabi=lp64',
         '-mcmodel=medany', '-O1', '-Wall', '-Wextra', '-Werror', '-nostdlib',
         '-ffreestanding', '-static', '-Wl,--no-warn-rwx-segments',
         '-T', HERE / 'fake/fake.ld', HERE / 'fake/fake.c', '-o', elf],
        check=True)
    return elf


def stat(pid):
    """State and parent of a process; state X when it is gone."""
    try:
        text = pathlib.Path(f'/proc/{pid}/stat').read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 'X', 0
    state, parent = text.rpartition(')')[2].split()[:2]
    return state, int(parent)


def lives(pid):
    return stat(pid)[0] not in 'ZX'


def children(pid):
    return [int(path.name) for path in pathlib.Path('/proc').glob('[0-9]*')
            if stat(path.name)[1] == pid]


@pytest.mark.parametrize('line, status', [
    ('exit 00', 0), ('exit 01', 1), ('exit 42', 42), ('panic', 125)])
def test_status_is_the_guests(fake, line, status):
    assert wrapper(f'--command={line}', fake).returncode == status


def test_time_out_is_124(fake):
    result = wrapper('--command=hang', fake, timeout=1)
    assert result.returncode == 124
    assert 'no end after 1 s' in result.stderr


def test_command_arrives_byte_for_byte(fake):
    result = wrapper(f'--command={AWKWARD}', fake)
    assert result.stdout == f'fake\n{AWKWARD}\n'


def checksum(text):
    total = 0
    for char in text.replace('\n', ''):
        total = (total * 31 + ord(char)) & 0xffffffff
    return total


def test_long_script_loses_nothing(fake):
    lines = ''.join(f'line {n} of the script\n' for n in range(1000))
    result = wrapper(fake, stdin='busy\ncount\n' + lines)
    assert result.returncode == 0
    assert result.stdout == f'fake\ndropped 0 sum {checksum(lines)}\n'


def test_last_line_without_newline(fake):
    result = wrapper(fake, stdin='echo one\necho two')
    assert result.stdout.startswith('fake\necho one\necho two\ndropped 0')


def test_input_that_comes_slowly(fake):
    shell = f'(echo a; sleep 0.4; echo b; sleep 0.4; echo c) | {RUN} {fake}'
    result = subprocess.run(['sh', '-c', shell], capture_output=True, text=True,
                            timeout=PATIENCE)
    assert result.stdout == 'fake\na\nb\nc\ndropped 0 sum 0\n'


@pytest.mark.parametrize('redirect', ['</dev/null', '<&-'])
def test_input_that_ended_before_the_guest_was_up(fake, redirect):
    result = subprocess.run(
        ['sh', '-c', f'{RUN} --timeout={PATIENCE - 10} {fake} {redirect}'],
        capture_output=True, text=True, timeout=PATIENCE)
    assert (result.returncode, result.stdout) == (0, 'fake\ndropped 0 sum 0\n')


def test_reports_are_stripped_and_only_reports(fake):
    result = subprocess.run([RUN, '--command=split', str(fake)],
                            stdin=subprocess.DEVNULL, capture_output=True)
    assert result.stdout == \
        b'fake\na\x1b]7001;1\a\x1b]7002;0\a\r\nbc\n'


def test_stripper_takes_any_split():
    stripper = runpy.run_path(RUN)['Stripper']
    text = b'a\r\n\x1b]7001;12;1\ab\x1b\x1b]7001;13;0\a\r\x1b]c'
    for first in range(len(text) + 1):
        for second in range(first, len(text) + 1):
            strip = stripper()
            parts = text[:first], text[first:second], text[second:]
            out = b''.join(strip.feed(part) for part in parts) + strip.flush()
            assert out == b'a\nb\x1b\r\x1b]c'
            assert strip.reports == [(12, True), (13, False)]


@pytest.mark.parametrize('kill', ['wrapper', 'group'])
def test_qemu_dies_with_a_wrapper_killed_by_sigkill(fake, kill):
    process = subprocess.Popen([RUN, '--command=hang', str(fake)],
                               stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, start_new_session=True)
    assert process.stdout.readline() == b'fake\n'
    qemu = children(process.pid)
    assert len(qemu) == 1 and lives(qemu[0])
    end = os.pidfd_open(qemu[0])        # readable once it has ended
    if kill == 'wrapper':
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert select.select([end], [], [], PATIENCE)[0]
    os.close(end)


def test_qemu_dies_with_a_wrapper_told_to_end(fake):
    process = subprocess.Popen([RUN, '--command=hang', str(fake)],
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    process.stdout.readline()
    qemu = children(process.pid)
    process.terminate()
    assert process.wait(timeout=PATIENCE) == 128 + signal.SIGTERM
    assert not lives(qemu[0])


def test_output_that_nobody_reads_ends_the_machine(fake):
    shell = f'yes | {RUN} {fake} | head -3; exit ${{PIPESTATUS[1]}}'
    result = subprocess.run(['bash', '-c', shell], capture_output=True,
                            text=True, timeout=PATIENCE)
    assert result.stdout == 'fake\ny\ny\n'
    assert result.returncode == 128 + signal.SIGPIPE


def test_files_are_laid_over_the_root(tmp_path):
    """A stand-in for QEMU keeps what it was given as -initrd."""
    (tmp_path / 'base/bin').mkdir(parents=True)
    (tmp_path / 'base/bin/ls').write_text('old')
    (tmp_path / 'base/bin/cat').write_text('cat')
    (tmp_path / 'more/bin').mkdir(parents=True)
    (tmp_path / 'more/bin/ls').write_text('new')
    qemu = tmp_path / 'qemu'
    qemu.write_text(f'''#!/bin/sh
while [ "$1" != -initrd ]; do shift; done
cp "$2" {tmp_path}/seen
''')
    qemu.chmod(0o755)
    pack = [ROOT / 'tools/mkinitrd', tmp_path / 'base.cpio', tmp_path / 'base']
    subprocess.run(pack, check=True)
    result = wrapper(f'--qemu={qemu}', f'--files={tmp_path}/more',
                     f'--initrd={tmp_path}/base.cpio', 'kernel.elf')
    assert result.returncode == 0, result.stderr
    seen = (tmp_path / 'seen').read_bytes()
    assert b'new' in seen and b'cat' in seen and b'old' not in seen


def terminal(command, *arguments):
    return pexpect.spawn(command, list(arguments), encoding='utf-8',
                         timeout=PATIENCE)


def test_on_a_terminal_qemu_has_it(fake):
    child = terminal('bash', '-c', f'stty -a >/dev/tty; {RUN} {fake}; '
                     'echo status $?; stty -a >/dev/tty')
    before = child.expect('fake') or child.before
    child.send('echo typed\n')
    child.expect('echo typed')
    child.send('\x03exit 05\n')         # ^C is the guest's
    child.expect('exit 05')
    child.send('exit 07\n')
    child.expect('status 7\r\n')
    child.expect(pexpect.EOF)
    assert child.before.strip() == before.strip()


def test_on_a_terminal_ctrl_a_x_ends_it(fake):
    child = terminal(RUN, str(fake))
    child.expect('fake')
    child.send('\x01x')
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


def make(*words, stdin='', **more):
    """Without the user's disk; tests/test_root.py has disks of its own."""
    return subprocess.run(['make', '-s', '-C', str(ROOT), 'DISK=none', *words],
                          input=stdin, capture_output=True, text=True,
                          timeout=PATIENCE, **more)


@real
@pytest.mark.parametrize('line, output, ok', [
    ('echo $HOME-"two  spaces"-\'$x\'; echo b', '-two  spaces-$x\nb\n', True),
    ('false', '', False),
    ('exit 0', '', True)])
def test_make_run_with_a_command(line, output, ok):
    result = make('run', f'CMD={line}')
    assert result.stdout.endswith(output)
    assert (result.returncode == 0) == ok


@real
def test_make_run_files(tmp_path):
    (tmp_path / 'etc').mkdir()
    (tmp_path / 'etc/greeting').write_text('laid over\n')
    result = make('run', f'FILES={tmp_path}', 'CMD=cat /etc/greeting')
    assert result.stdout.endswith('laid over\n')


@real
def test_exact_status_of_the_real_machine():
    assert wrapper('--command=exit 42', BUILD / 'kernel.elf').returncode == 42


@real
def test_piped_script_longer_than_the_type_ahead():
    lines = [f'echo line number {n}' for n in range(400)]
    result = make('run', stdin='\n'.join(lines) + '\n')
    assert result.returncode == 0
    got = [line for line in result.stdout.splitlines()
           if line.startswith('line number ')]
    assert got == [line[5:] for line in lines]


@real
def test_end_of_input_ends_the_real_machine():
    assert make('run').returncode == 0
    assert make('run', stdin='echo a').stdout.count('\na\n') == 1
