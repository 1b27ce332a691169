"""What the kernel survives: no memory, allocations that fail, waiters that are
killed, an initial root that is none.  Who misbehaves suffers, nobody else; and
afterwards as many pages are free as before.  (tests/test_user.py has walls, bad
pointers, programs that are none, and random calls, on the plain build.)"""
import re
import subprocess

import pytest

import bad_programs
from conftest import BUILD, COUNTED, PATIENCE, PROMPT, ROOT, UBSAN, wrapper

BUILDS = pytest.mark.parametrize('build', [BUILD, UBSAN],
                                 ids=['plain', 'ubsan'])
FLAGS = ' '.join(COUNTED)


def run(line, build=BUILD, words='', timeout=PATIENCE, archive='test.cpio', **more):
    """One command line; every instruction takes a nanosecond."""
    return wrapper(f'--command={line}', f'--append=idle=poll10ms {words}',
                   f'--flags={FLAGS} -initrd {build}/{archive}',
                   build / 'kernel.elf', timeout=timeout, **more)


def healthy(result):
    """Neither a panic nor a word from UBSan; the output."""
    text = result.stdout + result.stderr
    assert result.returncode not in (124, 125), text
    assert not re.search(r'^panic|undefined behaviour|ubsan', text, re.M), text
    return result.stdout


# ---- the table of system calls ----------------------------------------------

@pytest.mark.parametrize('macro', ['SYSCALL', 'SYSCALL_ALONE'])
@pytest.mark.parametrize('description, compiles', [
    (', "int"', True), ('', False), (', NULL', False)])
def test_a_row_needs_a_description(macro, description, compiles):
    source = ('#include "process/syscall.h"\n'
              'int64_t sys_one(struct call *call);\n'
              'const struct syscall rows[] = '
              f'{{ {macro}(1, one, sys_one{description}) }};\n')
    done = subprocess.run(
        ['riscv64-unknown-elf-gcc', '-std=gnu11', '-march=rv64imac_zicsr',
         '-mabi=lp64', '-ffreestanding', '-DDEBUG=0', '-fsyntax-only',
         '-I', ROOT / 'src', '-I', BUILD / 'gen', '-x', 'c', '-'],
        input=source, text=True, capture_output=True)
    assert (done.returncode == 0) == compiles, done.stderr


# ---- no memory --------------------------------------------------------------

@BUILDS
def test_who_takes_all_memory_ends_and_nobody_else(build):
    text = healthy(run('/test/abuse_victim; echo still here', build))
    assert text.endswith('\nbad 0\nstill here\n'), text
    assert re.search(r'^touch: killed, innocent alive, errors 0', text, re.M)


def test_first_process_is_never_the_victim():
    """It is the oldest and the only one that does not come back."""
    text = healthy(run('for i in 1 2 3; do /test/abuse_victim touch; done'))
    assert text.count(': out of memory, holds ') == 6
    assert not re.search(r'^init\[', text, re.M)


@BUILDS
def test_fork_bomb(build):
    text = healthy(run('/test/abuse_bomb; echo still here', build))
    match = re.search(r'^(\d+) processes, no more, late by (\d+) ms at most, '
                      r'missing 0 pages, 0 bytes\nstill here$', text, re.M)
    assert match, text
    assert int(match[1]) > 1000 and int(match[2]) < 1000


def test_shell_answers_during_a_fork_bomb(boot):
    machine = boot(append='idle=poll10ms', flags=COUNTED,
                   initrd=BUILD / 'test.cpio', timeout=PATIENCE, mem='32M')
    machine.expect(PROMPT)
    machine.enter('/test/abuse_bomb forever &')
    machine.expect(': out of memory, holds')    # no room for more of them
    # The kernel goes on telling of those who die, between any two lines.
    machine.enter('echo "al"ive', '^alive\n')
    machine.enter('x=$((6 * 7)); echo "is" $x', '^is 42\n')
    machine.enter('kill -KILL %1; wait; cat /proc/uptime; echo "d"one',
                  '^done\n')
    machine.enter('ls / | head -n 1', '^bin\n')
    machine.send('exit\r')
    assert machine.wait() == 0


@BUILDS
@pytest.mark.parametrize('what', ['heap', 'mappings', 'tables', 'stacks',
                                  'descriptors', 'pipes', 'processes'])
def test_everything_taken(build, what):
    if build == BUILD:
        pytest.skip('tests/test_user.py does')
    text = healthy(run(f'/test/abuse_memory {what}; echo still here', build))
    assert text.endswith('\nbad 0\nstill here\n'), text


def test_an_end_does_not_wait_behind_those_that_compute():
    result = run('/test/abuse_busy')
    match = re.search(r'^300 processes, each ended within (\d+) ms$',
                      healthy(result), re.M)
    assert match and int(match[1]) <= 50, result.stdout


