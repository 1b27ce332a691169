"""The pages quote what is there, and each kind of fault in them is caught.

What they say goes wrong is provoked here, and their exercises are solved.
"""
import re
import runpy
import shutil
import subprocess
import sys

import pytest

from conftest import ROOT

sys.path.insert(0, str(ROOT / 'tools'))
import sources                                       # noqa: E402
from transcript import difference                    # noqa: E402

pytestmark = pytest.mark.usefixtures('one_hart')

QUOTE = str(ROOT / 'tools/quote')
VARIANT = runpy.run_path(str(ROOT / 'tools/variant'))
NUMBERS = sorted(int(path.name[:2]) for path in ROOT.glob('chapters/[0-9]*-*'))
WRONGS = [(n, name) for n in NUMBERS for name in VARIANT['wrongs'](n)]
SOLVED = [n for n in NUMBERS
          if list(ROOT.glob(f'chapters/{n:02}-*/exercise/want'))]


def quote(what, root):
    return subprocess.run([QUOTE, what, str(root)], capture_output=True,
                          text=True)


def test_our_pages():
    result = quote('check', ROOT)
    assert result.stdout + result.stderr == ''


def functions(path):
    """As simply as can be: what stands above a brace in the first column."""
    lines = path.read_text().split('\n')
    for above, line in zip(lines, lines[1:]):
        if line == '{' and re.match(r'\w', above):
            yield re.findall(r'(\w+)\(', re.sub(r'__attribute__\S*', '',
                                                above))[0]


def test_every_function_of_the_house_can_be_quoted():
    missing = []
    for path in ROOT.glob('src/**/*.[ch]'):
        text = path.read_text()
        for name in functions(path):
            try:
                lines = sources.find(path.name, text, f'{name}()')
                ends = lines[-1]
            except KeyError as error:
                ends = str(error)
            if ends != '}':
                missing.append((path.name, name, ends))
    assert missing == []


# ---- planted faults --------------------------------------------------------

PAGE = '''# 1. First

*What is there?* The code is in `src/machine/trap.c` and in `trap_init()`, see
[below](#the-code). It is `make check` that looks, and `csr_read` that is named.

## The idea

![A picture](idea.svg)

## The code

```c src/machine/trap.c#trap_name
const char *trap_name(void)
{
	return "a trap";
}
```

```c src/machine/trap.c#trap_init from "one" to "two"
one();
two();
```

```S boot.S#_start
_start:
	nop
```

## Run it

```text chapters/01-first/expected
hello
```

## What goes wrong

```diff chapters/01-first/wrong/way.patch
-a
+b
```

## Exercises

<!-- not ours: elsewhere.c -->

One is in `elsewhere.c`.

## What this chapter added

<!-- made by tools/quote: added -->

Floor 1 is 1 files with about 10 lines, comments included and blank lines not.

| unit | lines | what others call |
|---|---:|---|
| `src/machine/trap` | 10 | `trap_name()`, `trap_init()` |

<!-- end -->

## Further reading

[A book](https://example.org/book#chapter).
'''

SVG = '''<svg xmlns="http://www.w3.org/2000/svg"><title>An idea</title>
<style>@media (prefers-color-scheme: dark) { text { fill: white } }</style></svg>
'''

HOUSE = {
    'README.md': '# House\n\n[A chapter](chapters/01-first/README.md#the-idea)\n',
    'Makefile': 'check:\n\ttrue\n',
    'boot.S': '_start:\n\tnop\n',
    'src/floors': '1 first machine/trap\n',
    'src/machine/trap.c': '#include "csr.h"\n#define csr_read 1\n\n'
                          'const char *trap_name(void)\n{\n'
                          '\treturn "a trap";\n}\n\n'
                          'void trap_init(void)\n{\n\tone();\n\ttwo();\n}\n',
    'chapters/01-first/README.md': PAGE,
    'chapters/01-first/idea.svg': SVG,
    'chapters/01-first/expected': 'hello\n',
    'chapters/01-first/wrong/way.patch': '-a\n+b\n',
}


@pytest.fixture
def house(tmp_path):
    """house.plant(FILE, OLD, NEW), then house.check(): what it prints."""
    class House:
        root = tmp_path

        def write(self, path, text):
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text)

        def plant(self, path, old, new):
            text = (tmp_path / path).read_text()
            assert old in text
            self.write(path, text.replace(old, new, 1))

        def check(self):
            result = quote('check', tmp_path)
            assert result.returncode == (1 if result.stdout else 0)
            assert result.stderr == ''
            return result.stdout

    house = House()
    for path, text in HOUSE.items():
        house.write(path, text)
    return house


def test_a_sound_house(house):
    assert house.check() == ''


