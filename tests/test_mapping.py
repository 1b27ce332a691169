"""Files in the address space, on a disk: what is stored reaches it, and a file
is the same from all sides, here as with Linux's system calls."""
import random
import subprocess

import pytest

from conftest import BUILD, wrapper
from test_ext2 import judge, make_image
from test_user_host import oracle
from test_user import lines

pytestmark = pytest.mark.timeout(300)
ON_DISK = ('mkdir /tmp/m; mount /dev/vda /tmp/m && {}; s=$?; cd /; '
           'umount /tmp/m; exit $s')


def on_disk(image, command, timeout=60, mem='32M'):
    return wrapper(f'--disk={image}', f'--mem={mem}', '--append=root=initrd',
                   f'--command={ON_DISK.format(command)}',
                   f'--flags=-initrd {BUILD}/test.cpio', BUILD / 'kernel.elf',
                   timeout=timeout)


def same(result, expected):
    assert '\n'.join(lines(result).split('\n')[1:]) == expected
    assert result.returncode == 0


def exercise(tmp_path, block, operations, names, mib, timeout):
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
    exercise(tmp_path, block, 10000, 1000, 32, 100)


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
