"""What QEMU needs to be each board, and how the board is told what to do."""
import os
import re
import runpy
import sys
import time

TOOLS = os.path.dirname(os.path.abspath(__file__))
SEMIHOST = ['-semihosting-config', 'enable=on,target=native']
PIECE = 8192
VIRT = ['-M', 'virt', '-bios', 'none', '-kernel', '{kernel}']

# What QEMU needs to be a board; {kernel} is filled in.  `idle` harts are there
# without running Barefoot, so they are not among those that --harts counts.
# Where QEMU leaves no device tree, `tree` and `initrd` say where we do: at an
# address in memory, or by -dtb.  `credit` is for a console that loses what
# is typed faster than it is fetched.  At `flash` lies the kernel's plain image,
# NAME.bin beside NAME.elf: nobody copies anything to memory for it.  There is
# no way to give such a board boot arguments.
BOARDS = {
    'virt': {'machine': VIRT, 'memory': '128M'},
    'virt-epmp': {'machine': VIRT + ['-cpu', 'rv64,x-epmp=true'],
                  'memory': '128M'},
    'virt-nommu': {'machine': VIRT + ['-cpu', 'rv64,mmu=off'],
                   'memory': '128M'},
    'virt32': {'machine': VIRT, 'memory': '128M', 'qemu': 'riscv32'},
    'sifive_u': {'machine': ['-M', 'sifive_u', '-bios', 'none', '-kernel',
                             '{kernel}'] + SEMIHOST,
                 'memory': '128M', 'idle': 1},
    'icicle': {'machine': ['-M', 'microchip-icicle-kit', '-bios', 'none',
                           '-kernel', '{kernel}'] + SEMIHOST,
               'memory': '1537M', 'idle': 1, 'tree': 'dtb'},
    'shakti_c': {'machine': ['-M', 'shakti_c', '-bios', '{kernel}'] + SEMIHOST,
                 'memory': '128M', 'tree': 0x87f00000, 'initrd': 0x84000000},
    'sifive_e': {'machine': ['-M', 'sifive_e'] + SEMIHOST, 'memory': '',
                 'qemu': 'riscv32', 'flash': 0x20400000},
    'spike': {'machine': ['-M', 'spike', '-bios', 'none', '-kernel',
                          '{kernel}'],
              'memory': '128M', 'credit': 1},
}


def find(name):
    """Returns the board's row.  One that has none here, as one that `make
    board` began, says it in its own file: `// QEMU: -M ...`."""
    if name in BOARDS:
        return BOARDS[name]
    path = os.path.join(TOOLS, '../src/board', name + '.c')
    text = ''
    if os.path.exists(path):
        with open(path, encoding='utf-8') as file:
            text = file.read()
    words = re.search(r'^// QEMU: (.+)$', text, re.M)
    idle = re.search(r'^// Harts beside those that run Barefoot: (\d+)', text,
                     re.M)
    if not words:
        sys.exit(f'tools/run: no board {name} for QEMU; there are ' +
                 ', '.join(BOARDS))
    line, tree = re.subn(r' -dtb \{tree\}', '', words[1])
    board = {'machine': line.split() + SEMIHOST, 'memory': '',
             'idle': int(idle[1]) if idle else 0}
    return {**board, 'tree': 'dtb'} if tree else board


def memory_file(name, data):
    """Returns a descriptor; such a file leaves nothing behind, whatever ends
    us."""
    descriptor = os.memfd_create(name)
    with open(descriptor, 'wb', closefd=False) as file:
        file.write(data)
    return descriptor


def loader(descriptor, address):
    return ['-device', f'loader,file=/proc/self/fd/{descriptor},'
                       f'addr={address:#x},force-raw=on']


def boot_options(board, arguments, initrd):
    """Returns QEMU's options, and the descriptors that they name, by which the
    guest gets its boot arguments and its initial root."""
    tree, options, files = board.get('tree'), [], []
    chosen = None
    if initrd is not None:
        files = [memory_file('initrd', initrd)]
        if 'initrd' in board:
            chosen = board['initrd'], board['initrd'] + len(initrd)
            options += loader(files[0], board['initrd'])
        else:
            options += ['-initrd', f'/proc/self/fd/{files[0]}']
    if tree:
        pack = runpy.run_path(os.path.join(TOOLS, 'devicetree.py'))['chosen']
        files += [memory_file('tree', pack(arguments, chosen))]
        options += ['-dtb', f'/proc/self/fd/{files[-1]}'] if tree == 'dtb' \
            else loader(files[-1], tree)
    elif arguments:
        options += ['-append', arguments]
    return options, files


def machine_options(board, kernel):
    """Returns the options that make QEMU this board, with this kernel, and the
    descriptors that they name."""
    options = [word.format(kernel=kernel) for word in board['machine']]
    if 'flash' not in board:
        return options, []
    with open(os.path.splitext(kernel)[0] + '.bin', 'rb') as file:
        image = file.read()
    # QEMU takes no piece that is larger than the board's memory.
    files = [memory_file('flash', image[at:at + PIECE])
             for at in range(0, len(image), PIECE)]
    for n, descriptor in enumerate(files):
        options += loader(descriptor, board['flash'] + n * PIECE)
    return options, files


def boot_words(board, terminal):
    """Returns the boot arguments that go with the board."""
    if 'flash' in board:
        return []
    words = [] if terminal else ['paced'] if 'credit' not in board else \
        [f'paced={board["credit"]}']
    return words + ([] if 'virt' in board['machine'] else
                    [f'epoch={time.time():.0f}'])
