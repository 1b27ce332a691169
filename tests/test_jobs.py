"""Job control: the shell at the console, and what a terminal does to those in
the background; and who used the processor."""
import re
import subprocess

import pexpect
import pytest

from conftest import BUILD, COUNTED, PATIENCE, PROMPT, ROOT
from test_user_host import ORACLE, oracle

HOLDS = '/test/holds'           # says when it is up, and when it is continued


@pytest.fixture
def shell(boot):
    """shell('line', ...): types a line, or a key, to a shell; what they print,
    without the echo."""
    machine = boot(initrd=BUILD / 'test.cpio')
    machine.expect(PROMPT)

    def type_in(line, until=PROMPT):
        start = machine.seen
        machine.send(line if line in KEYS else line + '\r')
        machine.expect(until)
        return machine.text[start:machine.seen]

    def ask(line, good):
        """Again and again, until the output is good."""
        while not good(said := type_in(line)):
            pass
        return said

    type_in.ask = ask
    return type_in


KEYS = INTERRUPT, SUSPEND, END = '\x03', '\x1a', '\x04'


def is_idle(ps):
    """Nobody but init, the shell and ps itself is there."""
    assert ps.startswith('ps\n  PID ')
    return re.findall(r'(\S+)$', ps, re.M)[2:] == ['init', 'sh', 'ps']


def test_stopped_and_continued(shell):
    shell(HOLDS, '^up\n')
    assert re.search(rf'^\[1\]\+ Stopped +{HOLDS}', shell(SUSPEND), re.M)
    assert re.search(rf'^\[1\]\+ Stopped +{HOLDS}', shell('jobs'), re.M)
    # The shell and the job both print; who is first is open.
    assert f'[1] {HOLDS}' in shell('bg', r'^(up\n\$ |\$ up\n)')
    assert re.search(rf'^\[1\]\+ Running +{HOLDS}', shell('jobs'), re.M)
    shell('fg', '^up\n')
    assert 'Stopped' in shell(SUSPEND)
    shell('fg %1', '^up\n')
    shell(INTERRUPT)
    assert 'status 130' in shell('echo status $?')
    assert '[' not in shell('jobs')


def test_several_jobs(shell):
    shell('sleep 1001 &')
    shell('sleep 1002 | cat &')
    shell(HOLDS, '^up\n')
    shell(SUSPEND)
    listed = shell('jobs')
    assert re.findall(r'^\[(\d)\](.) (\w+) +(\S+)', listed, re.M) == [
        ('1', ' ', 'Running', 'sleep'), ('2', '-', 'Running', 'sleep'),
        ('3', '+', 'Stopped', HOLDS)], listed
    shell('kill %2')
    shell('kill -9 %1')
    shell('kill -9 %3')
    shell.ask('jobs', lambda said: '[' not in said)
    assert is_idle(shell('ps'))


def test_interrupt_is_for_the_foreground_only(shell):
    shell('sleep 1000 &')
    shell(f'sleep 1001 | {HOLDS}', '^up\n')
    shell(INTERRUPT)
    assert 'status 130' in shell('echo status $?')
    assert re.search(r'\[1\]\+ Running +sleep 1000', shell('jobs'))
    listed = shell('ps')
    assert 'sleep 1000' in listed and 'sleep 1001' not in listed


def test_a_reader_in_the_background_stops(shell):
    shell('cat &')
    shell.ask('jobs', lambda said: re.search(r'\[1\]\+ Stopped +cat', said))
    shell('fg', '^cat\n')
    shell('for cat', r'for cat\n(for cat\n)')
    shell(END)
    assert '[' not in shell('jobs')


def test_a_pipeline_stops_as_a_whole(shell):
    shell("yes | sh -c 'read x; echo up; exec cat >/dev/null'", '^up\n')
    assert 'Stopped' in shell(SUSPEND)
    states = re.findall(r'^ +\d+ +\d+ (\w) .* (yes|cat|sh -c .*)$', shell('ps'),
                        re.M)
    assert [state for state, _ in states] == ['T', 'T'], states
    shell('fg', '^yes.*\n')
    shell(INTERRUPT)
    shell.ask('ps', is_idle)


