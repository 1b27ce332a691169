"""Floor 14: what makes no sense on a disk is noticed, told and remembered."""
import re
import subprocess

import pytest

from test_ext2 import FEATURES, debugfs, judge, make_image, program, tool

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def image(tmp_path):
    return make_image(tmp_path / 'disk.img')


# Entries are believed once they were checked, but not when something else that
# lies in the same block has been changed since.
def test_a_directory_in_an_inode_table(tmp_path):
    image = make_image(tmp_path / 'disk.img', 1024, 5, '', '-g', '1024')
    debugfs(image, 'mkdir d', 'mkdir d/one', 'mkdir d/two')
    block = int(tool('debugfs', '-R', 'bmap d 0', image))
    other = (block - 1) // 1024 + 1
    debugfs(image, f'set_bg {other} inode_table {block}',
            *(f'set_bg {n} free_inodes_count 0' for n in range(5) if n != other))
    text = program('use', image, 'look', 'd/one', 'create', 'new',
                   'look', 'd/three')
    assert 'look d/one: 0\ncreate new: 0\n' in text
    assert 'corrupt: entries of directory' in text and 'read-only\n' in text


def test_e2fsck_looks_by_itself_after_a_corruption(image):
    """The log's super block says so; until then it is only read."""
    program('use', image, 'mkdir', 'd', 'create', 'd/one')
    clean = image.read_bytes()
    with open(image, 'r+b') as file:
        file.seek(4096 * int(tool('debugfs', '-R', 'bmap d 0', image)))
        file.write(bytes(4096))
    text = program('use', image, '-d', 'create', 'new', 'look', 'd/one')
    assert 'corrupt: entries of directory' in text and 'read-only\n' in text
    head = tool('dumpe2fs', '-h', image)
    assert re.search(r'^Journal errno: +\S', head, re.M), head
    assert 'has errors, run e2fsck: read-only' in \
        program('use', image, 'create', 'more')
    done = subprocess.run(['e2fsck', '-p', image], capture_output=True, text=True)
    assert 'errors, check forced' in done.stdout, done.stdout
    subprocess.run(['e2fsck', '-fy', image], capture_output=True)
    judge(image)
    assert 'writable\n' in program('use', image, 'create', 'more')
    # Who wrote nothing of the kind has nothing to be looked at.
    image.write_bytes(clean)
    done = subprocess.run(['e2fsck', '-p', image], capture_output=True, text=True)
    assert 'forced' not in done.stdout


@pytest.mark.parametrize('features', ['', ',^has_journal'])
def test_the_superblock_says_that_there_was_a_corruption(tmp_path, features):
    image = tmp_path / 'disk.img'
    subprocess.run(['mke2fs', '-q', '-F', '-t', 'ext3', '-b', '4096', '-O',
                    FEATURES + features, image, '9M'], check=True)
    program('use', image, 'mkdir', 'd', 'create', 'd/one')
    with open(image, 'r+b') as file:
        file.seek(4096 * int(tool('debugfs', '-R', 'bmap d 0', image)))
        file.write(bytes(4096))
    assert 'corrupt: entries of directory' in program('use', image, 'look', 'd/one')
    assert re.search(r'^Filesystem state: .*clean with errors$',
                     tool('dumpe2fs', '-h', image), re.M)
    done = subprocess.run(['e2fsck', '-n', image], capture_output=True, text=True)
    assert 'errors, check forced' in done.stdout, done.stdout
    assert 'has errors, run e2fsck: read-only' in \
        program('use', image, 'create', 'more')
    subprocess.run(['e2fsck', '-fy', image], capture_output=True)
    judge(image)
    assert 'writable\n' in program('use', image, 'create', 'more')


def test_without_a_journal_a_power_cut_is_told(tmp_path):
    image = make_image(tmp_path / 'disk.img')
    tool('debugfs', '-w', '-R', 'feature ^has_journal', image)
    assert 'was not unmounted' not in program('use', image, 'create', 'one')
    debugfs(image, 'ssv state 0')
    assert 'was not unmounted, run e2fsck' in program('use', image, 'create', 'two')
