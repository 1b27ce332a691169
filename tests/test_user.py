"""User programs on Barefoot: what qemu-riscv64 makes of the same files, and what
becomes of those that misbehave."""
import re
import subprocess

import pytest

import bad_programs
from conftest import BOARD, BUILD, PATIENCE, PROMPT, ROOT, wrapper
from test_user_host import CASES, PROGRAMS, TALKS, TOOL_CASES, oracle

NEWLIB = ROOT / 'build/newlib/riscv64-unknown-elf'
KILLED = re.compile(r'^[^\n]*\[\d+\]: [^\n]*: killed by SIG\w+\n', re.M)


def lines(result):
    """What programs printed, without what the kernel said of their deaths."""
    return KILLED.sub('', result.stdout)


def same(result, expected, start=1):
    """The output behind the kernel's first line is expected."""
    text = '\n'.join(lines(result).split('\n')[start:])
    assert text == expected


@pytest.fixture(scope='module')
def needs():
    """needs(name): skips what asks for calls that the kernel does not have."""
    rows = wrapper('--command=cat /proc/syscalls', BUILD / 'kernel.elf').stdout

    def check(name):
        if name.endswith('polls') and ' ppoll ' not in rows:
            pytest.skip('there is no ppoll() yet')
    return check


@pytest.mark.parametrize('name', PROGRAMS + TALKS)
def test_like_the_oracle(command, needs, name):
    needs(name)
    there = oracle(BUILD / 'user/test' / name)
    here = command(f'/test/{name}')
    same(here, there.stdout)
    assert here.returncode == there.returncode


@pytest.fixture(scope='module')
def strangers(tmp_path_factory):
    """An archive of programs with nothing of ours in them, and of bad ones."""
    top = tmp_path_factory.mktemp('strangers')
    (top / 'root/stock').mkdir(parents=True)
    (top / 'root/bad').mkdir()
    for source in sorted((ROOT / 'userprog/test/stock').glob('*.c')):
        subprocess.run(
            ['riscv64-unknown-elf-gcc', '-march=rv64gc', '-mabi=lp64d',
             '-mcmodel=medany', '-Os', '-Wall', '-Wextra', '-Werror',
             '-isystem', NEWLIB / 'include', f'-B{NEWLIB}/lib',
             f'-L{NEWLIB}/lib', '-u', '_printf_float', '-s', '-o',
             top / 'root/stock' / source.stem, source, '-lm'], check=True)
    tests = ROOT / 'userprog/test'
    for source in [*sorted((tests / 'glibc').glob('*.c')),
                   *(tests / f'{name}.c' for name in TALKS)]:
        subprocess.run(
            ['riscv64-linux-gnu-gcc', '-O2', '-Wall', '-Wextra', '-Werror',
             '-Wno-unused-result', '-static', '-pthread', '-s', '-o',
             top / 'root/stock' / f'glibc-{source.stem}', source, '-lm'],
            check=True)
    bad_programs.write(top / 'root/bad')
    archive = top / 'root.cpio'
    subprocess.run([ROOT / 'tools/mkinitrd', archive, BUILD / 'test.cpio',
                    top / 'root'], check=True)
    return archive


def run(archive, line):
    return wrapper(f'--command={line}', f'--flags=-initrd {archive}',
                   BUILD / 'kernel.elf')


@pytest.mark.parametrize('name', ['sums', 'clock', 'abort', 'glibc-hello',
                                  *(f'glibc-{name}' for name in TALKS)])
def test_stock_program(strangers, needs, name):
    needs(name)
    there = oracle(strangers.parent / 'root/stock' / name, 'a', 'b c')
    here = run(strangers, f'/stock/{name} a "b c"')
    same(here, there.stdout)
    assert here.returncode == there.returncode


def test_what_is_shared_without_being_a_thread(strangers, tmp_path):
    """qemu-riscv64 knows threads and processes only, so Linux itself is asked."""
    native = tmp_path / 'sharing'
    subprocess.run(['gcc', '-O2', '-o', native,
                    ROOT / 'userprog/test/glibc/sharing.c'], check=True)
    there = subprocess.run([native], capture_output=True, text=True, timeout=PATIENCE)
    here = run(strangers, '/stock/glibc-sharing')
    same(here, there.stdout)
    assert here.returncode == there.returncode == 0


def test_stock_program_reads_a_file(strangers):
    """The oracle has no open() of newlib's, so the file is counted here."""
    data = (strangers.parent / 'root/stock/sums').read_bytes()
    total = 0
    for byte in data:
        total = (total * 131 + byte) % 2**64
    result = run(strangers, '/stock/reader /stock/sums')
    same(result, f'{len(data)} bytes {total:x}\n0 ELF 4\n0 1 1\n'
                 f'-1 No such file or directory\n-1 1\ntty 0 pid 1\n')
    assert result.returncode == 0


def test_bad_programs(strangers, tmp_path):
    answers = bad_programs.write(tmp_path)
    result = run(strangers, '/test/abuse_exec /bad/*')
    told = dict(re.findall(r'^(\S+): (.*)$', lines(result), re.M))
    wrong = {name: told.get(name) for name, right in answers.items()
             if told.get(name) not in right}
    assert not wrong
    for line in ('missing: No such file or directory',
                 'a directory: Permission denied',
                 '10,000 long arguments: Arg list too long',
                 '1,000 short arguments: exit 0'):
        assert f'\n{line}\n' in result.stdout


