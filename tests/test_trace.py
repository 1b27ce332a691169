"""What the kernel's trace says of a known command, and what is drawn from it."""
import json
import os
import re
import runpy
import shutil
import subprocess
import sys
import xml.etree.ElementTree

import pytest

from conftest import PATIENCE, ROOT

pytestmark = pytest.mark.usefixtures('one_hart')

sys.path.insert(0, str(ROOT / 'tools'))
import draw                                         # noqa: E402
import timeline                                     # noqa: E402

KERNEL = str(ROOT / 'build/kernel.elf')
COMMAND = 'echo "a b" | cat; sleep 0.001'
FILES = ['timeline.svg', 'trace.json', 'profile.folded', 'trace.txt']


def trace(folder, command=COMMAND, **more):
    return subprocess.run([ROOT / 'tools/trace', 'run', KERNEL, folder, command],
                          capture_output=True, text=True, timeout=PATIENCE,
                          env={**os.environ, 'HARTS': '1', **more})


@pytest.fixture(scope='module')
def run(tmp_path_factory):
    """(the folder with what one run left, what it printed)."""
    folder = tmp_path_factory.mktemp('trace')
    done = trace(folder)
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


@pytest.fixture(scope='module')
def events(run):
    return timeline.split((run[0] / 'trace.txt').read_text())[0]


@pytest.fixture(scope='module')
def told(events):
    return timeline.Trace(events, timeline.system_calls(ROOT))


def test_what_the_command_prints_goes_through(run):
    assert run[1].splitlines()[1:] == ['a b']


def test_status_is_that_of_the_command(tmp_path):
    assert trace(tmp_path, 'exit 3').returncode == 3


def test_two_runs_are_the_same(run, tmp_path):
    trace(tmp_path)
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (run[0] / name).read_bytes()


def test_a_pipeline_has_these_events(told):
    """The shell makes a pipe and two children; one becomes cat, which reads what
    the other wrote; the shell waits for both and is woken by their ends."""
    assert [told.names[pid] for pid in (1, 2, 3, 4)] == \
        ['init', 'sh', 'sh', 'cat']
    calls = {pid: [p.what for p in told.passes if p.pid == pid]
             for pid in told.pids}
    assert calls[2].count('clone') >= 2 and 'pipe2' in calls[2]
    assert 'write' in calls[3] and 'execve' not in calls[3]
    assert calls[4].index('execve') < calls[4].index('read')
    waits = next(p for p in told.passes if p.pid == 2 and p.waits)
    assert waits.what == 'wait4'
    for pid in 3, 4:
        end = next(p for p in told.passes if pid in p.ends)
        assert end.what == 'exit_group' and end.wakes == [2]


def test_faults_interrupts_and_idling_are_told(told):
    what = [p.what for p in told.passes]
    assert 'page fault (store)' in what
    assert any(s.what == 'idle' for s in told.stretches)
    timer = [p for p in told.passes if p.what == 'timer' and p.pid == 0]
    assert any(told.names[pid] == 'sleep' for p in timer for pid in p.wakes)


def test_a_hart_does_one_thing_at_a_time(told):
    last = told.start
    for s in told.stretches:
        assert s.start == last and s.end >= s.start
        last = s.end
    assert last == told.end


def test_the_picture_is_plain_svg_for_day_and_night(run):
    text = (run[0] / 'timeline.svg').read_text()
    root = xml.etree.ElementTree.fromstring(text)
    tags = {element.tag.split('}')[1] for element in root.iter()}
    assert tags <= {'svg', 'title', 'style', 'rect', 'path', 'text', 'polygon'}
    assert 'prefers-color-scheme: dark' in text and '@media print' in text
    assert 'href' not in text
    said = [element.text for element in root.iter() if element.tag.endswith('text')]
    assert COMMAND in said and '4 cat' in said


