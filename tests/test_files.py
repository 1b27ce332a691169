"""Files as programs meet them: the edges of the calls, /proc, the console."""
import re
import subprocess

import pytest

from conftest import BUILD, ROOT, wrapper


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
    return wrapper(f'--command={line}', *options, f'--flags=-initrd {root}',
                   BUILD / 'kernel.elf', stdin=stdin)


def test_edges(root):
    result = run(root, '/test/edges')
    assert re.search(r'^\d+ claims, 0 do not hold$', result.stdout, re.M), \
        result.stdout
    assert result.returncode == 0