def test_walls(command):
    result = command('/test/abuse_walls')
    told = lines(result).split('\n', 1)[1]
    assert told == oracle(BUILD / 'user/test/abuse_walls').stdout
    assert len(KILLED.findall(result.stdout)) == told.count(': killed')
    assert result.returncode == 0


def test_bad_pointers(command):
    """The number of cases is printed: it grows with the system-call table."""
    result = command('/test/abuse_pointers')
    match = re.search(r'^(\d+) rows, (\d+) cases: .* 0 bad$', result.stdout,
                      re.M)
    assert match and result.returncode == 0, result.stdout
    assert int(match[2]) > 500
    print(match[0])


def test_everything_taken(command):
    result = command('/test/abuse_memory; echo still here')
    assert re.search(r'^bad 0\nstill here$', result.stdout, re.M), \
        lines(result)


def test_no_page_is_lost(command):
    result = command('/test/abuse_rounds')
    assert '100000 rounds, bytes missing 0' in result.stdout


def test_a_signal_to_a_group_reaches_who_is_being_born(command):
    """No oracle: qemu-riscv64 loses some that come while it forks itself."""
    result = command('/test/reached')
    assert '0 of 20 missed it' in lines(result).split('\n')


@pytest.mark.parametrize('seed', [1, 2])
def test_random_calls(command, seed):
    result = command(f'/test/abuse_random {seed}; echo still here')
    assert re.search(r'^100000 calls, .*\nstill here$', lines(result), re.M)


@pytest.mark.skipif(BOARD == 'virt', reason='test_abuse.py has them')
@pytest.mark.parametrize('program', ['waiters', 'batch', 'threads'])
def test_killed_at_each_step(command, program):
    text = command(f'/test/abuse_{program}; echo still here').stdout
    bad = re.findall(r'\bbad (\d+)$', text, re.M)
    assert bad and not any(map(int, bad)), text
    assert text.endswith('\nstill here\n'), text


LOOP = '''
cd /cases
export HOME=/root LC_ALL=C
for i in *; do
    export T=/tmp/same; mkdir $T
    echo "== $i"
    (cd $T; sh -c "$(cat /cases/$i)" zero one </dev/null) 2>/dev/null
    status=$?
    echo; echo "-- $status"
    rm -r $T
done
'''


def theirs(script, folder):
    """Output and status of Debian's shell and tools."""
    folder.mkdir()
    done = subprocess.run(
        ['/bin/sh', '-c', script, 'zero', 'one'], cwd=folder, timeout=PATIENCE,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True, errors='replace',
        env={'PATH': '/bin', 'HOME': '/root', 'LC_ALL': 'C', 'T': str(folder)})
    status = done.returncode if done.returncode >= 0 else 128 - done.returncode
    return done.stdout.replace(str(folder), '/tmp/same') + f'\n-- {status}\n'


def scripts_that_differ(tmp_path, base, run):
    """What Debian's shell and tools make of a script, ours make of it here."""
    root = tmp_path / 'root'
    (root / 'cases').mkdir(parents=True)
    (root / 'etc').mkdir()
    (root / 'etc/passwd').write_text(open('/etc/passwd').read())
    (root / 'loop').write_text(LOOP)
    scripts = CASES + TOOL_CASES
    for number, script in enumerate(scripts):
        (root / f'cases/{number:03}').write_text(script)
    archive = tmp_path / 'root.cpio'
    subprocess.run([ROOT / 'tools/mkinitrd', archive, base, root], check=True)
    here = lines(run(archive, 'sh /loop'))
    parts = dict(re.findall(r'^== (\d+)\n(.*?^-- \d+\n)', here, re.M | re.S))
    wrong = []
    for number, script in enumerate(scripts):
        there = theirs(script, tmp_path / f'theirs{number}')
        if parts.get(f'{number:03}') != there:
            wrong.append((script, parts.get(f'{number:03}'), there))
    return wrong


def test_scripts(tmp_path):
    assert not scripts_that_differ(tmp_path, BUILD / 'test.cpio', run)


def session(machine):
    """A user at the console: editing, ^C, ^D, ^Z, jobs."""
    machine.expect(PROMPT)

    def types(keys, answer, after=PROMPT):
        machine.send(keys)
        machine.expect(answer)
        machine.expect(after)

    types('echo hi\r', '^hi\n')
    types('ecxho\x7f\x7f\x7f\x7fcho ok\r', '^ok\n')
    types('rubbish\x15echo new\r', '^new\n')
    types('rubbish\x03', r'\^C\n')
    sleeper = 'sh -c "echo go; exec sleep 1000"'
    types(f'{sleeper}\r', '^go\n', '')
    types('\x03', '')
    types('echo $?\r', '^130\n')
    types('sleep 1000\r', 'sleep 1000\n', '')
    types('\x03', '')               # whether it sleeps by now or not
    types('sh -c "echo go; exec cat"\r', '^go\n', '')
    types('line\r', 'line\n', '^line\n')
    types('\x04', '')
    types(f'{sleeper}\r', '^go\n', '')
    types('\x1a', r'Stopped')
    types('jobs\r', r'^\[1\]\+ Stopped +sh -c')
    types('fg\r', '^sh -c.*\n', '')
    types('\x03', '')
    types('sleep 0.1 & wait; echo $?\r', '^0\n')
    types('while true; do :; done\r', 'done\n', '')
    types('\x03', '')
    machine.send('exit 3\r')
    assert machine.wait() == 0      # a session that ends has not failed


def test_session(boot):
    session(boot(initrd=BUILD / 'test.cpio'))
