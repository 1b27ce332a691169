"""The full system on harts without an MMU: PMP regions are a process's walls,
and programs lie where there is room.  What must not be reached is out of reach,
who misbehaves suffers alone, and nothing is left over."""
import re
import subprocess

import pytest

import bad_programs
from conftest import BUILD, ROOT, UBSAN, judge, wrapper
from test_user import KILLED, lines, same, scripts_that_differ, session
from test_user_host import oracle

BOARD = 'virt-nommu'
HERE = BUILD / BOARD
# What neither forks nor wants memory of a certain address or a large stack.
ALIKE = ['awaited', 'clocks', 'closing', 'entries', 'exchange', 'heap', 'jumps',
         'mapload', 'mathematics', 'naming', 'pieces', 'printing', 'statxs',
         'strings', 'typed']


def run(line, *options, build=BUILD, archive=None, **more):
    here = build / BOARD
    result = wrapper(f'--board={BOARD}', f'--command={line}', *options,
                     f'--root={archive or here / "test.cpio"}',
                     here / 'kernel.elf', **more)
    text = result.stdout + result.stderr
    assert result.returncode not in (124, 125), text
    assert not re.search('^panic|undefined behaviour', text, re.M), text
    return result


def told(line, **more):
    """What programs printed, the machine's first line apart."""
    return lines(run(line, **more)).split('\n', 1)[1]


def test_the_other_harts_are_parked():
    assert lines(run('nproc', '--harts=4')).split('\n', 1)[1] == \
        'walls by PMP are for one hart, others stay parked\n1\n'


# ---- walls ------------------------------------------------------------------

def test_walls():
    result = run('/test/abuse_walls')
    text = lines(result).split('\n', 1)[1]
    assert text == oracle(BUILD / 'user/test/abuse_walls').stdout
    assert len(KILLED.findall(result.stdout)) == text.count(': killed')


def test_nothing_but_its_own_pages_can_be_reached():
    """Each page of the machine's memory, by load, store, jump and by calls."""
    assert told('/test/sweep; echo still here') == \
        '32780 pages, 0 bad\nstill here\n'


def test_bad_pointers():
    text = told('/test/abuse_pointers')
    match = re.search(r'^\d+ rows, (\d+) cases: .* 0 bad$', text, re.M)
    assert match and int(match[1]) > 500, text


def test_bad_programs(tmp_path):
    root = tmp_path / 'root'
    (root / 'bad').mkdir(parents=True)
    answers = bad_programs.write(root / 'bad', anywhere=True)
    archive = tmp_path / 'root.cpio'
    subprocess.run([ROOT / 'tools/mkinitrd', archive, HERE / 'test.cpio', root],
                   check=True)
    result = run('/test/abuse_exec /bad/*', archive=archive)
    said = dict(re.findall(r'^(\S+): (.*)$', lines(result), re.M))
    wrong = {name: (said.get(name), right) for name, right in answers.items()
             if said.get(name) not in right}
    assert not wrong


def test_a_program_with_an_address_of_its_own_is_refused(tmp_path):
    (tmp_path / 'bin').mkdir()
    (tmp_path / 'bin/fixed').write_bytes(
        (BUILD / 'user/bin/echo').read_bytes())
    (tmp_path / 'bin/fixed').chmod(0o755)
    result = run('fixed; echo $?', f'--files={tmp_path}')
    assert result.stdout.endswith('\n126\n')


@pytest.mark.parametrize('entries', [6, 8])
def test_few_entries_are_enough(entries):
    """One is the guard's; five are a program's."""
    result = run('echo one | cat; /test/sweep', f'--append=pmp={entries}')
    assert lines(result).endswith('one\n32780 pages, 0 bad\n')


@pytest.mark.parametrize('entries', [9, 12, 16])
def test_what_was_given_back_is_out_of_reach(entries):
    """Also when what is left needs more entries than there are."""
    result = run('/test/forgotten', f'--append=pmp={entries}')
    assert 'in reach' not in result.stdout
    assert len(KILLED.findall(result.stdout)) == 1


def test_what_is_refused_leaves_nothing():
    """The second half needs walls that take all entries: with 16 they do."""
    assert told('/test/refused') == '0 bad\n'


def test_too_few_entries_are_said_aloud():
    result = wrapper(f'--board={BOARD}', '--append=pmp=5', HERE / 'kernel.elf')
    assert result.returncode == 125
    assert '5 PMP entries: too few' in result.stdout


# ---- processes --------------------------------------------------------------

def test_there_is_no_fork():
    assert told('/test/nofork') == 'fork: Function not implemented\n' \
        'vfork and exec: 7\nshared file: No such device\n' \
        'mmap at an address: Invalid argument\n'