PAGE_PATH = 'chapters/01-first/README.md'
FAULTS = {
    'code that changed': ('src/machine/trap.c', '"a trap"', '"traps"',
                          'is not what src/machine/trap.c#trap_name says'),
    'a body by hand': (PAGE_PATH, 'return "a trap"', 'return "traps"',
                       'is not what src/machine/trap.c#trap_name says'),
    'a line too many': (PAGE_PATH, '\tnop\n', '\tnop\n\tnop\n', 'boot.S#_start'),
    'an unknown symbol': ('src/machine/trap.c', 'trap_name(void)',
                          'trap_title(void)', 'defines no trap_name'),
    'an unknown file': (PAGE_PATH, '```S boot.S#', '```S boat.S#',
                        'boat.S: No such file'),
    'an unknown range': ('src/machine/trap.c', 'one();', 'three();',
                         'has no line with "one"'),
    'a fence of another form': (PAGE_PATH, 'boot.S#_start', 'boot.S _start',
                                'is no PATH'),
    'an open fence': (PAGE_PATH, '\tnop\n```', '\tnop\n', 'is not what boot.S'),
    'a transcript that changed': ('chapters/01-first/expected', 'hello', 'hallo',
                                  'is not what chapters/01-first/expected says'),
    'a count that changed': (PAGE_PATH, '| 10 |', '| 20 |', 'what added says'),
    'a file in the prose': (PAGE_PATH, '`src/machine/trap.c`',
                            '`src/machine/tarp.c`',
                            'no file src/machine/tarp.c'),
    'a function in the prose': (PAGE_PATH, '`trap_init()`', '`trap_begin()`',
                                'no function trap_begin()'),
    'a name in the prose': (PAGE_PATH, '`csr_read`', '`csr_raed`',
                            'nothing is named csr_raed'),
    'a struct in the prose': (PAGE_PATH, '`csr_read`', '`struct csr`',
                              'there is no struct csr'),
    'a command': (PAGE_PATH, '`make check`', '`make checks`',
                  'make knows no checks'),
    'a file of others': (PAGE_PATH, '<!-- not ours: elsewhere.c -->', '',
                         'no file elsewhere.c'),
    'a link': ('README.md', '01-first/README', '01-last/README', 'there is no'),
    'an anchor': ('README.md', '#the-idea', '#an-idea', 'no heading is #'),
    'an anchor within': (PAGE_PATH, '(#the-code)', '(#code)', 'no heading is'),
    'a heading too deep': (PAGE_PATH, '## The code', '#### The code',
                           'a heading of level 4'),
    'a second title': (PAGE_PATH, '## The code', '# The code', 'of level 1'),
    'a heading twice': (PAGE_PATH, '## Run it', '## The code', 'two headings'),
    'a part that is missing': (PAGE_PATH, '## Exercises\n', '',
                               'its parts are not'),
    'a picture that is not there': (PAGE_PATH, '(idea.svg)', '(ideas.svg)',
                                    'there is no ideas.svg'),
    'a picture that is none': ('chapters/01-first/idea.svg', '</svg>', '',
                               'idea.svg: no element found'),
    'a picture for the day': ('chapters/01-first/idea.svg', 'prefers-', '',
                              'no dark mode'),
    'a wrong way that is not shown': (PAGE_PATH, 'diff chapters/01-first/wrong/'
                                      'way.patch', 'diff', 'does not show'),
}


@pytest.mark.parametrize('fault', FAULTS)
def test_planted_fault_is_caught(house, fault):
    path, old, new, said = FAULTS[fault]
    house.plant(path, old, new)
    assert said in house.check()


def test_what_is_written_is_right(house):
    house.plant('src/machine/trap.c', '"a trap"', '"a trap of\\n"')
    house.plant('chapters/01-first/expected', 'hello', 'hello\nand goodbye')
    house.plant('src/machine/trap.c', 'two();\n', 'two();\n}\n\n'
                'void trap_end(void)\n{\n')
    assert house.check() != ''
    assert quote('write', house.root).returncode == 0
    assert house.check() == ''
    page = (house.root / PAGE_PATH).read_text()
    assert 'hello\nand goodbye\n' in page and '`trap_end()`' in page
    assert page.count('\n## ') == PAGE.count('\n## ')


def test_an_unknown_symbol_is_not_written(house):
    house.plant(PAGE_PATH, '#trap_name', '#trap_title')
    result = quote('write', house.root)
    assert result.returncode == 1 and 'defines no trap_title' in result.stdout
    assert 'return "a trap"' in (house.root / PAGE_PATH).read_text()


# ---- wrong ways, exercises -------------------------------------------------

def test_every_finished_page_has_both():
    for path in ROOT.glob('chapters/[0-9]*-*/README.md'):
        if '\n## ' in path.read_text():
            assert list(path.parent.glob('wrong/*.patch')), path
            assert (path.parent / 'exercise/want').exists(), path


@pytest.mark.parametrize('number, name', WRONGS)
def test_wrong_way(number, name):
    text = VARIANT['wrong'](number, name)
    folder = VARIANT['folder_of'](number)
    with open(f'{folder}/wrong/{name}.expected') as file:
        expected = file.read()
    assert text is not None and difference(expected, text) == ''


@pytest.mark.parametrize('number', SOLVED)
def test_exercise_is_solved_by_its_solution_alone(number):
    folder = VARIANT['folder_of'](number)
    with open(f'{folder}/expected') as file:
        untouched = file.read()
    assert VARIANT['verdict'](number, untouched)
    text = VARIANT['solution'](number)
    assert text is not None and VARIANT['verdict'](number, text) is None, text


def test_make_exercise_says_what_is_missing():
    result = subprocess.run(['tools/variant', 'exercise', '1'], cwd=ROOT,
                            capture_output=True, text=True)
    assert result.returncode == 1
    assert 'exercise 1: this line did not come' in result.stdout


def test_a_patch_that_does_not_fit_is_said(tmp_path, capsys):
    patch = tmp_path / 'old.patch'
    patch.write_text('--- a/boot.S\n+++ b/boot.S\n@@ -1,2 +1,2 @@\n'
                     '-of another time\n+of this time\n here\n')
    assert VARIANT['patched'](1, str(patch), 'old') is None
    assert 'does not fit any more' in capsys.readouterr().out
    shutil.rmtree(ROOT / 'build/variant/01-old')


def test_no_patch_is_left_over():
    """What a wrong way prints is kept for each, and for nothing else."""
    for path in ROOT.glob('chapters/*/wrong/*'):
        assert re.fullmatch(r'\.(patch|expected)', path.suffix)
        assert path.with_suffix('.patch').exists()
        assert path.with_suffix('.expected').exists()
