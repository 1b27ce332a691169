"""The root on a disk: where it comes from, that it is kept, that it is in order
whatever ends the machine, and that programs find on it what they find elsewhere.
"""
import json
import os
import random
import re
import signal
import subprocess
import time

import pytest

from conftest import (BUILD, HARTS, PATIENCE, ROOT, copy_image, e2, judge,
                      wrapper)
from test_user import lines, theirs
from test_user_host import CASES, PROGRAMS, TALKS, TOOL_CASES, oracle

GREETING = f'Barefoot on virt: {HARTS} hart{"s" * (HARTS != "1")}, 128 MiB\n'


def run(line, *images, append='', status=0, timeout=PATIENCE, flags=''):
    result = wrapper('--command=' + line, *[f'--disk={i}' for i in images],
                     f'--append={append}', f'--flags={flags}',
                     BUILD / 'kernel.elf', timeout=timeout)
    assert result.returncode == status, result.stdout + result.stderr
    assert result.stdout.startswith(GREETING), result.stdout
    return result.stdout[len(GREETING):]


def is_clean(image):
    """Nothing is left for a replay, a check or the list of orphans."""
    text = e2('dumpe2fs', '-h', image)
    return 'needs_recovery' not in text and 'orphan inode' not in text and \
        re.search(r'^Filesystem state: +clean$', text, re.M)


# ---- which root --------------------------------------------------------------

def test_what_is_written_is_there_the_next_time(rootdisk):
    out = run('echo kept >/root/note; mv /bin/true /bin/yea; '
              'head -n 3 /proc/mounts; ls -d /dev/null /proc/1', rootdisk)
    assert out == ('/dev/vda / ext3 rw 0 0\ndevtmpfs /dev devtmpfs ro 0 0\n'
                   'proc /proc proc ro 0 0\n/dev/null\n/proc/1\n')
    assert is_clean(rootdisk)
    assert run('cat /root/note; yea; cd /root/../..; pwd', rootdisk) == 'kept\n/\n'


def test_a_file_of_the_disk_knows_its_path(rootdisk):
    """glibc's start-up in a static program insists on that of its own."""
    out = run('ls -l /proc/self/exe; echo >/root/f; '
              'ls -l /proc/self/fd/0 </root/f', rootdisk)
    assert re.findall('-> (.*)', out) == ['/bin/ls', '/root/f']


def test_without_a_disk_it_is_the_initial_one():
    assert run('head -n 1 /proc/mounts') == 'rootfs / rootfs ro 0 0\n'


@pytest.fixture
def blank(tmp_path):
    """A disk with an ext2 and nothing in it."""
    image = tmp_path / 'blank.img'
    e2('mke2fs', '-q', '-F', '-t', 'ext3', '-b', '4096', image, '8M')
    return image


def test_another_disk_by_name(rootdisk, blank):
    for name in 'vdb', '/dev/vdb':
        out = run('head -n 1 /proc/mounts', blank, rootdisk,
                  append=f'root={name}')
        assert out == '/dev/vdb / ext3 rw 0 0\n'


@pytest.mark.parametrize('name', ['vdc', '/dev/', 'x' * 99])
def test_a_name_of_no_disk_ends_the_machine(rootdisk, name):
    out = run('echo not reached', rootdisk, append=f'root={name}', status=125)
    assert out == ('root: there is no disk of that name\n'
                   'root: not on the disk that `root=` names: power off\n')


def test_disks_that_are_no_root(stocked, blank, tmp_path):
    """Not asked for: the initial root, and the disk is unmounted again."""
    raw = tmp_path / 'raw.img'
    raw.write_bytes(bytes(1 << 20))
    bent = copy_image(stocked, tmp_path / 'bent.img')
    with open(bent, 'r+b') as file:
        file.seek(1024 + 0x20)          # blocks per group
        file.write(bytes(4))
    places = copy_image(stocked, tmp_path / 'places.img')
    e2('debugfs', '-w', '-R', 'rmdir /proc', places)
    for image, why in ((raw, 'vda: no ext2: bad magic number\n'),
                       (blank, 'vda: no /bin/init in it (error 2)\n'),
                       (bent, 'vda: no ext2: bad blocks per group\n'),
                       (places, 'vda: no /proc in it (error 2)\n')):
        asked = run('echo not reached', image, append='root=vda', status=125)
        assert why in asked and 'not reached' not in asked
        out = run('head -n 1 /proc/mounts', image)
        assert out.startswith(why)
        assert out.endswith('root: not on the first disk; the initial one '
                            'instead\nrootfs / rootfs ro 0 0\n')
    assert is_clean(blank) and is_clean(places)
    out = run('mount /dev/vda /tmp/m 2>&1; mkdir /tmp/m; mount /dev/vda /tmp/m; '
              'ls /tmp/m', blank, append='root=initrd')
    assert out.endswith(': No such file or directory\nlost+found\n')
    judge(blank)


