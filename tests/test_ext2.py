"""Floor 14: ext2 and its journal, on the host over a disk in memory."""
import os
import random
import re
import shutil
import signal
import subprocess
import time

import pytest

from conftest import BUILD, PATIENCE, ROOT

PROGRAMS = os.path.join(ROOT, 'build', 'host', 'disk')
FEATURES = 'none,has_journal,filetype,sparse_super,large_file,dir_index'
SIZES = {1024: 4, 2048: 5, 4096: 9}     # MiB that hold a journal and some files


def tool(*words, status=0):
    done = subprocess.run(words, capture_output=True, text=True, errors='replace')
    assert done.returncode == status, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def program(name, *words, status=0):
    return tool(os.path.join(PROGRAMS, name), *map(str, words), status=status)


def make_image(path, block=4096, mib=None, features='', *more):
    subprocess.run(
        ['mke2fs', '-q', '-F', '-t', 'ext3', '-b', str(block), '-m', '0',
         '-N', '512', '-O', FEATURES + features, *more,
         '-J', f'size={max(1, block // 1024)}', path, f'{mib or SIZES[block]}M'],
        check=True, env={**os.environ, 'E2FSPROGS_FAKE_TIME': '1600000000'})
    return path


@pytest.fixture
def image(tmp_path):
    return make_image(tmp_path / 'disk.img')


def judge(path):
    """A check that finds nothing to ask about (HARDWARE.md, "ext2 tools")."""
    subprocess.run(['e2fsck', '-y', '-E', 'journal_only', path],
                   capture_output=True)
    assert 'Fix?' not in tool('e2fsck', '-fn', path)


def block_of(path, number, size=4096):
    with open(path, 'rb') as file:
        file.seek(number * size)
        return file.read(size)


# ---- power cuts --------------------------------------------------------------
# crash tells how many images there were; see tests/host/disk/crash.h for what
# the letters mean.

IMAGES = {                               # block size, MiB, features, more
    'blocks of 4096': (4096, 9, ''),
    'blocks of 2048': (2048, 5, ''),
    'blocks of 1024': (1024, 4, ''),
    'small groups': (1024, 5, '', '-g', '1024'),
}


def image_named(tmp_path, name):
    block, mib, features, *more = IMAGES[name]
    return make_image(tmp_path / 'disk.img', block, mib, features, *more)


@pytest.mark.parametrize('name', IMAGES)
def test_power_cut_in_one_operation(tmp_path, name):
    image = image_named(tmp_path, name)
    print(program('crash', image, '-a', 8, '-e', 200, 'one'))


def test_power_cut_in_two_operations(image):
    seed = random.randrange(1 << 30)
    print(program('crash', image, '-a', 8, '-e', 200, '-s', seed, 'two', 20))


@pytest.mark.long
@pytest.mark.timeout(6000)
@pytest.mark.parametrize('name', IMAGES)
def test_power_cut_in_any_two_operations(tmp_path, name):
    image = image_named(tmp_path, name)
    print(program('crash', image, '-b', 4, '-1', 1, '-c', 4, '-a', 8,
                  '-e', 200, 'all'))


@pytest.mark.long
@pytest.mark.timeout(3000)
@pytest.mark.parametrize('name', IMAGES)
def test_power_cut_in_longer_loads(tmp_path, name):
    image = image_named(tmp_path, name)
    seed = random.randrange(1 << 30)
    out = program('crash', image, '-c', 4, '-a', 8, '-e', 200, '-s', seed,
                  'load', 20, 12)
    print(out)
    assert int(re.search(r'(\d+) different ones', out)[1]) >= 5000


@pytest.mark.parametrize('plant, step', [
    ('no-flush', 'names grow'), ('no-revoke', 'recycle'),
    ('late-data', 'replace'), ('early-reuse', 'unlink big+create+append+replace'),
    ('no-freeze', 'drip'), ('early-tail', 'names grow+sync')])
def test_planted_fault_is_found(image, plant, step):
    assert 'not so' in program('crash', image, '-c', 6, '-r', 20, '-p', plant,
                               step, status=1)


# ---- anything, in any order --------------------------------------------------

@pytest.mark.parametrize('block', SIZES)
def test_random_operations(tmp_path, block):
    image = make_image(tmp_path / 'disk.img', block, SIZES[block] + 5)
    seed = random.randrange(1 << 30)
    print(program('exercise', image, '-s', seed, '-n', 10000))


@pytest.mark.parametrize('failing', [
    '-r 50', '-r 7', '-w 100', '-w 5', '-m 100', '-m 7', '-l 300',
    '-m 50 -l 900'])
def test_failing_disk_or_memory(tmp_path, failing):
    image = make_image(tmp_path / 'disk.img', 4096, 14)
    seed = random.randrange(1 << 30)
    print(program('exercise', image, '-s', seed, '-n', 5000, *failing.split()))


@pytest.mark.parametrize('count', [500, pytest.param(
    20000, marks=[pytest.mark.long, pytest.mark.timeout(3000)])])
