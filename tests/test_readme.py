"""The README shows what a reader will see: its session is typed and compared,
numbers that depend on the moment apart; and all its commands are run."""
import os
import re
import shutil
import subprocess

import pytest

from conftest import PROMPT, ROOT

SESSION = re.search(r'^```\n\$ make run\n(.*?)^```$',
                    (ROOT / 'README.md').read_text(), re.M | re.S)[1]

# Without a process of its own, for those are numbered.
ASLEEP = ('until read x </proc/3/stat; case $x in *"(sleep) S"*) ;; '
          '*) false ;; esac; do :; done')


def steady(text):
    """Without the columns of ps that change: size and time."""
    return re.sub(r'^( +\d+ +\d+ \w +\d+) +\d+ +\d+\.\d+ ', r'\1 ', text,
                  flags=re.M)


@pytest.mark.skipif(not (ROOT / 'src/main.c').exists(),
                    reason='there is no full system yet')
def test_session_of_the_readme(boot, rootdisk):
    machine = boot(harts=1, flags=[
        '-drive', f'if=none,id=a,format=raw,file={rootdisk}',
        '-device', 'virtio-blk-device,drive=a'])
    for line in re.findall(r'^\$ (.*)$', SESSION, re.M):
        machine.expect(PROMPT)
        if line == 'ps':            # a reader types slowly; meanwhile it began
            machine.enter(ASLEEP)
        machine.send(line + '\n')
    assert machine.wait() == 0
    text = machine.text.replace(f'{ASLEEP}\n$ ', '')
    assert steady(text) == steady(SESSION)


# ---- command by command, in a clean clone ----------------------------------

# What is not run here, and why.
ELSEWHERE = {
    'make setup test': 'is what runs this',
    'make help': '', 'make doctor': '',
    'make test-long': 'runs this',
    'make debug': 'waits for gdb, see test_gdb', 'make gdb': 'see test_gdb',
    'make setup-site site-serve': 'serves until it is ended, see .ci/run',
    'make monitor': 'waits for somebody, see test_monitor',
    'make setup-site site-serve': 'serves until it is stopped, see the site',
}

# What the reader has beforehand.
PREPARED = '''
mkdir dir && echo laid >dir/over
echo note >notes
printf '#include <stdio.h>\\nint main(void) { return !puts("hello"); }\\n' >hello.c
cp hello.c userprog/
'''


def readme_commands():
    """All commands of the README, as a reader would copy them."""
    text = (ROOT / 'README.md').read_text()
    blocks = re.findall(r'^    ((?:make|mkdir|riscv64)\S* .*)$', text, re.M)
    table = re.findall(r'`(make [^`]*)`', text)
    commands = [re.sub(r'\s*#.*', '', c) for c in blocks + table]
    return [c for c in dict.fromkeys(commands) if c not in ELSEWHERE]


def test_there_are_commands_of_all_kinds():
    commands = readme_commands()
    assert len(commands) > 15
    assert 'make setup run' in commands and 'make ch5' in commands
    assert any(c.startswith('riscv64-linux-gnu-gcc') for c in commands)


# They fail on a tree where the reader has done nothing yet, as they ought to.
UNSOLVED = ['make exercise N=5']


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_every_command_of_the_readme_in_a_clean_clone(tmp_path):
    clone = tmp_path / 'barefoot'
    subprocess.run(['git', 'clone', '-q', str(ROOT), str(clone)], check=True)
    subprocess.run(PREPARED, shell=True, check=True, cwd=clone)
    clean = {name: value for name, value in os.environ.items()
             if not name.startswith('MAKE') and name not in ('MFLAGS', 'BUILD')}
    clean['TIMEOUT'] = '300'
    for command in readme_commands():
        command = command.replace('/tmp/mine', str(tmp_path / 'mine'))
        if 'my.img' in command:
            shutil.copy(clone / 'build/disk.img', clone / 'my.img')
            (clone / 'more.img').write_bytes(bytes(1 << 20))
        done = subprocess.run(command, shell=True, cwd=clone, env=clean,
                              stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=1200)
        wanted = 2 if command in UNSOLVED else 0
        assert done.returncode == wanted, (command, done.stdout[-2000:],
                                           done.stderr[-2000:])
