"""Every chapter prints what its page promises, from its own floors only.

chapters/NN-name/expected is the transcript.  What differs from run to run is
written <N> (a decimal number) or <X> (hexadecimal digits); all else must be
equal, and status 0 is part of it unless the last line says `status N`.
"""
import re
import subprocess
import sys

import pytest

from conftest import BUILD, ROOT, UBSAN, wrapper

sys.path.insert(0, str(ROOT / 'tools'))
from transcript import difference, missing           # noqa: E402

CHAPTERS = sorted(path.parent for path in ROOT.glob('chapters/*/main.c'))


@pytest.mark.parametrize('build', [BUILD, UBSAN], ids=['plain', 'ubsan'])
@pytest.mark.parametrize('chapter', CHAPTERS, ids=lambda path: path.name)
def test_transcript(chapter, build):
    number = chapter.name.split('-')[0]
    expected = (chapter / 'expected').read_text()
    status = re.search(r'^status (\d+)\n\Z', expected, re.M)
    # Time in instructions: a busy host does not move a tick elsewhere.
    harts = ['--harts=4'] if number == '15' else []
    result = wrapper(*harts, '--flags=-icount shift=5', build / f'ch{number}.elf')
    printed = result.stdout
    if status or result.returncode:
        printed += f'status {result.returncode}\n'
    assert difference(expected, printed) == ''


@pytest.mark.parametrize('chapter', CHAPTERS, ids=lambda path: path.name)
def test_linked_from_its_own_floors(chapter):
    number = chapter.name.split('-')[0]
    result = subprocess.run(
        [ROOT / 'tools/floors', '--map', BUILD / f'ch{number}.map', number],
        cwd=ROOT, capture_output=True, text=True)
    assert result.stdout == ''


@pytest.mark.parametrize('expected, got, same', [
    ('a\nb <N>\n', 'a\nb 12\n', True), ('b <N>\n', 'b x\n', False),
    ('at 0x<X>\n', 'at 0x80000f00\n', True), ('a\n', 'a\na\n', False),
    ('a.c\n', 'abc\n', False), ('a\nb\n', 'b\na\n', False)])
def test_the_comparison_itself(expected, got, same):
    assert (difference(expected, got) == '') == same


@pytest.mark.parametrize('wanted, got, first', [
    ('a\nc\n', 'a\nb\nc\n', None), ('b\na\n', 'a\nb\n', 'a'),
    ('n <N>\n', 'n 7\n', None), ('a\na\n', 'a\n', 'a')])
def test_the_search_itself(wanted, got, first):
    assert missing(wanted, got) == first