def test_spawn():
    assert told('/test/spawned') == (
        'stdin <hello> leads 1 USR1 1 USR2 1 TERM blocked 1 fd 9 0\n'
        'error 0 status 42\n'
        'no program: No such file or directory, pid -7, left 1\n'
        'no file: No such file or directory, pid -7, left 1\n'
        'by name 0 status 0\n')


@pytest.mark.parametrize('name', ALIKE)
def test_like_the_oracle(name):
    here, there = run(f'/test/{name}'), oracle(BUILD / 'user/test' / name)
    same(here, there.stdout)
    assert here.returncode == there.returncode


def test_threads():
    """As many as there is memory for, not 500 at a time."""
    here = told('/test/threads')
    there = oracle(BUILD / 'user/test/threads').stdout
    assert re.sub(r'detached \d+', '', here) == \
        re.sub(r'detached \d+', '', there)


def test_threads_at_odds_with_their_process():
    text = told('/test/abuse_threads; echo still here')
    assert re.findall(r': bad (\d+)$', text, re.M) == ['0'] * 4, text


def test_waiters_are_killed_at_each_step():
    assert told('/test/abuse_waiters; echo still here').endswith(
        '\nbad 0\nstill here\n')


@pytest.mark.parametrize('what', ['heap', 'mappings', 'tables', 'descriptors',
                                  'pipes', 'processes', 'bomb'])
def test_everything_taken(what):
    text = told(f'/test/abuse_memory {what}; echo still here')
    assert text.endswith('\nbad 0\nstill here\n'), text
    assert ', the machine answers, pages missing 0\n' in text, text


@pytest.mark.parametrize('seed', [1, pytest.param(2, marks=pytest.mark.long)])
def test_random_calls(seed):
    count = 20000 if seed == 1 else 100000
    text = told(f'/test/abuse_random {seed} {count}; echo still here')
    assert re.search(rf'^{count} calls, .*\nstill here$', text, re.M), text


MIXED = ('ls -l /bin | sort | tail -n 3 >/dev/null; x=$(echo a b | wc -c); '
         '(cd /tmp; pwd; exit 3) >/dev/null; sleep 0.01 & wait; '
         'nosuch 2>/dev/null; /test/heap >/dev/null; /test/threads >/dev/null; '
         'find /bin -name l* -exec true {} ; >/dev/null; '
         'cat <<E | tr a b >/dev/null\nhere\nE\n')


def test_no_page_is_lost():
    mixed = MIXED.replace(' ;', " ';'")
    text = told(f'f() {{ {mixed} }}; f; f; sleep 0.1; free | tail -n 1; '
                'for i in 1 2 3 4 5 6 7 8 9 10; do f; done; sleep 0.1; '
                'free | tail -n 1')
    before, after = re.findall(r'^Mem:.*', text, re.M)
    assert before == after


@pytest.mark.parametrize('line, last', [
    ('/test/abuse_walls', r'^(\d+) of \1 killed$'),
    ('/test/abuse_pointers', r' 0 bad$'),
    ('/test/abuse_waiters', r'^bad 0$'),
    ('/test/abuse_random 3 5000', r'^5000 calls, '),
    ('/test/pieces; /test/threads', r'^bad 0$'),
    (MIXED.replace(' ;', " ';'"), r'.'),
])
def test_where_the_kernel_watches_itself(line, last):
    text = told(f'{line}\necho still here', build=UBSAN)
    assert text.endswith('still here\n')
    assert re.search(last, text, re.M), text


# ---- the shell ---------------------------------------------------------------

def test_scripts(tmp_path):
    def run_in(archive, line, **more):
        return run(line, archive=archive, **more)

    assert not scripts_that_differ(tmp_path, HERE / 'test.cpio', run_in)


def test_session(boot):
    session(boot(f'{BOARD}/kernel.elf', initrd=HERE / 'test.cpio',
                 flags=['-cpu', 'rv64,mmu=off']))


def test_recursion_ends_with_a_message():
    text = told('f() { f; }; (f); echo $?; g() { [ $1 = 0 ] || g $(($1-1)); }; '
                'g 60; echo $?')
    assert text.endswith('\n2\n0\n'), text


def test_other_harts_stay_parked():
    result = run('nproc', '--harts=2')
    assert 'one hart, others stay parked\n1\n' in result.stdout


def test_disk(tmp_path):
    """The root is a disk of programs that run here; what is written stays."""
    image = tmp_path / 'root.img'
    subprocess.run([ROOT / 'tools/disk', 'make', image, '64',
                    HERE / 'test.cpio'], check=True)
    for line, answer in (('echo kept >/root.txt; cat /root.txt | tr k K',
                          'Kept'), ('cat /root.txt', 'kept')):
        result = wrapper(f'--board={BOARD}', f'--command={line}',
                         f'--disk={image}', HERE / 'kernel.elf')
        assert lines(result).endswith(f'\n{answer}\n'), result.stdout
    judge(image)