def test_a_disk_that_must_not_be_written(rootdisk):
    result = wrapper('--command=cat /proc/mounts; echo x >/x || echo refused',
                     '--flags=-drive if=none,id=a,format=raw,readonly=on,'
                     f'file={rootdisk} -device virtio-blk-device,drive=a',
                     BUILD / 'kernel.elf')
    assert '/dev/vda / ext3 ro 0 0\n' in result.stdout
    assert result.stdout.endswith('Read-only file system\nrefused\n')


# ---- the end -----------------------------------------------------------------

@pytest.mark.parametrize('line, status', [
    ('exit 7', 7), ('poweroff', 0), ('poweroff & while :; do :; done', 0),
    # Others still run, wait, hold files that have no name, and write.
    ('cd /root; sh -c "(exec 3>gone; rm gone; head -c 3000000 /dev/zero >&3; '
     'echo go; exec sleep 100 >/dev/null) &" | head -n 1; '
     'cat /dev/zero >big & cat /proc/kernel | cat >/dev/null & '
     'sh -c "sleep 100; echo" & exit 3', 3),
    ('cd /tmp; /test/orphans >/dev/null; cp /bin/ls /bin/mine; mine -d /', 0)])
def test_the_end_leaves_it_clean(rootdisk, line, status):
    run(line, rootdisk, status=status)
    assert is_clean(rootdisk)
    judge(rootdisk)


def test_at_the_end_all_disks_are_clean(rootdisk, blank):
    run('mount /dev/vdb /mnt; cd /mnt; mkdir in; cp /bin/sh in; '
        'sleep 100 <in/sh & head -c 200000 /dev/zero >zero', rootdisk, blank)
    assert is_clean(rootdisk) and is_clean(blank)
    judge(blank)
    assert 'zero' in e2('debugfs', '-R', 'ls', blank)


LOAD = ('cd /root; mkdir d; echo go; n=$(echo 0 | cat - d/log 2>/dev/null | '
        'tail -n 1); while :; do cp /bin/sh d/new$n; '
        'mv d/new$n d/old; mkdir d/e$n; rm -r d/e$n; n=$((n + 1)); '
        'echo $n >>d/log; sync; done')


def test_time_out_then_recovered(rootdisk):
    for seconds in 2, 10, 60:       # at least a round has to be through by then
        result = wrapper(f'--command={LOAD}', f'--disk={rootdisk}',
                         BUILD / 'kernel.elf', timeout=seconds)
        assert result.returncode == 124
        copy = copy_image(rootdisk, rootdisk.with_suffix('.early'))
        e2('e2fsck', '-y', '-E', 'journal_only', copy, good=(0, 1))
        if 'log' in e2('debugfs', '-R', 'ls /root/d', copy):
            break
    assert 'needs_recovery' in e2('dumpe2fs', '-h', rootdisk)
    judge(rootdisk)
    out = run('cmp() { [ "$(cat $1 | wc -c)" = "$(cat $2 | wc -c)" ]; }; '
              'cmp /root/d/old /bin/sh && tail -n 1 /root/d/log', rootdisk)
    assert int(out) > 0
    assert is_clean(rootdisk)


@pytest.mark.parametrize('times', [3, pytest.param(60, marks=[
    pytest.mark.long, pytest.mark.timeout(1500)])])
def test_power_cuts(rootdisk, times):
    """Killed at any moment, also while it recovers: the next start goes on."""
    seen = 0
    for _ in range(times):
        machine = subprocess.Popen(
            [ROOT / 'tools/run', f'--disk={rootdisk}', f'--timeout={PATIENCE}',
             f'--harts={HARTS}', f'--command={LOAD}', BUILD / 'kernel.elf'],
            text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, start_new_session=True)
        for line in machine.stdout:
            if line == 'go\n':
                break
            assert line == GREETING or 'File exists' in line, line
        time.sleep(random.uniform(0, 0.7))
        os.killpg(machine.pid, signal.SIGKILL)
        machine.wait()
        judge(rootdisk)
        before, seen = seen, int(run(
            'echo 0 | cat - /root/d/log 2>/dev/null | tail -n 1', rootdisk))
        assert seen >= before           # each was followed by a sync


# ---- make run ----------------------------------------------------------------

def make(image, *words, good=True):
    done = subprocess.run(
        ['make', '-s', '-C', ROOT, f'image={image}', 'DISKSIZE=32', *words],
        stdin=subprocess.DEVNULL, capture_output=True, text=True,
        timeout=PATIENCE)
    assert (done.returncode == 0) == good, done.stdout + done.stderr
    return done.stdout.removeprefix(GREETING) if good else done.stderr


