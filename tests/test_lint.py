"""tools/lint and tools/stackuse find what is planted, and nothing in our house."""
import os
import shutil
import subprocess

import pytest

from conftest import PATIENCE, ROOT

GCC = ['riscv64-unknown-elf-gcc', '-march=rv64imac_zicsr', '-mabi=lp64',
       '-mcmodel=medany', '-std=gnu11', '-O2', '-g', '-ffreestanding', '-nostdlib',
       '-Wl,-Ttext=0x80000000', '-Wl,-e,main', '-Wl,--no-warn-rwx-segments']


def lint(step, house=ROOT):
    return subprocess.run([str(house / 'tools/lint'), step], text=True,
                          timeout=PATIENCE, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)


@pytest.mark.parametrize('step', ['floors', 'format', 'text', 'size', 'gcc',
                                  'clang', 'cppcheck', 'stack'])
def test_our_house_is_in_order(step):
    result = lint(step)
    assert result.returncode == 0, result.stdout


@pytest.fixture
def house(tmp_path):
    """A small house with our tools, to plant faults in."""
    for folder in 'src/machine', 'src/memory', 'build':
        (tmp_path / folder).mkdir(parents=True)
    shutil.copytree(ROOT / 'tools', tmp_path / 'tools')
    shutil.copy(ROOT / '.clang-format', tmp_path)
    (tmp_path / 'build/k.flags').write_text(' '.join(GCC[1:7]) + ' -Isrc')
    (tmp_path / 'src/floors').write_text('1 low machine/low\n2 high memory/high\n')
    (tmp_path / 'src/machine/low.h').write_text('#pragma once\nint low(int a);\n')
    (tmp_path / 'src/memory/high.h').write_text('#pragma once\n')
    (tmp_path / 'src/machine/low.c').write_text(
        '#include "machine/low.h"\n\nint low(int a)\n{\n\treturn a + 1;\n}\n')
    return tmp_path


def plant(house, text, before='int low'):
    path = house / 'src/machine/low.c'
    path.write_text(path.read_text().replace(before, text + before, 1))


STEPS = ['floors', 'format', 'text', 'size', 'gcc', 'clang', 'cppcheck']


@pytest.mark.parametrize('step', STEPS)
def test_nothing_is_found_where_nothing_is(house, step):
    result = lint(step, house)
    assert result.returncode == 0, result.stdout


LONG = 'int long_one(int a);\nint long_one(int a)\n{\n' + \
    '\ta++;\n' * 80 + '\treturn a;\n}\n\n'


@pytest.mark.parametrize('step, text, before, fault', [
    ('floors', '#include "memory/high.h"\n', 'int low',
     'src/machine/low.c: floor 1 includes "memory/high.h" of floor 2'),
    ('format', '    ', '\treturn', 'src/machine/low.c:5: clang-format'),
    ('format', '\tif(a)\n\t\ta++;\n', '\treturn', 'src/machine/low.c:5: clang'),
    ('format', '\tif (a) {\n\t\ta++; }\n', '\treturn', 'low.c:6: clang-format'),
    ('format', '\tif (a) a++;\n', '\treturn', 'low.c:5: clang-format'),
    ('format', '\ta++; a++;\n', '\treturn', 'low.c:5: clang-format'),
    ('format', 'int one(void) {\n\treturn 1;\n}\n\n', 'int low',
     'low.c:3: clang-format'),
    ('format', '\tif (a)\n\ta++;\n', '\treturn', 'low.c:6: clang-format'),
    ('text', '\t/* ' + 'x' * 70 + ' */\n', '\treturn', 'low.c:5: 84 columns'),
    ('text', '\ta++; \n', '\treturn', 'low.c:5: blanks at the end'),
    ('text', '\t// TO' 'DO: more\n', '\treturn', 'a mark of unfinished work'),
    ('text', 'int\n', 'low(int', 'low.c:4: type and name'),
    ('size', LONG, 'int low', 'long_one() has 84 lines'),
    ('size', '\n' * 400, 'int low', 'src/machine/low.c: 406 lines'),
    ('gcc', '\tint b;\n', '\treturn', "unused variable 'b'"),
    ('gcc', 'int other(int a)\n{\n\treturn a;\n}\n\n', 'int low',
     "no previous prototype for 'other'"),
    ('clang', '\tint b;\n', '\treturn', "unused variable 'b'"),
    ('clang', '\tif (a) {\n\t\tint a = 1;\n\t\treturn a;\n\t}\n', '\treturn',
     'shadows'),
    ('cppcheck', '\tint b[2] = { 0 };\n\ta += b[2];\n', '\treturn',
     'arrayIndexOutOfBounds'),
])
def test_planted_fault_is_found(house, step, text, before, fault):
    plant(house, text, before)
    result = lint(step, house)
    assert result.returncode == 1
    assert fault in result.stdout


def test_header_that_does_not_stand_alone_is_found(house):
    (house / 'src/memory/high.h').write_text('#pragma once\nuint64_t high(void);\n')
    assert 'uint64_t' in lint('gcc', house).stdout


@pytest.mark.parametrize('text', [
    '\tint table[] = {\n\t\t1, 2, 3,\n\t\t4,    5, 6,\n\t};\n\ta += table[a];\n',
    '\tint b = a;       // one\n\tint c = b + 1;   // and the other\n\ta += c;\n',
    '\ta = a > 1\n\t  ? 2\n\t  : 3;\n'.replace('\n\t  ', ' '),
])
def test_what_is_the_authors_is_let_be(house, text):
    plant(house, text, '\treturn')
    result = lint('format', house)
    assert result.returncode == 0, result.stdout


