"""tools/floors finds what is planted, and nothing else in our house."""
import shutil
import subprocess

import pytest

from conftest import ROOT

FLOORS = str(ROOT / 'tools/floors')
MAP = '''Archive member included to satisfy reference by file (symbol)

build/obj/lib/print.o         build/ch04/main.o (kprintf)
build/obj/{unit}.o
                              build/ch04/main.o (asked)

Discarded input sections

 .text          0x0000000000000000        0x0 build/obj/files/file.o
'''


def floors(*arguments):
    return subprocess.run([FLOORS, *map(str, arguments)], cwd=ROOT,
                          capture_output=True, text=True)


@pytest.fixture
def house(tmp_path):
    shutil.copytree(ROOT / 'src', tmp_path / 'src')
    return tmp_path


def test_our_house_is_a_staircase():
    assert floors().stdout == ''


def test_include_of_a_floor_above_is_caught(house):
    with open(house / 'src/memory/page.c', 'a') as file:
        file.write('#include "process/process.h"\n')
    result = floors(house)
    assert result.returncode == 1
    assert ('src/memory/page.c: floor 4 includes "process/process.h" of '
            'floor 5\n') in result.stdout


def test_file_on_no_floor_is_caught(house):
    (house / 'src/lib/homeless.h').write_text('#pragma once\n')
    assert 'src/lib/homeless.h: stands on no floor' in floors(house).stdout


def test_unit_on_two_floors_is_caught(house):
    with open(house / 'src/floors', 'a') as file:
        file.write('12 twice lib/print\n')
    result = floors(house)
    assert result.returncode == 1
    assert 'lib/print stands on two floors' in result.stderr


@pytest.mark.parametrize('unit, fault', [
    ('memory/page', ''), ('process/process', 'process/process of floor 5')])
def test_object_of_a_floor_above_is_caught(tmp_path, unit, fault):
    (tmp_path / 'ch04.map').write_text(MAP.format(unit=unit))
    result = floors('--map', tmp_path / 'ch04.map', 4)
    assert fault in result.stdout
    assert result.returncode == (1 if fault else 0)


def test_what_is_no_map_is_refused(tmp_path):
    (tmp_path / 'ch04.map').write_text('nothing\n')
    assert 'not a link map' in floors('--map', tmp_path / 'ch04.map', 4).stdout
