"""User programs under the oracle: qemu-riscv64 gives them Linux's system calls,
so what holds here must hold on Barefoot too."""
import re
import subprocess

import pexpect
import pytest

from conftest import BUILD, PATIENCE, ROOT

ORACLE = '/usr/bin/qemu-riscv64'
BIN = BUILD / 'user/bin'
# userprog/test/NAME.c: what they print must not depend on the kernel.
PROGRAMS = [
    'arguments', 'breaks', 'calls', 'clocks', 'closing', 'copies', 'entries',
    'files', 'heap', 'jumps', 'mappings', 'mathematics', 'offsets', 'orphans',
    'printing', 'registers', 'stacks', 'statuses', 'strings', 'trees',
]
# Nor on the C library: these are built with the GNU one, too.
TALKS = ['between', 'dups', 'ends', 'exchange', 'jobs', 'mapped', 'moving', 'pipes',
         'polls', 'selects', 'sending', 'signals', 'statxs', 'threads',
         'tmpfs', 'waitids']


@pytest.fixture(scope='session')
def path(tmp_path_factory):
    """A directory in which every program of ours can be executed by name."""
    folder = tmp_path_factory.mktemp('bin')
    for program in BIN.iterdir():
        wrapper = folder / program.name
        wrapper.write_text(f'#!/bin/sh\nexec {ORACLE} {program} "$@"\n')
        wrapper.chmod(0o755)
    return folder


def oracle(*command, **options):
    return subprocess.run(
        [ORACLE, '-E', f'ORACLE={ORACLE}', *map(str, command)], timeout=PATIENCE,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, errors='replace', **options)


def sh(path, line, *args, stdin=''):
    return subprocess.run(
        [ORACLE, BIN / 'sh', '-c', line, *args], input=stdin, timeout=PATIENCE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={'PATH': str(path), 'HOME': '/root'})


@pytest.mark.parametrize('name', PROGRAMS + TALKS)
def test_program(name):
    """Each ends as it says in its output: nothing bad, and the same twice."""
    first = oracle(BUILD / 'user/test' / name)
    assert first.returncode >= 0 and first.stdout
    assert not re.search(r'\bbad [1-9]|^wrong:', first.stdout, re.M), \
        first.stdout
    assert oracle(BUILD / 'user/test' / name).stdout == first.stdout


def cases(name):
    return (ROOT / 'tests' / name).read_text().rstrip('\n').split('\n%%\n')


CASES = cases('shell-cases')
TOOL_CASES = cases('tool-cases')


def both(path, tmp_path, script):
    """Status and output of a script with our programs, and with Debian's."""
    results = []
    for name, command, search in (('ours', [ORACLE, BIN / 'sh'], path),
                                  ('theirs', ['/bin/sh'], '/bin')):
        folder = tmp_path / 'same'      # its name may be printed
        folder.mkdir()
        done = subprocess.run(
            [*command, '-c', script, 'zero', 'one'], timeout=PATIENCE, cwd=folder,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, errors='replace',
            env={'PATH': f'{search}:/bin', 'HOME': '/root', 'LC_ALL': 'C',
                 'T': str(folder)})
        results.append((done.returncode, done.stdout))
        folder.rename(tmp_path / name)
    return results


@pytest.mark.parametrize('script', CASES, ids=range(len(CASES)))
def test_shell(path, tmp_path, script):
    ours, theirs = both(path, tmp_path, script)
    assert ours == theirs


@pytest.mark.parametrize('script', TOOL_CASES, ids=range(len(TOOL_CASES)))
def test_tools(path, tmp_path, script):
    ours, theirs = both(path, tmp_path, script)
    assert ours == theirs


def test_shell_reads_scripts(path, tmp_path):
    """From a file, from standard input shared with children, and arguments."""
    (tmp_path / 'script').write_text('echo $0 $1 $#\nexit 5\n')
    done = sh(path, f'sh {tmp_path}/script a b; echo $?')
    assert done.stdout == f'{tmp_path}/script a 2\n5\n'
    done = subprocess.run([ORACLE, BIN / 'sh'], text=True, timeout=PATIENCE,
                          input='read x; echo "<$x>"; cat\nfor read\nfor the child\n',
                          env={'PATH': str(path)}, stdout=subprocess.PIPE)
    assert (done.stdout, done.returncode) == ('<for read>\nfor the child\n', 0)