@pytest.mark.parametrize('block', SIZES)
def test_bent_images(tmp_path, block, count):
    image = make_image(tmp_path / 'disk.img', block)
    seed = random.randrange(1 << 30)
    print(program('mutate', image, '-s', seed, '-n', count))


def debugfs(image, *lines):
    for line in lines:
        tool('debugfs', '-w', '-R', line, image)


def test_sync_of_what_is_only_read(image):
    program('use', image, 'write', 'lost+found', 'create', 'file')
    debugfs(image, 'feature quota')
    assert 'fsync lost+found: 0\n' in program('use', image, 'fsync',
                                              'lost+found')


def test_all_who_wait_for_a_flush_hear_that_it_failed():
    print(program('flushes'))


def test_moments_that_are_hardly_met(image):
    print(program('moments', image))


# ---- journals of others, and ours for others ---------------------------------

def test_replays_a_journal_that_debugfs_wrote(tmp_path, image):
    data = random.Random(4)
    one, two = data.randbytes(4096), data.randbytes(8192)
    magic = b'\xc0\x3b\x39\x98' + data.randbytes(4092)
    for name, contents in ('one', one), ('two', two), ('magic', magic):
        (tmp_path / name).write_bytes(contents)
    script = tmp_path / 'script'
    script.write_text(f'jo\njw -b 2000 {tmp_path}/one\n'
                      f'jw -b 2001,2002 {tmp_path}/two\n'
                      f'jw -b 2003 {tmp_path}/magic\njw -r 2001\njc\n')
    before = block_of(image, 2001)
    tool('debugfs', '-w', '-f', script, image)
    program('replay', image)
    assert block_of(image, 2000) == one
    assert block_of(image, 2001) == before       # revoked
    assert block_of(image, 2002) == two[4096:]
    assert block_of(image, 2003) == magic
    judge(image)


def journal_with(image, tmp_path, block, contents):
    data = tmp_path / 'data'
    data.write_bytes(contents)
    last = block + len(contents) // 4096 - 1
    (tmp_path / 'script').write_text(f'jo\njw -b {block}-{last} {data}\njc\n')
    tool('debugfs', '-w', '-f', tmp_path / 'script', image)


# Some of the log is on its way home when the rest turns out to be nonsense.
def test_replay_that_fails_in_the_middle(image, tmp_path):
    journal_with(image, tmp_path, 2000, random.randbytes(40 * 4096))
    data = bytearray(image.read_bytes())
    header = bytes.fromhex('c03b3998 00000001')
    at = data.index(header + b'\0\0\0')
    for bad in range(2005, 2040):
        bent = bytearray(data)
        tag = data.index(bad.to_bytes(4, 'big'), at)
        bent[tag:tag + 4] = b'\x7f\xff\xff\xff'
        image.write_bytes(bent)
        text = program('use', image, '-d', '-l', 8)
        assert 'the journal cannot be replayed' in text
        assert 'not mounted' in text


# The superblock in the log says that there is nothing to be replayed; it is
# replayed as well, long before the end.
def test_replay_of_a_superblock_that_asks_for_none(image, tmp_path):
    first = bytearray(block_of(image, 0))
    assert not first[1024 + 0x60] & 4
    contents = bytes(first) + random.randbytes(40 * 4096)
    (tmp_path / 'super').write_bytes(first)
    (tmp_path / 'data').write_bytes(contents[4096:])
    (tmp_path / 'script').write_text(
        f'jo\njw -b 0 {tmp_path}/super\njw -b 2001-2040 {tmp_path}/data\njc\n')
    tool('debugfs', '-w', '-f', tmp_path / 'script', image)
    program('use', image, '-d', '-l', 8)
    for n in range(2001, 2041):
        assert block_of(image, n) == contents[(n - 2000) * 4096:][:4096]


def test_a_block_like_the_journal_s_own_is_escaped(image):
    program('replay', image, 2000)
    assert block_of(image, 2000)[:4] == bytes(4)
    subprocess.run(['e2fsck', '-y', '-E', 'journal_only', image])
    assert block_of(image, 2000)[:4] == b'\xc0\x3b\x39\x98'


def test_finishes_what_is_on_the_orphan_list(image):
    tool('debugfs', '-w', '-R', 'write /bin/sh file', image)
    inode = int(tool('debugfs', '-R', 'stat file', image).split()[1])
    tool('debugfs', '-w', '-R', 'unlink file', image)
    tool('debugfs', '-w', '-R', f'sif <{inode}> links_count 0', image)
    tool('debugfs', '-w', '-R', f'ssv last_orphan {inode}', image)
    program('replay', image)
    judge(image)


@pytest.mark.parametrize('features, said', [
    (',mmp', 'mmp'), (',meta_bg', 'meta_bg'), (',inline_data,extents', 'inline_data')])
def test_features_are_refused_by_name(tmp_path, features, said):
    image = make_image(tmp_path / 'disk.img', features=features)
    done = subprocess.run([os.path.join(PROGRAMS, 'replay'), image],
                          capture_output=True, text=True)
    assert done.returncode
    assert f'refused: feature {said} ' in done.stdout


