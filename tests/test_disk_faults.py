"""Floor 14 on a disk that fails, and without memory: whoever asked gets an
error, nobody else notices; nothing is lost, neither of the memory nor of the
file system."""
import json
import re
import shlex

import pytest

from conftest import BUILD, copy_image, wrapper
from test_abuse import healthy
from test_ext2 import judge, make_image


# On a directory: all kinds of changes, some of them synced.
LOAD = ('cd /tmp/m || exit; rm -r d e 2>/dev/null; mkdir -p d/b/c e; '
        'cp /bin/sh d/b/sh; sync; ls -l d/b e >/dev/null; cat d/b/sh | wc -c; '
        'i=0; while [ $i -lt 20 ]; do echo $i >d/f$i; i=$((i + 1)); done; '
        'mv d/b/sh e/sh; ln e/sh d/ln; ln -s sh e/soft; rm d/f1*; sync; '
        'head -c 200000 /dev/zero >>e/sh; head -c 300 e/soft >d/b/part; '
        'find . -type f | wc -l; rm -r e; touch d/g; sync d/g; cd /')
GONE = ('while grep -q " /tmp/m " /proc/mounts; do umount /tmp/m 2>/dev/null; '
        'done')


def turn(disk):
    return f'mount /dev/{disk} /tmp/m && ({LOAD}); {GONE}'


# ---- the disk ----------------------------------------------------------------

EVENTS = {'read': 'read_aio', 'write': 'write_aio', 'flush': 'flush_to_disk'}


def failing(image, kind, every):
    """Each n-th of such requests ends with EIO.  blkdebug counts in states; an
    error stays till another rule is met, so one of no sector follows it."""
    event = EVENTS[kind]
    states = [{'event': event, 'state': n, 'new_state': n % every + 1}
              for n in range(1, every + 1)]
    faults = [{'event': event, 'state': every, 'iotype': kind, 'errno': 5}]
    if every > 1:
        faults.append({**faults[0], 'state': 1, 'sector': 1 << 40})
    return blkdebug(image, states, faults)


def blkdebug(image, states, faults):
    return shlex.join(['-blockdev', json.dumps({
        'driver': 'raw', 'node-name': 'a', 'file': {
            'driver': 'blkdebug', 'set-state': states, 'inject-error': faults,
            'image': {'driver': 'file', 'filename': str(image)}}},
        separators=(',', ':')), '-device', 'virtio-blk-device,drive=a'])


# What is made once is made by a disk that does not fail.  The shell that measures
# takes a page or two more itself, so what leaks once does so four times.
MEASURED = (
    'mkdir /tmp/m; f() { grep MemFree /proc/meminfo; grep heap_used '
    f'/proc/kernel; }}; ({turn("vdb")}); m=$(f); '
    f'for i in 1 2 3 4; do ({turn("vda")}); done; '
    # Tasks give some of it back, when the disk has answered.
    'g() { set -- $m $(f); [ $7 -ge $(($2 - 12)) ] && [ ${10} -le $5 ]; }; '
    'n=0; until g || [ $n = 1000 ]; do '
    'sleep 0.01; n=$((n + 1)); done; echo "at first" $m; echo "still here" $(f)')


def turns(image, kind, every):
    other = make_image(image.with_name('other.img'), 4096, 16)
    text = healthy(wrapper(
        '--mem=32M', '--append=root=initrd', f'--command={MEASURED}',
        f'--flags={failing(image, kind, every)} -initrd {BUILD}/test.cpio '
        f'-drive if=none,id=b,format=raw,file={other} '
        '-device virtio-blk-device,drive=b', BUILD / 'kernel.elf'))
    left = re.search(r'^at first MemFree: (\d+) kB heap_used (\d+)\n'
                     r'still here MemFree: (\d+) kB heap_used (\d+)\n\Z',
                     text, re.M)
    assert left, text
    kib, heap, now_kib, now_heap = map(int, left.groups())
    assert now_kib >= kib - 12 and now_heap <= heap, text
    return text


@pytest.mark.parametrize('kind, numbers', [
    *[(kind, [n]) for kind, n in (('read', 2), ('read', 17), ('write', 3),
                                  ('write', 60), ('flush', 1), ('flush', 3))],
    *[pytest.param(kind, range(1, most), marks=[
        pytest.mark.long, pytest.mark.timeout(3000)])
      for kind, most in (('read', 80), ('write', 120), ('flush', 12))]])
def test_every_nth_request_fails(tmp_path, kind, numbers):
    image = make_image(tmp_path / 'disk.img', 4096, 16)
    heard = 0
    for every in numbers:
        text = turns(image, kind, every)
        heard += 'error' in text or 'read-only from now on' in text
        judge(image)
    print(text)
    assert heard


# ---- a disk with the root on it ------------------------------------------------

def dying(image, after):
    """After so many requests each ends with EIO."""
    states = [{'event': event, 'state': n, 'new_state': n + 1}
              for n in range(1, after + 1) for event in EVENTS.values()]
    faults = [{'event': event, 'state': after + 1, 'iotype': kind, 'errno': 5}
              for kind, event in EVENTS.items()]
    return blkdebug(image, states, faults)


EVERY_PROGRAM = (
    'i=0; while [ $i -lt 3 ]; do for p in /bin/*; do cat $p >/dev/null; done; '
    'echo $i >/root/new; sync; i=$((i + 1)); done; ls /root | wc -l; echo end')


# The first mounts nothing; then process 1 cannot be had, or no shell; then the
# shell goes on with what it has in memory.
@pytest.mark.parametrize('numbers', [
    (8, 16, 18, 20, 24, 30, 45, 60),
    pytest.param(range(1, 100), marks=[
        pytest.mark.long, pytest.mark.timeout(1500)])])
def test_the_disk_with_the_root_dies(tmp_path, stocked, numbers):
    for after in numbers:
        image = copy_image(stocked, tmp_path / 'disk.img')
        result = wrapper(f'--flags={dying(image, after)}', '--mem=32M',
                         f'--command={EVERY_PROGRAM}', BUILD / 'kernel.elf')
        text = healthy(result)
        assert re.search('I/O error|error 5|not on the first|SIGBUS|read-only '
                         'from', text), text
        assert ('\nend\n' in text) == (result.returncode == 0), text
        judge(image)


# ---- memory ------------------------------------------------------------------

# The rarer, the further it comes before the first.
@pytest.mark.parametrize('most, step', [
    (1500, 61), *[pytest.param(most, step, marks=[
        pytest.mark.long, pytest.mark.timeout(2000)])
        for most, step in ((500, 1), (3000, 7))]])
def test_every_nth_allocation_fails(tmp_path, most, step):
    image = make_image(tmp_path / 'disk.img', 4096, 16)
    line = turn('vda')
    result = wrapper(
        f'--disk={image}', '--append=root=initrd failalloc', '--mem=64M',
        f'--flags=-initrd {BUILD}/test.cpio', '--command=mkdir /tmp/m; '
        f"/test/abuse_failing {most} '{line}' '{GONE}' {step}",
        BUILD / 'kernel.elf', timeout=1000)
    text = healthy(result)
    print(text)
    assert 'runs that lost memory: 0' in text and result.returncode == 0, text
    told = re.findall(r'^every (\d+): status (\w+), missing', text, re.M)
    assert [int(n) for n, _ in told] == list(range(step, most + 1, step))
    judge(image)
