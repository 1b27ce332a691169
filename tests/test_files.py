"""Files as programs meet them: the edges of the calls, /proc, the console."""
import re
import subprocess

import pytest

from conftest import BUILD, PROMPT, ROOT, on_board


@pytest.fixture(scope='module')
def root(tmp_path_factory):
    """The root with the test programs, and /edge for test/edges.c."""
    top = tmp_path_factory.mktemp('root')
    edge = top / 'edge'
    (edge / 'many').mkdir(parents=True)
    (edge / 'text').write_bytes(bytes(i * 7 % 256 for i in range(5000)))
    for n in range(300):
        (edge / 'many' / f'name{n}').touch()
    # l0 -> text, l1 -> l0, ...: the walk of lN follows N + 1 links.
    (edge / 'l0').symlink_to('text')
    for n in range(1, 41):
        (edge / f'l{n}').symlink_to(f'l{n - 1}')
    (edge / 'loop').symlink_to('loop')
    (edge / 'dangling').symlink_to('none')
    (edge / 'up').symlink_to('..')
    (edge / 'absolute').symlink_to('/edge/text')
    archive = top / 'root.cpio'
    subprocess.run([ROOT / 'tools/mkinitrd', archive, BUILD / 'test.cpio', top],
                   check=True)
    return archive


def run(root, line, stdin='', append=''):
    options = [f'--append={append}'] if append else []
    return on_board(line, root, *options, stdin=stdin)


def test_edges(root):
    result = run(root, '/test/edges')
    assert re.search(r'^\d+ claims, 0 do not hold$', result.stdout, re.M), \
        result.stdout
    assert result.returncode == 0


# ---- /proc -----------------------------------------------------------------

def test_proc_in_linux_formats(root):
    """Every file of /proc that has a format is what proc(5) says."""
    text = run(root, 'cd /proc; for f in stat meminfo uptime loadavg version '
               'mounts 1/stat 1/status self/stat; do echo "== $f"; cat $f; done'
               ).stdout
    part = dict(re.findall(r'^== (\S+)\n(.*?)(?=^== |\Z)', text, re.M | re.S))
    assert re.match(r'cpu +\d+( \d+){9}\ncpu\d+ \d+( \d+){9}\n', part['stat'])
    assert re.search(r'^btime 1\d{9}$', part['stat'], re.M)
    assert re.match(r'MemTotal: +(\d+) kB\nMemFree: +(\d+) kB\n',
                    part['meminfo'])
    assert re.fullmatch(r'\d+\.\d\d \d+\.\d\d\n', part['uptime'])
    assert re.fullmatch(r'(\d\.\d\d ){3}\d+/\d+ \d+\n', part['loadavg'])
    assert re.match(r'Barefoot version \S+ ', part['version'])
    assert '/proc proc ro 0 0\n' in part['mounts']
    fields = part['1/stat'].split()
    assert len(fields) == 52
    assert fields[:5] == ['1', '(init)', 'S', '0', '1']
    assert '\nPid:\t1\nPPid:\t0\n' in part['1/status']
    assert re.match(r'\d+ \(cat\) R \d+ ', part['self/stat'])


def test_proc_of_a_process(root):
    result = run(root, 'cat /proc/1/comm; head -c 5 /proc/1/cmdline; echo; '
                 'ls /proc/1; cat /proc/999/stat; ls -l /proc/self')
    assert result.stdout.splitlines()[1:3] == ['init', 'init\0']
    assert {'cmdline', 'comm', 'stat', 'status'} <= set(result.stdout.split())
    assert 'cat: /proc/999/stat: No such file or directory' in \
        result.stdout + result.stderr
    assert re.search(r'/proc/self -> \d+$', result.stdout, re.M)


def test_rows_of_system_calls(root):
    """Each row of the table says its number, its name and its arguments."""
    text = run(root, 'cat /proc/syscalls').stdout.split('\n', 1)[1]
    rows = re.findall(r'^(\d+) (\w+) (.+)$', text, re.M)
    assert len(rows) == text.count('\n') > 60
    numbers = [int(row[0]) for row in rows]
    assert numbers == sorted(set(numbers))
    kind = r'(none|int|fd|flags|len|path|str|ptr|(in|out|inout):(\d+|@\d))\??'
    for _, name, arguments in rows:
        for word in arguments.split():
            assert re.fullmatch(kind, word), f'{name}: {word}'
    assert ('63', 'read', 'fd out:@3 len') in rows


def test_kernel_numbers(root):
    text = run(root, 'cat /proc/kernel').stdout
    number = dict(re.findall(r'^(\w+) (\d+)$', text, re.M))
    assert {'text', 'data', 'bss', 'boot', 'input_dropped'} <= set(number)
    assert 500 < int(number['bytes_per_process']) <= 1600
    assert int(number['text']) % 4096 == 0


# ---- the console -----------------------------------------------------------

def typed(boot, root, arguments):
    """Reads of the console; a line is echoed before anybody can have read it."""
    machine = boot(initrd=root, append=f'cmd=/test/typed {arguments}')
    machine.expect('^ready')
    return machine