def test_a_shell_that_ends_leaves_no_stopped_job(shell):
    """It is told SIGHUP and goes on, to its end."""
    shell('sh')
    shell(HOLDS, '^up\n')
    assert 'Stopped' in shell(SUSPEND)
    shell('exit')
    shell.ask('ps', is_idle)


def test_two_shells_take_turns(shell):
    """A shell inside a shell is stopped and brought forward like any job."""
    shell('sh')
    shell('sleep 1000 &')
    shell('kill -STOP $$', r'Stopped +sh\n\$ ')
    assert 'Stopped' in shell('jobs')
    shell('fg', r'^sh\n\$ ')
    assert 'sleep 1000' in shell('jobs')


@pytest.fixture(scope='module')
def programs(tmp_path_factory):
    """test/background with our library and with the GNU one, as an archive."""
    top = tmp_path_factory.mktemp('jobs')
    (top / 'root/test').mkdir(parents=True)
    subprocess.run(
        ['riscv64-linux-gnu-gcc', '-O2', '-Wall', '-Wextra', '-Werror',
         '-Wno-unused-result', '-static', '-s', '-o',
         top / 'root/test/background-glibc',
         ROOT / 'userprog/test/background.c'], check=True)
    subprocess.run([ROOT / 'tools/mkinitrd', top / 'root.cpio',
                    BUILD / 'test.cpio', top / 'root'], check=True)
    return {'': (BUILD / 'user/test/background', top / 'root.cpio'),
            '-glibc': (top / 'root/test/background-glibc', top / 'root.cpio')}


# From here on nobody prints before a line is typed: so the echo stays whole.
AWAITED = '\nreads: stopped by 21\r?\n'


def on_a_host_terminal(program):
    child = pexpect.spawn(ORACLE, [str(program)], echo=False, timeout=PATIENCE,
                          encoding='utf-8')
    child.expect(AWAITED)
    text = child.before + child.after
    child.send('typed\n')
    child.expect(pexpect.EOF)
    return (text + child.before).replace('\r', '')


@pytest.mark.parametrize('library', ['', '-glibc'])
def test_the_background_like_linux(boot, programs, library):
    program, archive = programs[library]
    there = on_a_host_terminal(program)
    machine = boot(initrd=archive, append=f'cmd=/test/background{library}')
    machine.expect(AWAITED)
    machine.send('typed\n')
    assert machine.wait() == 0
    here = machine.text.split('\n', 1)[1]
    assert here.count('typed\n') == 1, here
    assert here.replace('typed\n', '') == there


# ---- accounts ----------------------------------------------------------------

# Instructions are time: what the host does meanwhile would be in the accounts.
FLAGS = ' '.join(COUNTED)


def test_accounts_like_linux(command):
    here = command('/test/usages', '--append=idle=poll10ms', flags=FLAGS)
    there = oracle(BUILD / 'user/test/usages')
    assert here.stdout.split('\n', 1)[1] == there.stdout


def test_the_time_that_programs_take(command):
    """`time`, ps and /proc agree on who worked."""
    result = command(
        "time sleep 2; yes >/dev/null & sleep 3; ps; kill $!; wait; "
        "time sh -c 'yes | head -n 50000 >/dev/null'; cat /proc/uptime",
        '--append=idle=poll10ms', flags=FLAGS)
    text = result.stdout + result.stderr
    assert re.search(r'^real 2\.0\d\ds\nuser 0\.00\ds$', text, re.M), text
    used = re.search(r'(\d)\.(\d\d) yes$', text, re.M)
    assert used and 285 <= int(used[1] + used[2]) <= 305, text
    assert re.search(r'^ +1 .* 0\.0\d init', text, re.M), text
    real, user = re.findall(r'^(?:real|user) (\d+\.\d+)s$', text, re.M)[2:4]
    assert 0.8 * float(real) <= float(user) <= float(real), text
    up, idle = map(float, re.search(r'^(\d+\.\d+) (\d+\.\d+)$', text,
                                    re.M).groups())
    assert 1.9 <= idle <= up - 3, text
