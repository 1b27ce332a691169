"""tools/mkinitrd: what the kernel relies on in the archive of the root."""
import os
import subprocess

import pytest

from conftest import ROOT

PAGE = 4096


def pack(output, *sources):
    return subprocess.run([ROOT / 'tools/mkinitrd', output, *sources],
                          capture_output=True, text=True)


def entries(archive):
    """{name: (mode, place of the data, data)}, read by the rules of newc."""
    found, at = {}, 0
    while True:
        assert archive[at:at + 6] == b'070701'
        field = [int(archive[at + 6 + 8 * i:at + 14 + 8 * i], 16)
                 for i in range(13)]
        name = archive[at + 110:at + 110 + field[11]].split(b'\0')[0].decode()
        data = (at + 110 + field[11] + 3) // 4 * 4
        if name == 'TRAILER!!!':
            return found
        assert name not in found
        found[name] = field[1], data, archive[data:data + field[6]]
        at = (data + field[6] + 3) // 4 * 4


@pytest.fixture
def root(tmp_path):
    (tmp_path / 'root/bin').mkdir(parents=True)
    (tmp_path / 'root/empty').mkdir()
    (tmp_path / 'root/bin/one').write_bytes(b'1' * 5000)
    (tmp_path / 'root/bin/one').chmod(0o711)
    (tmp_path / 'root/bin/two').symlink_to('one')
    (tmp_path / 'root/bin-more').write_bytes(b'')
    return tmp_path / 'root'


def test_modes_links_and_places(tmp_path, root):
    assert pack(tmp_path / 'a', root).returncode == 0
    found = entries((tmp_path / 'a').read_bytes())
    assert list(found) == ['.', 'bin', 'bin/one', 'bin/two', 'bin-more', 'empty']
    assert found['bin'][0] == found['empty'][0] == 0o040755
    assert found['bin/one'][0] == 0o100755
    assert found['bin-more'][0] == 0o100644
    assert found['bin/two'][0] == 0o120777 and found['bin/two'][2] == b'one'
    assert found['bin/one'][1] % PAGE == 0
    assert found['bin/one'][2] == b'1' * 5000


def test_the_same_input_makes_the_same_bytes(tmp_path, root):
    pack(tmp_path / 'a', root)
    os.utime(root / 'bin/one', (1, 1))
    pack(tmp_path / 'b', root)
    assert (tmp_path / 'a').read_bytes() == (tmp_path / 'b').read_bytes()


def test_later_sources_win(tmp_path, root):
    (tmp_path / 'one').write_text('new')
    (tmp_path / 'over').mkdir()
    (tmp_path / 'over/bin-more').mkdir()
    (tmp_path / 'over/empty').write_text('a file now')
    pack(tmp_path / 'a', root)
    pack(tmp_path / 'b', tmp_path / 'a', f'bin/one={tmp_path}/one',
         tmp_path / 'over')
    found = entries((tmp_path / 'b').read_bytes())
    assert found['bin/one'][2] == b'new'
    assert found['bin-more'][0] == 0o040755
    assert found['empty'][2] == b'a file now'


@pytest.mark.parametrize('source', ['missing', 'Makefile', 'a=missing'])
def test_bad_sources_are_named(tmp_path, source):
    result = pack(tmp_path / 'a', source)
    assert result.returncode != 0 and source.split('=')[-1] in result.stderr
    assert not (tmp_path / 'a').exists()