@pytest.fixture
def terminal(path):
    shell = pexpect.spawn(ORACLE, [str(BIN / 'sh')], timeout=PATIENCE,
                          encoding='utf-8',
                          env={'PATH': f'{path}:/bin', 'HOME': '/root'})
    shell.expect_exact('$ ')
    yield shell
    shell.close(force=True)


def types(terminal, keys, answer):
    terminal.send(keys)
    terminal.expect_exact(answer)
    terminal.expect_exact('$ ')


def test_editing(terminal):
    types(terminal, 'ecxho\x7f\x7f\x7f\x7fcho ok\r', '\r\nok\r\n')
    types(terminal, 'rubbish\x15echo new\r', '\r\nnew\r\n')
    types(terminal, 'echo abc\x1b[D\x1b[DX\r', '\r\naXbc\r\n')
    types(terminal, '\x1b[A\x1b[A\r', '\r\nnew\r\n')
    types(terminal, 'rubbish\x03', '^C\r\n')
    types(terminal, 'echo $?\r', '\r\n130\r\n')
    types(terminal, 'if true\rthen echo yes\rfi\r', '\r\nyes\r\n')


def test_typed_ahead(terminal, tmp_path):
    """Nothing is lost when lines come faster than commands end.  Their echo gets
    between what is printed, so that goes to a file."""
    said = tmp_path / 'said'
    terminal.send(''.join(f'echo line {n} >>{said}; true\r' for n in range(30)))
    terminal.send(f'echo "all" of them >>{said}; cat {said}\r')
    terminal.expect_exact('all of them\r\n')
    assert said.read_text() == \
        ''.join(f'line {n}\n' for n in range(30)) + 'all of them\n'


def test_last_line_without_end(terminal):
    terminal.send('echo last\x04')
    terminal.expect_exact('\r\nlast\r\n')
    terminal.send('\x04')
    terminal.expect(pexpect.EOF)


def test_job_control(terminal):
    terminal.send('sh -c "echo go; exec cat"\r')
    terminal.expect_exact('\r\ngo\r\n')
    terminal.send('line\r')
    terminal.expect_exact('line\r\nline\r\n')
    types(terminal, '\x1a', 'Stopped')
    types(terminal, 'jobs\r', '[1]+ Stopped      sh -c')
    terminal.send('fg\r')
    terminal.expect_exact('\r\nsh -c echo go; exec cat\r\n')
    types(terminal, '\x03', '\r\n')
    types(terminal, 'echo $?\r', '\r\n130\r\n')
    types(terminal, 'sleep 0.2 & wait; echo $?\r', '\r\n0\r\n')
    terminal.send('while true; do :; done\r')
    terminal.expect_exact('\r\n')
    types(terminal, '\x03', '\r\n')


TOOLS = [
    ('echo -n a  b', 'a b', 0),
    ('yes | head -n 2; yes a b | head -n 1', 'y\ny\na b\n', 0),
    ('echo one two | wc', '      1       2       8\n', 0),
    ('head -c 3 /etc/passwd | hexdump -C',
     '00000000  72 6f 6f                                          |roo|\n'
     '00000003\n', 0),
    ('ls /nowhere', '', 1),
    ('ls -Z', '', 2),
    ('ls --help | head -c 6', 'usage:', 0),
    ('ls -d /etc /dev/null', '/dev/null\n/etc\n', 0),
    ('cat /etc/hostname /nowhere | wc -l', '1\n', 0),
    ('cat /nowhere', '', 1),
    ('uname -m', 'riscv64\n', 0),
    ('/bin/true; kill -0 999999', '', 1),
    ('sleep x', '', 2),
    ('date +%Y | wc -c', '5\n', 0),
    ('echo x > /dev/full', '', 1),
]


@pytest.mark.parametrize('line, output, status', TOOLS)
def test_tool(path, line, output, status):
    done = sh(path, line)
    assert (done.stdout, done.returncode) == (output, status), done.stderr
