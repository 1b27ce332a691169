"""The README shows what a reader will see: its session is typed and compared,
numbers that depend on the moment apart."""
import re

import pytest

from conftest import ROOT

SESSION = re.search(r'^```\n\$ make run\n(.*?)^```$',
                    (ROOT / 'README.md').read_text(), re.M | re.S)[1]


def steady(text):
    """Without the columns of ps that change: size and time."""
    return re.sub(r'^( +\d+ +\d+ \w) +\d+ +\d+\.\d+ ', r'\1 ', text, flags=re.M)


@pytest.mark.skipif(not (ROOT / 'src/main.c').exists(),
                    reason='there is no full system yet')
def test_session_of_the_readme(boot, rootdisk):
    machine = boot(flags=['-drive', f'if=none,id=a,format=raw,file={rootdisk}',
                          '-device', 'virtio-blk-device,drive=a'])
    for line in re.findall(r'^\$ (.*)$', SESSION, re.M):
        machine.expect(r'^\$ \Z')
        machine.send(line + '\n')
    assert machine.wait() == 0
    assert steady(machine.text) == steady(SESSION)