def test_the_events_are_what_perfetto_opens(run, told):
    """The Trace Event Format: X with ts and dur, M with a name."""
    out = json.loads((run[0] / 'trace.json').read_text())['traceEvents']
    for event in out:
        assert {'name', 'ph', 'pid', 'tid'} <= set(event)
        assert event['ph'] in 'MXi'
        if event['ph'] == 'X':
            assert event['dur'] >= 0 and event['ts'] >= 0
    names = {e['args']['name'] for e in out if e['name'] == 'process_name'}
    assert {'harts', '4 cat'} <= names
    assert sum(e['name'] == 'wake' for e in out) == len(told.wakes)


def test_the_profile_has_every_instruction_once(run, told):
    lines = (run[0] / 'profile.folded').read_text().splitlines()
    assert all(re.fullmatch(r'[^ ;][^;]*(;[^;]+)* \d+', line) for line in lines)
    assert sum(int(line.rsplit(' ', 1)[1]) for line in lines) == \
        told.end - told.start
    assert any(line.startswith('cat;kernel;read ') for line in lines)


def test_the_ring_keeps_the_latest(told):
    tool = runpy.run_path(str(ROOT / 'tools/trace'))
    tool['machine'].__globals__['EVENTS'] = 16
    kept, _ = timeline.split(tool['machine'](KERNEL, COMMAND)[0])
    assert len(kept) == 16
    # A smaller ring is a shorter way to the same end.
    assert [(e.kind, e.pid) for e in kept] == \
        [(e.kind, e.pid) for e in told.events[-16:]]


def test_two_harts_at_once(tmp_path):
    """A busy host may let one of them, its thread, wait until all is done."""
    for _ in range(5):
        done = trace(tmp_path, 'seq 3000 | sort | wc -l & '
                     'seq 2000 | sort | wc -l; wait', HARTS='2')
        assert sorted(done.stdout.split()[-2:]) == ['2000', '3000']
        events, _ = timeline.split((tmp_path / 'trace.txt').read_text())
        ran = {e.hart for e in events if e.kind == 'run'}
        if ran == {0, 1}:
            break
    assert ran == {0, 1}
    text = (tmp_path / 'timeline.svg').read_text()
    assert ' on hart 0,' in text and ' on hart 1,' in text


def test_chapters_do_without_it():
    maps = list((ROOT / 'build').glob('ch*.map'))
    assert maps and all('process/trace.o' not in path.read_text()
                        for path in maps)


# ---- pictures of the pages --------------------------------------------------

def test_the_pages_pictures_are_what_happens():
    done = subprocess.run([ROOT / 'tools/trace', 'check', KERNEL],
                          capture_output=True, text=True)
    assert done.stdout + done.stderr == '' and done.returncode == 0


@pytest.fixture
def house(tmp_path):
    (tmp_path / 'src').symlink_to(ROOT / 'src')
    page = tmp_path / 'chapters/01-first'
    page.mkdir(parents=True)
    shutil.copy(ROOT / 'chapters/08-address-spaces/copies.trace', page)
    tool = runpy.run_path(str(ROOT / 'tools/trace'))
    tool['pages'].__globals__['ROOT'] = str(tmp_path)
    return page, lambda write: tool['pages'](write, KERNEL)


def test_a_picture_that_is_not_what_happens_is_caught(house, capsys):
    page, pages = house
    assert pages(False) == 1                    # there is none
    assert pages(True) == 0 and pages(False) == 0
    svg = page / 'copies.svg'
    svg.write_text(svg.read_text().replace('wait4: waits', 'wait4'))
    capsys.readouterr()
    assert pages(False) == 1
    assert 'copies.svg: is not what happens' in capsys.readouterr().out


def test_marks_are_at_round_numbers():
    for span, step in (1, 1), (10, 1), (11, 2), (99, 10), (184_000, 20_000), \
            (190_000_000, 20_000_000), (510, 100):
        assert draw.round_step(span) == step