def test_make_run_keeps_its_disk(tmp_path):
    image = tmp_path / 'mine.img'
    assert make(image, 'run', 'CMD=echo $$ >/root/note; rm /bin/yes') == ''
    assert make(image, 'run', 'CMD=cat /root/note; ls /bin/yes || true') == \
        '2\nls: /bin/yes: No such file or directory\n'
    (tmp_path / 'laid/etc').mkdir(parents=True)
    (tmp_path / 'laid/etc/motd').write_text('laid over\n')
    out = make(image, 'run', f'FILES={tmp_path}/laid', 'CMD=cat /etc/motd')
    assert out == 'laid over\n'
    assert make(image, 'run', 'CMD=cat /etc/motd /root/note') == \
        'laid over\n2\n'
    make(image, 'put', f'FILE={tmp_path}/laid/etc', 'TO=/root')
    assert '/root/etc:\n' in make(image, 'ls-disk')
    make(image, 'get', 'FILE=/root/note', f'TO={tmp_path}')
    assert (tmp_path / 'note').read_text() == '2\n'
    judge(image)
    # DISK=none has the initial root, and writes to no disk.
    before = image.stat().st_mtime_ns
    assert make(image, 'run', 'DISK=none', 'CMD=head -n 1 /proc/mounts') == \
        'rootfs / rootfs ro 0 0\n'
    assert image.stat().st_mtime_ns == before


def test_make_run_refreshes_what_was_built_anew(tmp_path):
    """As the note says what was built the last time, another note will do."""
    image, note = tmp_path / 'mine.img', tmp_path / 'mine.img.built'
    make(image, 'run', 'CMD=echo echo mine >/bin/uname; cp /bin/uname /bin/seq')
    digests = json.loads(note.read_text())
    digests['bin/seq'] = 'of an older one'
    note.write_text(json.dumps(digests))
    out = make(image, 'run', 'CMD=sh /bin/uname; seq 2')
    assert out == 'mine\n1\n2\n'
    judge(image)


def test_one_machine_at_a_time(tmp_path):
    image = tmp_path / 'mine.img'
    make(image, 'run', 'CMD=true')
    first = subprocess.Popen(
        ['make', '-s', '-C', ROOT, f'image={image}', 'run',
         'CMD=echo go; cat'], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        text=True)
    while first.stdout.readline() != 'go\n':
        pass
    for words in ['run'], ['ls-disk'], ['disk'], ['get', 'FILE=/x', 'TO=/x']:
        assert 'mine.img: a machine is using it' in \
            make(image, *words, good=False)
    first.communicate()
    assert first.returncode == 0
    assert make(image, 'run', 'CMD=echo next') == 'next\n'


# ---- programs ----------------------------------------------------------------

def test_programs_like_the_oracle(rootdisk):
    names = PROGRAMS + TALKS
    text = run('for p in ' + ' '.join(names) + '; do echo "== $p"; /test/$p; '
               'echo "-- $?"; done 2>&1', rootdisk)
    parts = dict(re.findall(r'^== (\w+)\n(.*?^-- \d+\n)', lines_of(text),
                            re.M | re.S))
    wrong = []
    for name in names:
        there = oracle(BUILD / 'user/test' / name)
        expected = f'{there.stdout}-- {there.returncode}\n'
        if parts.get(name) != expected:
            wrong.append((name, parts.get(name), expected))
    assert not wrong


def lines_of(text):
    return lines(subprocess.CompletedProcess([], 0, text))


LOOP = '''
cd /cases
export HOME=/root LC_ALL=C
for i in *; do
    export T=/same; mkdir $T
    echo "== $i"
    (cd $T; sh -c "$(cat /cases/$i)" zero one </dev/null) 2>/dev/null
    status=$?
    echo; echo "-- $status"
    rm -r $T
done
'''


def test_scripts_like_debian(tmp_path):
    """Every second one, in a directory of the disk."""
    scripts = (CASES + TOOL_CASES)[random.randrange(2)::2]
    root = tmp_path / 'root'
    (root / 'cases').mkdir(parents=True)
    (root / 'etc').mkdir()
    (root / 'etc/passwd').write_text(open('/etc/passwd').read())
    (root / 'loop').write_text(LOOP)
    for number, script in enumerate(scripts):
        (root / f'cases/{number:03}').write_text(script)
    image = tmp_path / 'disk.img'
    subprocess.run([ROOT / 'tools/disk', 'make', image, '32',
                    BUILD / 'test.cpio', root], check=True)
    here = lines_of(run('sh /loop', image))
    parts = dict(re.findall(r'^== (\d+)\n(.*?^-- \d+\n)', here, re.M | re.S))
    wrong = []
    for number, script in enumerate(scripts):
        there = theirs(script, tmp_path / f'theirs{number}')
        if parts.get(f'{number:03}').replace('/same', '/tmp/same') != there:
            wrong.append((script, parts.get(f'{number:03}'), there))
    assert not wrong
    assert is_clean(image)
    judge(image)