# ---- allocations that fail --------------------------------------------------

# Nothing in it sends a signal to a process that it failed to make.
SCRIPT = ('exec 10</dev/null 11</dev/null; ls -l /bin >/dev/null; '
          'cat /proc/meminfo /proc/1/stat >/dev/null; '
          '(sleep 0.01; exit 3) & x=$(echo a b | wc -l); '
          '/test/heap >/dev/null; wait; cd /proc; pwd >/dev/null')


FILES = ('mkdir /tmp/d; echo text >/tmp/d/f; mv /tmp/d/f /tmp/d/g; '
         'cat /tmp/d/g | head -c 3 >/dev/null; ls -l /tmp/d >/dev/null; '
         'head -c 20000 /dev/zero >/tmp/d/z; cat /tmp/d/z >>/tmp/d/f; '
         'rm /tmp/d/z; mkdir /tmp/d/e /tmp/d/e/e; mv /tmp/d/e /tmp/e; '
         'cp /tmp/d/f /tmp/e')


@BUILDS
@pytest.mark.parametrize('script, after', [
    (SCRIPT, ''), (FILES, 'rm -rf /tmp/d /tmp/e')], ids=['calls', 'files'])
def test_every_nth_allocation_fails(build, script, after):
    most = 200 if build == BUILD else 80
    result = run(f"/test/abuse_failing {most} '{script}' '{after}'", build,
                 'failalloc')
    text = healthy(result)
    assert 'runs that lost memory: 0' in text and result.returncode == 0, text
    told = re.findall(r'^every (\d+): status (\w+), missing', text, re.M)
    assert [int(n) for n, _ in told] == list(range(1, most + 1))
    # Frequent failures are noticed; rare ones can be survived.
    assert told[0][1] != '0' and '0' in (status for _, status in told)


def test_the_knob_is_there_only_when_asked_for():
    text = healthy(run('test -e /dev/failalloc || echo none'))
    assert text.endswith('\nnone\n')


# ---- waiters ----------------------------------------------------------------

@BUILDS
def test_waiters_are_killed_at_each_step(build):
    text = healthy(run('/test/abuse_waiters; echo still here', build))
    assert text.endswith('\nbad 0\nstill here\n'), text
    kinds = re.findall(r'^(\w+): missing', text, re.M)
    assert {'nanosleep', 'wait4', 'waitid', 'vfork', 'console', 'sigsuspend',
            'sigtimedwait', 'futex'} <= set(kinds)


@BUILDS
def test_a_reader_that_was_interrupted_reads_elsewhere(build):
    there = subprocess.run(['qemu-riscv64', build / 'user/test/offers'],
                           capture_output=True, text=True, timeout=PATIENCE)
    assert healthy(run('/test/offers', build)).endswith('\n' + there.stdout)


@BUILDS
def test_batches_that_pull_the_rug_away(build):
    text = healthy(run('/test/abuse_batch; echo still here', build))
    assert text.endswith('\nbad 0\nstill here\n'), text


@BUILDS
def test_threads_at_odds_with_their_process(build):
    text = healthy(run('/test/abuse_threads; echo still here', build))
    assert re.findall(r'^(.*): bad (\d+)$', text, re.M) == [
        ('exec', '0'), ('exec without the first', '0'), ('requeue', '0'),
        ('wait after a batch', '0')], text
    assert text.endswith('\nstill here\n'), text


# ---- an initial root that is none -------------------------------------------

def entry(path, mode, data=b'', **fields):
    """One entry of a newc archive, with fields that may lie."""
    header = dict(ino=1, mode=mode, uid=0, gid=0, nlink=1, mtime=0,
                  size=len(data), major=0, minor=0, rmajor=0, rminor=0,
                  name=len(path) + 1, check=0)
    header.update(fields)
    text = b'070701' + b''.join(b'%08x' % n for n in header.values())
    for part in path.encode() + b'\0', data:
        text += part
        text += bytes(-len(text) % 4)
    return text


