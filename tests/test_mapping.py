"""Files in the address space, on a disk: what is stored reaches it, and a file
is the same from all sides, here as with Linux's system calls."""
import random
import subprocess

import pytest

from conftest import BUILD, PATIENCE, PROMPT, ROOT, wrapper
from test_ext2 import judge, make_image
from test_user_host import oracle
from test_user import lines

ON_DISK = ('mkdir /tmp/m; mount /dev/vda /tmp/m && {}; s=$?; cd /; '
           'umount /tmp/m; exit $s')


def on_disk(image, command, timeout=PATIENCE, mem='32M'):
    return wrapper(f'--disk={image}', f'--mem={mem}', '--append=root=initrd',
                   f'--command={ON_DISK.format(command)}',
                   f'--flags=-initrd {BUILD}/test.cpio', BUILD / 'kernel.elf',
                   timeout=timeout)


def same(result, expected):
    assert '\n'.join(lines(result).split('\n')[1:]) == expected
    assert result.returncode == 0


def exercise(tmp_path, block, operations, names, mib, timeout=PATIENCE):
    """The same ELF on our disk and on the host's; then the file is read from the
    disk, with nothing of it in memory."""
    seed = random.randrange(1 << 30)
    jobs = [f'exercise {{}} {seed} {operations}', f'naming {{}} {seed} {names}',
            'exercise {}']
    there = [oracle(*f'{BUILD}/user/test/{job}'.format(tmp_path).split())
             for job in jobs]
    assert not any(one.returncode for one in there), there
    image = tmp_path / 'disk.img'
    subprocess.run(['mke2fs', '-q', '-F', '-t', 'ext3', '-b', str(block), '-N',
                    str(names + 100), image, f'{mib}M'], check=True)
    for job, expected in zip(jobs, there):
        same(on_disk(image, f'/test/{job}'.format('/tmp/m'), timeout),
             expected.stdout)
        judge(image)


@pytest.mark.parametrize('block', [1024, 4096])
def test_exercise(tmp_path, block):
    exercise(tmp_path, block, 10000, 1000, 32)


@pytest.mark.long
@pytest.mark.timeout(3000)
@pytest.mark.parametrize('block', [1024, 2048, 4096])
def test_exercise_for_long(tmp_path, block):
    exercise(tmp_path, block, 100000, 20000, 64, 1200)


@pytest.mark.parametrize('block', [1024, 4096])
def test_like_the_oracle_on_a_disk(tmp_path, block):
    image = make_image(tmp_path / 'disk.img', block, 24)
    for name in 'mapped', 'exchange':
        same(on_disk(image, f'/test/{name} /tmp/m'),
             oracle(BUILD / 'user/test' / name, tmp_path).stdout)
        judge(image)


@pytest.mark.parametrize('block', [1024, 4096])
def test_stores_without_room(tmp_path, block):
    """A full disk is a signal, nothing is lost or leaked, and it empties."""
    image = make_image(tmp_path / 'disk.img', block, 24)
    result = on_disk(image, '/test/mapclaims /tmp/m full')
    assert ' claims, 0 do not hold\nmissing: 0 pages' in result.stdout
    assert result.returncode == 0
    judge(image)


def test_claims_in_memory(command):
    result = command('/test/mapclaims /tmp')
    assert ' claims, 0 do not hold\nmissing: 0 pages, 0 bytes' in result.stdout


def test_calls_of_a_batch_wait_for_the_disk(tmp_path):
    top = tmp_path / 'top'
    top.mkdir()
    (top / 'bytes').write_bytes(random.randbytes(1200000))
    image = tmp_path / 'disk.img'
    subprocess.run(['mke2fs', '-q', '-F', '-t', 'ext3', '-b', '4096', '-d', top,
                    image, '16M'], check=True)
    result = on_disk(image, '/test/batchdisk /tmp/m/bytes')
    assert '16 done, 16 right' in result.stdout
    judge(image)


# ---- larger than the memory --------------------------------------------------

PROGRAMS = ('for i in 1 2 3 4 5 6 7 8 9 10; do '
            '/bin/seq 5 | /bin/sort -r | /bin/head -n 2 | /bin/tr 4 x; '
            '/bin/expr $i + 1; /bin/ls -d /bin | /bin/wc -l; done')


def large_image(path, mib):
    subprocess.run(['mke2fs', '-q', '-F', '-t', 'ext3', '-b', '4096', path,
                    f'{mib}M'], check=True)
    return path


def test_a_mapping_larger_than_memory(tmp_path):
    """Read twice, in order and by chance, and written: in a third of the memory.
    The second time leaves as much memory free as the first."""
    image = large_image(tmp_path / 'disk.img', 112)
    ready = 'mkdir -p /tmp/m; mount /dev/vda /tmp/m && '
    load = '/test/mapload /tmp/m/load {}; umount /tmp/m; free'
    result = wrapper(
        f'--disk={image}', '--mem=32M', '--append=root=initrd',
        '--command=' + ready + load.format(24) + '; ' + ready + load.format(96),
        f'--flags=-initrd {BUILD}/test.cpio', BUILD / 'kernel.elf')
    assert result.returncode == 0
    parts = [part.split('\n') for part in result.stdout.split('missing')]
    for part in parts[:2]:
        said = [line for line in part if line.endswith(' wrong')]
        assert len(said) == 8 and all(': 0 ' in line for line in said), said
    first, second = [int(line.split()[-1]) for line in lines(result).split('\n')
                     if line.startswith('Mem:')]
    assert abs(first - second) <= 16, (first, second)
    judge(image)


def test_programs_start_while_mappings_fill_the_memory(boot, tmp_path):
    """Text of programs, on the disk too, comes and goes; nobody is killed, and
    the console answers."""
    image = tmp_path / 'disk.img'
    subprocess.run([ROOT / 'tools/disk', 'make', image, '112',
                    BUILD / 'test.cpio'], check=True)
    machine = boot(mem='24M', timeout=PATIENCE, flags=[
        '-drive', f'if=none,id=a,format=raw,file={image}',
        '-device', 'virtio-blk-device,drive=a'])
    machine.expect(PROMPT)
    machine.enter('(/test/mapload /root/a 32; /test/mapload /root/b 32; '
                  'echo status $?) >/tmp/said 2>&1 &')
    machine.enter('(/test/mapload /root/c 32; echo status $?) >/tmp/other &')
    ended = rounds = 0
    while ended < 2:
        rounds += 1
        ended = int(machine.enter(
            f'({PROGRAMS}) 2>&1 | wc -l; echo round {rounds} '
            '$(cat /tmp/said /tmp/other | grep -c status).',
            f'^ *40\nround {rounds} (\\d)\\.\n')[1])
    machine.send('cat /tmp/said /tmp/other; exit\r')
    assert machine.wait() == 0
    judge(image)