def test_mounts_read_only_what_it_cannot_write(tmp_path):
    image = make_image(tmp_path / 'disk.img', features=',quota')
    before = image.read_bytes()
    assert 'read-only: feature quota ' in program('replay', image)
    assert image.read_bytes() == before


# ---- on the machine ----------------------------------------------------------

SCENE = r'''
mkdir /tmp/m; mount /dev/vda /tmp/m && cd /tmp/m
mkdir -p a/b/c; echo hello >a/b/c/file; cp /bin/sh sh; ./sh -c 'echo from disk'
i=0; while [ $i -lt 60 ]; do echo $i >a/file$i; i=$((i + 1)); done
ls a | wc -l; mv a/b/c/file moved; mv sh a/file1; rm a/file2; rmdir a/b/c
head -c 5000000 /dev/zero >big; cat big big | wc -c; rm big
cd /; umount /tmp/m && mount /dev/vda /tmp/m && cat /tmp/m/moved && umount /tmp/m
'''
LOAD = r'''
mkdir /tmp/m; mount /dev/vda /tmp/m && cd /tmp/m || exit 1
mkdir d; echo go; n=0
while :; do
    head -c 300000 /bin/sh >d/new$n; mv d/new$n d/old; mkdir d/e$n; sync
    cp /bin/ls d/e$n; rm -r d/e$n; n=$((n + 1)); echo $n >>d/log
done
'''


def machine(image, command, **more):
    return subprocess.Popen(
        [os.path.join(ROOT, 'tools', 'run'), f'--initrd={BUILD}/initrd.cpio',
         f'--disk={image}', f'--timeout={PATIENCE}', '--mem=32M',
         '--append=root=initrd', f'--command={command}',
         f'{BUILD}/kernel.elf'], stdin=subprocess.DEVNULL, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        start_new_session=True, **more)


@pytest.mark.parametrize('block', SIZES)
def test_used_by_the_machine_and_by_the_host(tmp_path, block):
    image = make_image(tmp_path / 'disk.img', block, 20)
    run = machine(image, SCENE.replace('\n', '; ').strip('; '))
    text = run.communicate(timeout=PATIENCE)[0]
    assert run.returncode == 0, text
    for line in 'hello', 'from disk', '61', '10000000':
        assert line in text.splitlines(), text
    judge(image)
    tool('debugfs', '-w', '-R', 'rm moved', image)
    tool('debugfs', '-w', '-R', 'write /etc/passwd moved', image)
    run = machine(image, 'mkdir /tmp/m; mount /dev/vda /tmp/m; '
                         'cat /tmp/m/moved; umount /tmp/m')
    assert 'root:' in run.communicate(timeout=PATIENCE)[0]
    judge(image)


BUSY = r'''
mkdir /tmp/m; mount /dev/vda /tmp/m && cd /tmp/m || exit 1
while :; do head -c 300000 /dev/zero >busy; done &
sync; sync; echo synced; kill $!
head -c 20000000 /dev/zero >big & n=0
while kill -0 $!; do cat /bin/sh >/dev/null && n=$((n + 1)); done
[ $n -gt 3 ] && echo answers; wc -c <big; cd /; umount /tmp/m
'''


def test_slow_disk_and_fast_writers(tmp_path):
    """A sync ends although others write on; who fills the disk's memory waits,
    and nobody else does."""
    image = make_image(tmp_path / 'disk.img', 4096, 40)
    flags = (f'-drive if=none,id=a,format=raw,file={image},'
             'throttling.bps-write=8000000 -device virtio-blk-device,drive=a')
    run = subprocess.run(
        [os.path.join(ROOT, 'tools', 'run'), f'--initrd={BUILD}/initrd.cpio',
         f'--timeout={PATIENCE}', '--mem=32M', f'--flags={flags}',
         f'--command={BUSY.strip()}', f'{BUILD}/kernel.elf'],
        stdin=subprocess.DEVNULL, text=True, capture_output=True)
    lines = run.stdout.splitlines()
    assert run.returncode == 0 and 'synced' in lines, run.stdout + run.stderr
    assert 'answers' in lines and '20000000' in lines, run.stdout
    judge(image)


@pytest.mark.parametrize('times', [5, pytest.param(
    100, marks=[pytest.mark.long, pytest.mark.timeout(1500)])])
def test_power_cut_of_the_machine(tmp_path, times):
    image = make_image(tmp_path / 'disk.img', 4096, 20)
    for _ in range(times):
        run = machine(image, LOAD.strip())
        for line in run.stdout:
            if line.strip() == 'go' or 'exists' in line:
                break
        time.sleep(random.uniform(0.1, 1))
        os.killpg(run.pid, signal.SIGKILL)
        run.communicate()
        copy = tmp_path / 'copy.img'
        shutil.copy(image, copy)
        judge(copy)                              # replayed by e2fsck
        program('replay', image)                 # and by us
        judge(image)