@pytest.mark.parametrize('keys, got', [
    ('line\n', r'5:line\0a'),
    ('carriage return\r', r'16:carriage\20return\0a'),
    ('abx\x7fc\n', r'4:abc\0a'),
    ('abx\bc\n', r'4:abc\0a'),
    ('\x7f\x7fa\n', r'2:a\0a'),
    ('all gone\x15new\n', r'4:new\0a'),
    ('two words\x17more\n', r'9:two\20more\0a'),
    ('gr\u00f6\x7fo\u00df\n', r'6:gro\c3\9f\0a'),
    ('unfinished\x04', r'10:unfinished'),
    ('\x04', r'0:'),
    ('\n\n', r'1:\0a'),
    ('\x01\t\x1b\n', r'4:\01\09\1b\0a'),
])
def test_a_line(boot, root, keys, got):
    machine = typed(boot, root, '1')
    machine.send(keys, ahead=True)
    assert machine.expect('<(.*)>\n').group(1) == got


def test_lines_are_read_one_by_one(boot, root):
    machine = typed(boot, root, '4')
    machine.send('one\ntwo\n\x04three\n', ahead=True)
    for got in (r'4:one\0a', r'4:two\0a', '0:', r'6:three\0a'):
        assert machine.expect('<(.*)>\n').group(1) == got


def test_echo(boot, root):
    """What is typed is shown, what is rubbed out is rubbed out."""
    machine = typed(boot, root, '1')
    machine.send('ab\x01\x7f\x7fc\n')
    machine.expect('^<')
    assert 'ab^A\b \b\b \b\b \bc\n' in machine.text


@pytest.mark.parametrize('arguments, keys, got', [
    ('1 1 0', 'x', '1:x'),
    ('1 1 0', '\x03', r'1:\03'),
    ('1 1 0', '\r', r'1:\0d'),
    ('1 3 0', 'abc', '3:abc'),
    ('1 0 0', '', '0:'),
    ('1 0 2', '', '0:'),
    ('1 5 2', 'ab', '2:ab'),
])
def test_raw(boot, root, arguments, keys, got):
    machine = typed(boot, root, arguments)
    machine.send(keys)
    assert machine.expect('<(.*)>\n').group(1) == got


def test_type_ahead_is_what_the_reader_makes_of_it(boot, root):
    """Typed while a raw program slept, read as lines by the next one."""
    machine = boot(initrd=root, append='cmd=/test/typed 1 1 0 slow; '
                                       '/test/typed 2')
    machine.expect('^ready')
    machine.send('qab\x7fc\n\x04', ahead=True)
    assert machine.expect('<(.*)>\n').group(1).startswith('7:q')
    machine.send('xy\x7f\n\x04', ahead=True)
    assert machine.expect('<(.*)>\n').group(1) == r'2:x\0a'
    assert machine.expect('<(.*)>\n').group(1) == '0:'


def test_interrupt_ends_what_runs(boot, root):
    machine = boot(initrd=root)
    machine.expect(PROMPT)
    machine.send('/test/typed 1\r')
    machine.expect('^ready')
    machine.send('forgotten\x03')
    machine.expect(r'forgotten\^C\n\$ ')
    assert machine.enter('echo status $?', r'^status (\d+)\n')[1] == '130'


def test_interrupt_of_a_command_line_is_its_status(boot, root):
    machine = typed(boot, root, '1; echo not reached')
    machine.send('\x03')
    assert machine.wait() == 130
    assert '\nnot reached' not in machine.text


def test_no_test_types_ahead_unawares(boot):
    machine = boot()
    refused = pytest.raises(AssertionError, match='typed ahead')
    with refused:
        machine.send('too early\r')
    machine.expect(PROMPT)
    with refused:
        machine.send('echo one\recho two\r')
    machine.send('echo one\r')
    with refused:
        machine.send('echo two\r')
    machine.expect('^one\n')
    machine.expect(PROMPT)
    machine.enter('echo two', '^two\n')


def test_too_much_type_ahead_is_dropped_and_counted(boot, root):
    dropped = 'grep -q "input_dropped 905" /proc/kernel'
    machine = boot(initrd=root, append=f'cmd=until {dropped}; do :; done; '
                                       '/test/typed 1; cat /proc/kernel')
    machine.expect('hart')
    machine.send(('x' * 999 + 'y') * 5 + '\n')
    read = machine.expect('<(.*)>\n').group(1)
    assert read == '4096:' + ('x' * 999 + 'y') * 4 + 'x' * 95 + r'\0a'
    assert machine.expect(r'^input_dropped (\d+)\n').group(1) == '905'


@pytest.mark.parametrize('reader', ['typed 1', 'typed 1 5 0', 'typed 1 5 3'])
def test_a_reader_that_is_killed_leaves_no_trace(boot, root, reader):
    """The next reader gets all that is typed, and no memory is lost."""
    kill = f'/test/{reader} </dev/console & sleep 0.3; kill -9 $!; wait; '
    memory = 'grep heap_used /proc/kernel; '
    once = kill + memory        # what is made once is made by the first of them
    machine = boot(initrd=root, append='cmd=' + once + once + kill + once +
                   '/test/typed 1')
    _, before, after = [machine.expect(r'^heap_used (\d+)\n').group(1)
                        for _ in range(3)]
    machine.expect('ready')
    machine.send('for me\n')
    assert machine.expect('<(.*)>\n').group(1) == r'7:for\20me\0a'
    assert before == after