# ---- stack use --------------------------------------------------------------

KERNEL = '''
#define APART __attribute__((noipa, noinline))
struct ops { int number; int (*go)(int); };
APART int leaf(int a) { volatile char room[64]; room[a] = 1; return room[1]; }
APART int other(int a) { volatile char room[256]; room[a] = 1; return room[1]; }
static const struct ops ops[] = { { 1, leaf }, { .go = other } };
int (*hook)(int) = leaf;
APART void use(int (*function)(int)) { hook = function; }
APART int twice(int (*function)(int), int a)
{
        return function(a) + function(a + 1);
}
'''
MAIN = 'int main(int a) { %s }\n'


@pytest.fixture
def stackuse(tmp_path):
    """stackuse(source, rules): what it says of a kernel of this one source."""
    def run(source, rules='', room=1024):
        (tmp_path / 'kernel.c').write_text(KERNEL + source)
        (tmp_path / 'rules').write_text(f'stack main = {room}  # a test\n' + rules)
        (tmp_path / 'gen').mkdir()
        (tmp_path / 'gen/offsets.inc').write_text('.equ ROOM, 1024\n')
        (tmp_path / 'k.flags').write_text(' '.join(GCC[1:]))
        (tmp_path / 'kernel').mkdir()
        subprocess.run([*GCC, '-fstack-usage', '-dumpdir', 'kernel/', 'kernel.c',
                        '-o', 'kernel.elf'],
                       cwd=tmp_path, check=True)
        return subprocess.run(
            [str(ROOT / 'tools/stackuse'), '-v', '--rules', 'rules', '--build', '.',
             'kernel.elf', 'kernel.c'], cwd=tmp_path, text=True, timeout=PATIENCE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return run


@pytest.mark.parametrize('body, deepest', [
    ('return leaf(a) + 1;', 'leaf'),
    ('return ops[a].go(a) + 1;', 'other'),
    ('if (a) use(other); return hook(a) + 1;', 'other'),
    ('return twice(other, a) + 1;', 'other'),
    ('return twice(a ? leaf : other, a) + 1;', 'other'),
    ('return hook(a);', 'leaf'),
    ('int (*here)(int) = ops[a].go; return a ? here(1) + 2 : 3;', 'other'),
])
def test_calls_are_followed(stackuse, body, deepest):
    result = stackuse(MAIN % body)
    assert result.returncode == 0, result.stdout
    lines = result.stdout.splitlines()
    assert lines[0].startswith('kernel.elf: main: at most')
    assert lines[-1].split()[1] == deepest
    assert int(lines[0].split()[4]) == sum(int(l.split()[0]) for l in lines[1:])


@pytest.mark.parametrize('body, fault', [
    ('return (int)((int (*)(int))0x1234)(a) + 1;', 'is not resolved'),
    ('extern int (*never)(int); return never(a) + 1;', 'is not resolved'),
    ('return (int)(long)leaf + hook(a);', 'the address of leaf gets lost here'),
    ('int (**place)(int) = &hook; *place = other; return hook(a) + 1;',
     'a function is stored by a pointer'),
    ('volatile char room[a]; room[0] = 1; return leaf(room[0]) + 1;', 'main: '),
    ('return a ? leaf(main(leaf(a))) : 0;', 'recursion: main -> main'),
    ('return hook(a) + 1; } APART int around(int a) { hook = around; '
     'return leaf(hook(leaf(a)));', 'recursion: around -> around'),
])
def test_what_cannot_be_proved_is_said(stackuse, body, fault):
    result = stackuse('int (*never)(int);\n' + MAIN % body)
    assert result.returncode == 1
    assert fault in result.stdout


def test_frame_that_is_too_deep_is_found(stackuse):
    result = stackuse(MAIN % 'volatile char room[5000]; room[a] = leaf(a); '
                      'return room[1];', room='ROOM * 2')
    assert result.returncode == 1
    size = int(result.stdout.split()[4])
    assert 5000 < size < 5300
    assert f'main may take {size} bytes of 2048' in result.stdout


def test_rules_bound_a_recursion(stackuse):
    source = MAIN % 'return a ? leaf(main(leaf(a))) : 0;'
    assert stackuse(source, 'once main -> main  # twice at most\n').returncode == 0


def test_compiler_is_heard_as_well(stackuse, tmp_path):
    """A frame that is larger than its code tells, and no word of frames."""
    source = MAIN % 'return leaf(a) + 1;'
    assert stackuse(source).returncode == 0
    command = [str(ROOT / 'tools/stackuse'), '--rules', 'rules', '--build', '.',
               'kernel.elf', 'kernel.c']
    (frames,) = (tmp_path / 'kernel').glob('*.su')
    frames.write_text(frames.read_text().replace('leaf\t64', 'leaf\t640'))
    result = subprocess.run(command, cwd=tmp_path, text=True, capture_output=True)
    assert 'leaf: 640 bytes, static, says the compiler; 64' in result.stdout
    frames.unlink()
    result = subprocess.run(command, cwd=tmp_path, text=True, capture_output=True)
    assert '-fstack-usage is off' in result.stdout


def test_rule_without_a_reason_is_refused(stackuse):
    result = stackuse(MAIN % 'return 0;', 'unset variable hook\n')
    assert result.returncode == 1
    assert 'no rule with a reason' in result.stdout
