"""The functions of a linked kernel: their frames, and who calls whom, read from
its machine code for tools/stackuse.
"""
import bisect
import collections
import os
import re

from flow import output

CROSS = 'riscv64-unknown-elf-'


class Function:
    def __init__(self, name, address):
        self.name, self.address = name, address
        self.frame = 0
        self.calls = []         # (target's address, whether by a tail call)
        self.indirect = []      # (address, whether it is a jump)
        self.strange = []       # what happens to sp that is not understood


HEAD = re.compile(r'^([0-9a-f]+) <(.+)>:$')
CODE = re.compile(r'^\s*([0-9a-f]+):\s+(\S+)\s*(.*)$')
TARGET = re.compile(r'(?:^|[,\s])([0-9a-f]+) <')
BRANCH = re.compile(r'b(eq|ne|lt|ge|le|gt)u?z?$')


class Code:
    """The functions of a kernel: frames, and who calls whom."""

    def __init__(self, elf):
        self.elf = elf
        self.functions = {}     # address -> Function
        self.starts = []
        text = output(CROSS + 'objdump', '-d', '--no-show-raw-insn', '-j',
                      '.text', elf)
        self.symbols()
        for line in text.splitlines():
            head = HEAD.match(line)
            if head:
                function = self.begin(head[2], int(head[1], 16))
                constants = {}
                continue
            code = CODE.match(line)
            if code and code[2] != 'unimp':
                self.last = int(code[1], 16)
                self.step(function, constants, int(code[1], 16), *code.groups()[1:])
        self.starts = sorted(self.functions)

    def symbols(self):
        """Notes which file each symbol is from: names may occur twice."""
        self.named = collections.defaultdict(list)  # name -> [(file, address)]
        file = ''
        for line in output(CROSS + 'readelf', '-sW', self.elf).splitlines():
            words = line.split()
            if len(words) < 8 or not words[0].rstrip(':').isdigit():
                continue
            if words[3] == 'FILE':
                file = words[7]
            elif words[3] in ('FUNC', 'NOTYPE') and words[6] != 'ABS':
                local = file if words[4] == 'LOCAL' else ''
                self.named[words[7]].append((local, int(words[1], 16)))

    def begin(self, name, address):
        base = name.split('.cold')[0]
        whole = [f for f in self.functions.values() if f.name == base]
        if base != name and len(whole) == 1:    # a part that was moved away
            function = whole[0]
        else:
            function = Function(name, address)
        self.functions[address] = function
        return function

    def step(self, function, constants, address, operation, operands):
        words = operands.split('#')[0].strip().split(',')
        target = TARGET.search(operands)
        target = int(target[1], 16) if target else None
        if operation in ('jal', 'call') or operation == 'jalr' and target:
            function.calls.append((target, words[0] == 'zero'))
        elif operation in ('j', 'tail', 'jr') and target or BRANCH.match(operation):
            function.calls.append((target, True))
        elif operation in ('jalr', 'jr'):
            function.indirect.append((address, operation == 'jr'))
        elif operation == 'li':
            constants[words[0]] = int(words[1], 0)
        elif operation == 'lui':
            constants[words[0]] = (int(words[1], 16) ^ 0x80000) - 0x80000 << 12
        elif operation in ('addi', 'addiw') and words[0] == words[1] != 'sp':
            constants[words[0]] = constants.get(words[1], 0) + int(words[2])
        elif words[0] == 'sp' and operation not in ('sd', 'sw', 'sb', 'sh'):
            self.move(function, constants, operation, words)

    @staticmethod
    def move(function, constants, operation, words):
        """sp changes: counts what is taken, and no giving back."""
        if operation == 'addi' and words[1] == 'sp':
            function.frame += max(0, -int(words[2]))
        elif operation == 'addi' and words[1] == 's0':
            pass                # the end of a function with a frame pointer
        elif operation == 'add' and words[1] == 'sp' and words[2] in constants:
            function.frame += max(0, -constants[words[2]])
        elif operation == 'add' and re.fullmatch(r'-?\d+', words[2]):
            function.frame += max(0, -int(words[2]))
        else:
            function.strange.append(f'{operation} {",".join(words)}')

    def at(self, address):
        """The function that the address is in; None behind the last one."""
        if address > self.last:
            return None
        place = bisect.bisect_right(self.starts, address) - 1
        return self.functions[self.starts[place]]

    def find(self, key):
        """The functions of a name such as trap, or src/trap.c:trap; none if
        it was not linked."""
        file, _, name = key.rpartition(':')
        found = self.named.get(name, [])
        if file.endswith('.c') and len(found) > 1:
            found = [f for f in found if f[0] == os.path.basename(file)]
        return {self.functions[address] for _, address in found
                if address in self.functions}

    def lines(self, addresses, files):
        """{address: (file, line)} where each instruction comes from, as one of
        the files; the house may have been moved since it was built."""
        if not addresses:
            return {}
        text = output(CROSS + 'addr2line', '-e', self.elf,
                      *map(hex, addresses)).splitlines()
        found = {}
        for address, place in zip(addresses, text):
            path, line = place.split(' (')[0].rsplit(':', 1)
            path = next((file for file in files if path.endswith('/' + file)), path)
            found[address] = path, int(line) if line.isdigit() else 0
        return found
