"""The commands of tools/gdb.py, by a scripted gdb on a machine that waits."""
import os
import re
import signal
import subprocess

import pytest

from conftest import BUILD, PATIENCE, ROOT, gdb_line

pytestmark = pytest.mark.skipif(BUILD.name == 'ubsan', reason='one build will do')

# Says what it does, and goes on after an error as a person would.
HEAD = '''set width 0
python
def do(command):
    print('\\n>>> ' + command)
    try:
        print(gdb.execute(command, to_string=True))
    except gdb.error as error:
        print('error: ' + str(error))
end
'''


@pytest.fixture
def debug(tmp_path):
    """debug(kernel, boot arguments, commands): what gdb answered to each, in
    order, of the commands that were given."""
    machines = []

    def run(kernel, append, *commands):
        flags, line = gdb_line(tmp_path)
        machines.append(subprocess.Popen(
            ['timeout', '-s', 'KILL', str(PATIENCE), 'qemu-system-riscv64',
             '-M', 'virt', '-bios', 'none', '-kernel', str(BUILD / kernel),
             '-append', append, '-display', 'none', '-monitor', 'none',
             '-serial', 'null', '-S', *flags],
            stdin=subprocess.DEVNULL, start_new_session=True))
        script = tmp_path / 'script'
        script.write_text(HEAD + ''.join(
            f'python do({command!r})\n'
            for command in (f'connect {line}', *commands)))
        done = subprocess.run(
            ['gdb-multiarch', '-q', '-batch', '-nx', '-x', 'tools/gdb.py', '-x',
             script, BUILD / kernel], cwd=ROOT, timeout=PATIENCE,
            capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        answers = re.split(r'^>>> .*\n', done.stdout, flags=re.M)[2:]
        assert len(answers) == len(commands), done.stdout + done.stderr
        return answers

    yield run
    for machine in machines:
        os.killpg(machine.pid, signal.SIGKILL)   # timeout, and QEMU under it
        machine.wait()


def test_chapter_eight(debug):
    """Two processes and a twin that shares the first one's memory."""
    _, _, ps, frame, twins, pages, nobody, stack, level = debug(
        'ch08.elf', '', 'break sys_tell', 'continue', 'ps', 'frame 1', 'pt 1',
        'pt 2', 'frame 99', 'bt', 'frame level 1')
    rows = ps.splitlines()
    assert rows[0].split() == ['pid', 'parent', 'name', 'pc', 'state']
    assert re.match(r' +1 +0 scene +0x11\w+ +runs on hart 0, in the kernel$',
                    rows[1])
    assert re.match(r' +2 +0 scene +0x1100000 +ready, in the ring$', rows[2])
    assert re.search(r'^ +a7 00000000000001f4', frame, re.M)
    assert re.search(r'\bt6 0{16}$', frame, re.M)
    assert re.search(r'status \w+: to user mode, interrupts on, floats off',
                     frame)
    assert 'fcsr 0: rounding to nearest, no flags' in frame
    assert re.search(r'0x1200000-0x1201000 +4 KiB +read +at 0x\w+, '
                     'copy on write, refs 2', twins)
    assert re.search(r'0x1100000-0x1101000 +4 KiB +read execute +at 0x\w+, '
                     'shared, refs 2', twins)
    assert re.search(r'0x1200000-0x1201000 +4 KiB +read write +at 0x\w+, '
                     'its own, refs 1', pages)
    assert 'error: no process 99' in nobody
    assert re.match(r'#0 +sys_tell', stack) and 'trap_vector' in stack
    assert re.match(r'#1 .* in syscall_trap', level)


def test_in_user_mode_the_hart_knows_the_registers(debug):
    _, _, ps, frame, code, pages = debug(
        'ch08.elf', '', 'hbreak *0x110000e', 'continue', 'ps', 'frame 1',
        'x/i $pc', 'pt 2')
    assert re.match(r' +1 +0 scene +0x110000e +runs on hart 0, in user mode$',
                    ps.splitlines()[1])
    assert 'these are the registers of the hart' in frame
    assert re.search(r'\bfp 0*1200000\b', frame)
    assert re.search(r'li\s+a7,124', code)      # by the page table again
    assert '0x1200000-0x1201000' in pages


def test_user_programs_have_symbols(debug):
    _, stop, where, ps, frame, pages, _, _, stack = debug(
        'kernel.elf', 'cmd=sleep 1; cat', 'break-in sleep main', 'continue',
        'info symbol $pc', 'ps', 'frame 1', 'pt 2', 'break sys_execve',
        'continue', 'bt')
    assert re.search(r'\[process \d+ runs: \S+/user/debug/bin/sleep\]', stop)
    assert where.startswith('main in section .text')
    assert re.search(r'^ +1 +0 init +0x\w+ <wait4\+\d+> +waits in wait4 '
                     'for a child$', ps, re.M)
    assert re.search(r'^ +\d+ +\d+ sleep +0x\w+ <main\+0> +runs on hart 0, '
                     'in user mode$', ps, re.M)
    assert re.search(r'^ +pc 0x\w+ <wait4\+\d+> at userprog/lib/\w+\.c:\d+$',
                     frame, re.M)
    assert re.search(r'KiB +read execute +at 0x\w+, in place$', pages, re.M)
    assert re.search(r'^#\d+ .* in syscall_trap', stack, re.M)


def until(state):
    return (f'until cat /proc/[0-9]*/stat 2>/dev/null | grep -q "{state}"; '
            'do :; done; ')


def test_who_sleeps_and_for_how_long(debug):
    _, _, ps, _ = debug('kernel.elf', 'cmd=sleep 999 & ' + until('(sleep) S') +
                        'head /dev/null', 'break-in head main', 'continue',
                        'ps', 'add-user 1')
    assert re.search(r'sleep +0x\w+ <\w+\+\d+> +waits in '
                     r'(clock_)?nanosleep, \d\d\d\.\d+ s more$', ps, re.M)


def test_who_is_stopped_and_who_is_a_zombie(debug):
    _, _, ps = debug('kernel.elf', "cmd=sleep 999 & kill -STOP $!; sh -c 'true "
                     "& exec sleep 999' & " + until(') Z') + 'head /dev/null',
                     'break-in head main', 'continue', 'ps')
    assert re.search(r'^ +3 +2 \w+ .* stopped by signal 19$', ps, re.M)
    assert re.search(r'^ +\d+ +\d+ \w+ .* zombie, status 0x0$', ps, re.M)


def test_add_user(debug):
    by_name, main, nobody, by_pid = debug(
        'kernel.elf', '', 'add-user cat', 'info address main', 'add-user 77',
        'add-user nonsense')
    assert by_name.startswith('symbols of ') and '/bin/cat' in by_name
    assert 'is a function' in main or 'Symbol "main"' in main
    assert 'error: no process 77' in nobody
    assert 'error: no unstripped nonsense' in by_pid


@pytest.mark.parametrize('command', ['ps', 'frame', 'pt', 'add-user', 'break-in'])
def test_help(command):
    done = subprocess.run(
        ['gdb-multiarch', '-q', '-batch', '-nx', '-x', 'tools/gdb.py', '-ex',
         f'help {command}'], cwd=ROOT, timeout=PATIENCE, capture_output=True, text=True)
    assert f'usage: {command}' in done.stdout


def test_kernel_without_processes(debug):
    ps, pt = debug('ch01.elf', '', 'ps', 'pt 1')
    assert 'error: this kernel knows no processes' in ps
    assert 'error: this kernel knows no processes' in pt
