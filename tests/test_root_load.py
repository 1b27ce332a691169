"""The root on a disk under load: full, with files larger than the memory, and
changed by the host between two runs."""
import random
import re
import subprocess
import time

import pytest

from conftest import BUILD, PROMPT, ROOT, copy_image, e2, judge, wrapper
from test_root import is_clean, run

# ---- much of it --------------------------------------------------------------

FILL = """cd /root
fill() {
    mkdir d; n=0
    while dd if=/dev/zero of=d/f$n bs=64k count=20 2>/dev/null; do
        n=$((n + 1))
    done
    while echo x >d/s$n; do n=$((n + 1)); done 2>/dev/null
    cp /bin/sh d/sh 2>/dev/null && echo there was room
    mkdir d/d 2>/dev/null && echo there was room
    sync; stat -f -c 'full: %f' /
}
sync; free=$(stat -f -c '%f %d' /); echo "at first: $free"
for i in 1 2 3; do
    fill; rm -r d
    # A task gives them back, some at a time.
    n=0
    while [ $n -lt 100 ] && [ "$(stat -f -c '%f %d' /)" != "$free" ]; do
        sleep 0.1; n=$((n + 1))
    done
    stat -f -c 'empty: %f %d' /
done
"""


def test_full_disk(tmp_path):
    """Full, empty and full again: no block is lost, and what is there is whole."""
    (tmp_path / 'root').mkdir()
    (tmp_path / 'root/fill').write_text(FILL)
    image = tmp_path / 'disk.img'
    subprocess.run([ROOT / 'tools/disk', 'make', image, '24',
                    BUILD / 'initrd.cpio', tmp_path / 'root'], check=True)
    said = run('sh /fill', image).splitlines()
    assert said[0].startswith('at first: ')
    assert said[1::2] == ['full: 0'] * 3
    assert said[2::2] == ['empty: ' + said[0].removeprefix('at first: ')] * 3
    assert is_clean(image)
    judge(image)


def test_mapped_pages_make_room_for_tmp(tmp_path, stocked):
    image = copy_image(stocked, tmp_path / 'disk.img')
    done = wrapper('--mem=32M', f'--disk={image}',
                   '--command=head -c 30000000 /dev/zero >/root/file; sync; '
                   '/test/mapfull /root/file 8', BUILD / 'kernel.elf')
    assert done.stdout.endswith('\nwritten 8 MiB, the file is the same\n'), \
        done.stdout


def test_a_read_is_whole_though_the_disk_is_slow(rootdisk):
    """What is not in memory yet is waited for, not left out."""
    run('head -c 9000000 /dev/zero >/root/file', rootdisk)
    out = run('for n in 1 2 3; do dd if=/root/file of=/dev/null bs=3000000 '
              'skip=$((3 - n)) count=1 2>&1 | head -n 1; done', rootdisk)
    assert out == '1+0 records in\n' * 3


@pytest.mark.parametrize('mib', [80, pytest.param(1024, marks=[
    pytest.mark.long, pytest.mark.timeout(900)])])
def test_a_file_larger_than_memory(boot, tmp_path, mib):
    """The console answers while it is written, read back and deleted."""
    image = tmp_path / 'disk.img'
    subprocess.run([ROOT / 'tools/disk', 'make', image, str(mib * 5 // 4 + 16),
                    BUILD / 'test.cpio'], check=True)
    machine = boot(mem='128M' if mib > 200 else '32M', timeout=800, flags=[
        '-drive', f'if=none,id=a,format=raw,file={image}',
        '-device', 'virtio-blk-device,drive=a'])
    machine.expect(PROMPT)
    free = machine.enter('stat -f -c "free: %f" /', r'^free: (\d+)\n')[1]
    machine.enter(f'(/test/large /root/large {mib}; echo status $?) '
                  '>/tmp/said 2>&1 &')
    slowest = asked = ended = 0
    while not ended:
        asked += 1
        since = time.monotonic()
        ended = int(machine.enter(f'echo answer $(({asked}+0)) '
                                  '$(grep -c status /tmp/said).',
                                  f'^answer {asked} (\\d)\\.\n')[1])
        slowest = max(slowest, time.monotonic() - since)
    print(f'{asked} answers, the slowest after {slowest:.2f} s')
    assert asked >= 10          # some 70; were it to wait, one or two
    machine.enter('cat /tmp/said', r'^large: written\n'
                  r'large: read, [0-9a-f]{16}\nlarge: deleted\nstatus 0\n')
    # The blocks are given back by a task, some at a time.
    machine.send(f'until [ $(stat -f -c %f /) = {free} ]; do sleep 0.1; done; '
                 'exit\r')
    assert machine.wait() == 0
    assert is_clean(image)
    judge(image)


# ---- with the host in turns --------------------------------------------------

HERE = """cd /root
[ -e round ] || echo 0 >round
n=$(cat round); echo $((n + 1)) >round
cat host/* 2>/dev/null | wc -c
ls host 2>/dev/null | wc -l
mkdir -p mine/$n; cp /bin/cat /bin/ls mine/$n; ln mine/$n/cat mine/cat$n
rm -r mine/$((n - 2)) host/gone* 2>/dev/null
mv host/moved$n mine/moved; head -c 300000 /dev/zero >>mine/grows
[ $n -lt 1 ] || cat mine/moved
find mine -type f | sort | head -n 50 | wc -l
"""


def test_used_by_barefoot_and_by_the_host_in_turns(tmp_path):
    (tmp_path / 'root').mkdir()
    (tmp_path / 'root/here').write_text(HERE)
    image, data = tmp_path / 'disk.img', tmp_path / 'data'
    data.write_bytes(random.Random(4).randbytes(70000))
    subprocess.run([ROOT / 'tools/disk', 'make', image, '32',
                    BUILD / 'initrd.cpio', tmp_path / 'root'], check=True)
    expected = count = 0
    for turn in range(5):
        said = run('sh /here', image).splitlines()
        assert is_clean(image)
        judge(image)
        assert said[:2] == [str(expected), str(count)], said
        if turn:
            assert said[2] == f'turn {turn}'
        # Now the host: a large file, a small one to be moved, one to be
        # deleted, a hole, a link, and some of its own of the turn before.
        (tmp_path / 'small').write_text(f'turn {turn + 1}\n')
        script = ['mkdir /root/host'] if not turn else [
            f'rm /root/host/large{turn - 1}', f'rm /root/host/link{turn - 1}',
            f'rm /root/mine/cat{turn - 1}']
        script += [f'write {data} /root/host/large{turn}',
                   f'write {tmp_path}/small /root/host/moved{turn + 1}',
                   f'write {data} /root/host/gone{turn}',
                   f'symlink /root/host/link{turn} large{turn}']
        (tmp_path / 'script').write_text('\n'.join(script) + '\n')
        e2('debugfs', '-w', '-f', tmp_path / 'script', image)
        judge(image)
        expected, count = 3 * 70000 + len(f'turn {turn + 1}\n'), 4
