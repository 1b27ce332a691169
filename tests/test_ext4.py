"""What mke2fs makes as ext4: read on the machine, not changed, or refused by
name.  Checksums of metadata are not looked at."""
import random
import shutil
import subprocess

import pytest

from conftest import BUILD
from test_ext2 import program, tool
from test_mapping import on_disk
from test_user_host import oracle



@pytest.fixture
def tree(tmp_path):
    """A file in many extents, one with none, links, a directory with an index."""
    top = tmp_path / 'tree'
    (top / 'many').mkdir(parents=True)
    data = random.Random(5)
    with open(top / 'exercise', 'wb') as file:
        for piece in range(0, 256 << 10, 16384):
            file.seek(piece + data.randrange(3) * 4096)
            file.write(data.randbytes(data.randrange(1, 8000)))
    (top / 'empty').touch()
    (top / 'text').write_text('hello from ext4\n')
    (top / 'short').symlink_to('text')
    (top / 'long').symlink_to('many/../' * 12 + 'text')
    for n in range(1500):
        (top / 'many' / f'a-name-that-takes-some-room-{n}').touch()
    return top


def ext4(path, tree, block, *more):
    subprocess.run(['mke2fs', '-q', '-F', '-t', 'ext4', '-b', str(block), '-N',
                    '4000', '-d', tree, *more, path, '32M'], check=True)
    subprocess.run(['e2fsck', '-fyD', path], capture_output=True)
    return path


@pytest.mark.parametrize('block, more', [
    (1024, ''), (2048, ''), (4096, ''), (4096, '^64bit,^metadata_csum'),
    (1024, 'metadata_csum_seed,large_dir,^has_journal')])
def test_ext4_is_read(tmp_path, tree, block, more):
    image = ext4(tmp_path / 'disk.img', tree, block, *(['-O', more] if more else []))
    before = image.read_bytes()
    result = on_disk(
        image, 'cd /tmp/m; cat short long; ls many | wc -l; stat -c %s empty; '
        'cat many/a-name-that-takes-some-room-77; mount; echo new >text; '
        'mkdir more; /test/exercise /tmp/m')
    assert image.read_bytes() == before
    shutil.copy(tree / 'exercise', tmp_path / 'exercise')
    found = oracle(BUILD / 'user/test/exercise', tmp_path).stdout
    for line in ('hello from ext4\nhello from ext4\n1500\n', found,
                 'vda: read-only: feature ', ' ext4 ro',
                 'text: Read-only file system', 'more: Read-only file system'):
        assert line in result.stdout + result.stderr


@pytest.mark.parametrize('features, options, said', [
    ('^64bit', '-c -v 3', 'checksum_v3'), ('^64bit', '-c -v 2', 'checksum_v2'),
    ('64bit,^metadata_csum', '', '64bit')])
def test_a_journal_of_a_newer_kind_is_refused_by_name(tmp_path, tree, features,
                                                      options, said):
    """Without something in it, it does not matter to a reader."""
    image = ext4(tmp_path / 'disk.img', tree, 4096, '-O', features)
    (tmp_path / 'one').write_bytes(bytes(4096))
    script = tmp_path / 'script'
    script.write_text(f'jo {options}\njw -b 2000 {tmp_path}/one\njc\n')
    program('replay', image)
    tool('debugfs', '-w', '-f', script, image)
    before = image.read_bytes()
    assert f'refused: journal: feature {said}' in program('replay', image, status=1)
    assert image.read_bytes() == before


def test_a_journal_elsewhere_is_refused_by_name(tmp_path, tree):
    image = ext4(tmp_path / 'disk.img', tree, 4096, '-O', '^has_journal')
    tool('debugfs', '-w', '-R', 'feature has_journal', image)
    assert 'refused: journal: on another device' in \
        program('replay', image, status=1)


@pytest.mark.parametrize('block', [1024, 4096])
def test_bent_extents(tmp_path, tree, block):
    """Whatever they say, it is an error or some bytes, and nothing is written."""
    image = ext4(tmp_path / 'disk.img', tree, block)
    print(program('mutate', image, '-s', random.randrange(1 << 30), '-n', 300))