FILE, DIRECTORY, PROGRAM, LINK = 0o100644, 0o40755, 0o100755, 0o120777
END = entry('TRAILER!!!', 0)
CORRUPT = [
    ('one byte', lambda good: b'x', 'corrupt at byte 0', 2),
    ('zeroes', lambda good: bytes(65536), 'corrupt at byte 0', 2),
    ('noise', lambda good: bytes(i * 37 % 251 for i in range(99999)),
     'corrupt at byte 0', 2),
    ('no numbers', lambda good: b'070701' + b'z' * 1000,
     'corrupt at byte 0', 2),
    ('cut in the first header', lambda good: good[:50], 'corrupt at byte 0', 2),
    ('cut in the middle', lambda good: good[:len(good) // 2],
     'corrupt at byte', None),
    ('a file beyond the end', lambda good: entry('big', FILE, size=2**32 - 16)
     + good, 'corrupt at byte 0', 2),
    ('a name beyond the end', lambda good: entry('big', FILE, name=2**32 - 1)
     + good, 'corrupt at byte 0', 2),
    ('a name without an end', lambda good: entry('big', FILE, name=3) + good,
     'corrupt at byte 0', 2),
    ('nothing in it', lambda good: END, '', 2),
    ('a link to itself', lambda good: entry('bin', LINK, b'bin') + END, '', 40),
    ('init is a directory', lambda good: entry('bin/init', DIRECTORY) + END,
     '', 13),
    ('init is a text', lambda good: entry('bin/init', PROGRAM, b'#!/x\n') + END,
     '', 8),
]


@BUILDS
@pytest.mark.parametrize('make, message, error', [c[1:] for c in CORRUPT],
                         ids=[c[0] for c in CORRUPT])
def test_corrupt_root(build, tmp_path, make, message, error):
    archive = tmp_path / 'root.cpio'
    archive.write_bytes(make((build / 'initrd.cpio').read_bytes()))
    result = wrapper('--command=echo fine', f'--flags=-initrd {archive}',
                     build / 'kernel.elf')
    text = healthy(result)
    assert f'initrd: {message}' in text or not message
    assert 'fine' not in text and result.returncode != 0
    if error:
        assert f'init: no program to start (error {error})\n' in text
        assert result.returncode == 256 - error


@BUILDS
def test_strange_entries_are_left_out(build, tmp_path):
    strange = [entry('../up', FILE, b'x'), entry('a/../../b', FILE, b'x'),
               entry('x' * 300, FILE), entry('file', FILE, b'x'),
               entry('file/below', FILE, b'x'), entry('dev', FILE, b'x'),
               entry('proc', LINK, b'/nowhere')]
    archive = tmp_path / 'root.cpio'
    archive.write_bytes(b''.join(strange) +
                        (build / 'initrd.cpio').read_bytes())
    result = wrapper('--command=ls / /dev/null; echo fine',
                     f'--flags=-initrd {archive}', build / 'kernel.elf')
    text = healthy(result)
    assert text.count(', left out\n') == 6
    assert text.endswith('\nfine\n') and '\nfile\n' in text


# ---- the same again, where the kernel watches itself ------------------------

@pytest.mark.parametrize('line, last', [
    ('/test/abuse_walls', r'^(\d+) of \1 killed$'),
    ('/test/abuse_pointers', r' 0 bad$'),
    ('/test/abuse_rounds 5000', r'^5000 rounds, bytes missing 0$'),
    ('/test/abuse_random 3 20000', r'^20000 calls, '),
    ('/test/edges', r'.'),
])
def test_under_ubsan(line, last):
    text = healthy(run(f'{line}; echo still here', UBSAN))
    assert text.endswith('\nstill here\n')
    assert re.search(last, text.removesuffix('still here\n'), re.M), text


def test_bad_programs_under_ubsan(tmp_path):
    (tmp_path / 'bad').mkdir()
    answers = bad_programs.write(tmp_path / 'bad')
    archive = tmp_path / 'root.cpio'
    subprocess.run([ROOT / 'tools/mkinitrd', archive, UBSAN / 'test.cpio',
                    tmp_path], check=True)
    text = healthy(wrapper('--command=/test/abuse_exec /bad/*',
                           f'--flags=-initrd {archive}', UBSAN / 'kernel.elf'))
    told = dict(re.findall(r'^(\S+): (.*)$', text, re.M))
    assert {name for name, right in answers.items()
            if told.get(name) not in right} == set()


@pytest.mark.long
@pytest.mark.timeout(900)
@BUILDS
@pytest.mark.parametrize('seed', range(10**6, 10**7, 10**6))
def test_random_calls_of_many_seeds(build, seed):
    text = healthy(run(f'/test/abuse_random {seed}; echo still here', build,
                       timeout=600))
    assert re.search(r'^100000 calls, .*\nstill here$', text, re.M), text


@pytest.mark.long
@pytest.mark.timeout(900)
def test_rounds_under_ubsan():
    text = healthy(run('/test/abuse_rounds', UBSAN, timeout=600))
    assert '100000 rounds, bytes missing 0' in text


@pytest.mark.long
@pytest.mark.timeout(900)
@BUILDS
def test_every_nth_allocation_of_programs_fails(build):
    line = ('exec 10</dev/null 11</dev/null; for p in mappings offsets closing '
            'copies breaks threads trees orphans; do /test/$p; done '
            '>/dev/null 2>&1')
    result = run(f"/test/abuse_failing 400 '{line}'", build, 'failalloc',
                 timeout=900)
    assert 'runs that lost memory: 0' in healthy(result)
