"""Pipes, polls and the files of /tmp on the machine: what only it can show.
That programs see what the oracle shows them is in test_user.py."""
import re

import pytest

from conftest import BUILD, UBSAN

BUILDS = pytest.mark.parametrize('build', [BUILD, UBSAN],
                                 ids=['plain', 'ubsan'])
# What is made once stays, and `free` needs a page or two itself; what is lost
# each time adds up.
ROUNDS = 'for i in 1 2 3 4 5 6 7 8; do {} >/dev/null; free | tail -n 1; done'
NOISE = 8       # KiB


def frees(text):
    """What `free` said each time: the last column, in KiB."""
    return [int(line.split()[3])
            for line in re.findall(r'^Mem:.*$', text, re.M)]


@BUILDS
@pytest.mark.parametrize('program', ['ends', 'pipes', 'polls', 'selects',
                                     'sending', 'tmpfs'])
def test_no_page_is_lost(command, build, program):
    result = command(ROUNDS.format(f'/test/{program}'), build=build)
    free = frees(result.stdout)
    assert len(free) == 8 and free[1] - free[-1] <= NOISE, result.stdout


@BUILDS
def test_tmp_is_bounded(command, build):
    """A file that is too large fails and leaves half of memory to others."""
    result = command(
        'f() { free | tail -n 1; }; left() { f | (read a b c d e; echo $d); }; '
        'n=$(left); f; head -c 200000000 /dev/zero >/tmp/big; '
        'echo status $?; ls -l /tmp/big; f; '
        '/bin/echo more >/tmp/other; echo status $?; rm /tmp/big; '
        '/bin/echo more >/tmp/other && cat /tmp/other; rm /tmp/other; '
        'until [ $(left) -ge $((n - 64)) ]; do sleep 0.1; done; f', build=build)
    text = result.stdout
    size = int(re.search(r'^-\S+ +1 +(\d+) .*/tmp/big$', text, re.M)[1])
    before, full, after = frees(text)
    assert 'No space left on device' in text + result.stderr
    assert text.count('status 1') == 2
    assert before * 1024 * 0.45 < size < before * 1024 * 0.55
    assert full > before * 0.4
    assert re.search(r'^more$', text, re.M), text
    assert before - after <= 64


def test_files_are_programs_and_are_in_proc(command):
    result = command(
        'cd /tmp; cp /bin/cat cat; ./cat /proc/self/comm; '
        'echo text >x; ls -l /proc/self/fd/0 <x; cat /proc/self/fd/0 <x; '
        'echo piped | cat /proc/self/fd/0; ls -l /proc/self/cwd; '
        'mkdir d; cd d; rm -r ../d; cd ..; ls; grep ^tmpfs /proc/mounts')
    told = [re.sub(r'^l.* (/\S+ -> )', r'\1', line)
            for line in result.stdout.splitlines()[1:]]
    assert told[:-1] == [
        'cat', '/proc/self/fd/0 -> /tmp/x', 'text', 'piped',
        '/proc/self/cwd -> /tmp', 'cat', 'x'], result.stdout
    assert re.fullmatch(r'tmpfs /tmp tmpfs rw,size=\d+k 0 0', told[-1])


def test_poll_waits_for_the_console(boot):
    """What is typed wakes who polls, and so does a pipe."""
    machine = boot(append='cmd=/test/awaited 2', initrd=BUILD / 'test.cpio')
    machine.expect('^ready')
    machine.send('one\n')
    machine.expect('^console <one>\npipe <echo>\n')
    machine.send('two\n')
    machine.expect('^console <two>\n')
    assert machine.wait() == 0


def test_poll_counts_as_a_reader(command):
    """A wrapper that paces its input hears of who polls."""
    lines = ''.join(f'line {n}\n' for n in range(400))
    result = command('/test/awaited 1000', stdin=lines)
    assert result.stdout.count('console <line') == 400
    assert result.stdout.endswith('console <>\n')
    assert result.returncode == 0


def test_poll_of_a_killed_process(command):
    """Its records of waiting go with it: the pipe is used afterwards."""
    result = command(
        'cat /proc/kernel >/dev/null; /test/awaited & sleep 0.1; '
        'kill -9 $!; wait; echo alive; echo one | cat; free >/dev/null')
    assert re.search(r'^alive\none$', result.stdout, re.M), result.stdout
