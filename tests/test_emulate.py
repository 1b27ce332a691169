"""What the kernel does in a hart's place: loads and stores that are not aligned,
and counters without a CSR."""
import re
import struct
import subprocess

import pytest

from conftest import BUILD, ROOT, wrapper

SIZES = {'b': 1, 'h': 2, 'w': 4, 'd': 8}


@pytest.fixture(scope='module')
def decoder(tmp_path_factory):
    program = tmp_path_factory.mktemp('decoder') / 'encodings'
    subprocess.run(['gcc', '-O1', '-Wall', '-Wextra', '-Werror', '-Isrc',
                    '-fsanitize=undefined', '-fno-sanitize-recover=all',
                    'tests/host/encodings.c', 'src/machine/instruction.c', '-o',
                    program], cwd=ROOT, check=True)

    def decode(words, xlen):
        data = b''.join(struct.pack('<I', word) for word in words)
        return subprocess.run([program, str(xlen)], input=data, check=True,
                              capture_output=True).stdout.decode().splitlines()
    return decode


def disassemble(words, xlen, path):
    """Returns what binutils make of each."""
    short = [word & 3 != 3 for word in words]
    path.write_bytes(b''.join(
        # A nop behind a short one keeps the two of a pair in step.
        struct.pack('<HH', word, 1) if is_short else struct.pack('<I', word)
        for word, is_short in zip(words, short)))
    text = subprocess.run(
        ['riscv64-unknown-elf-objdump', '-b', 'binary', '-D', '-m',
         f'riscv:rv{xlen}', '-M', 'no-aliases,numeric', path], check=True,
        capture_output=True, text=True).stdout
    rows = dict(re.findall(r'^ *([0-9a-f]+):\t[0-9a-f]+ +\t(.*)$', text, re.M))
    return [rows.get(f'{4 * i:x}', '-') for i in range(len(words))]


def meaning(text):
    """The decoder's words for a disassembled instruction."""
    match = re.match(r'(c\.)?(f?)(l|s)([bhwd])(u?)(sp)?\t([xf]\d+),'
                     r'(-?\d+)\((x\d+)\)', text)
    if match:
        short, floats, way, size, unsigned, _, reg, offset, base = match.groups()
        # Half and quadruple floats are not ours.
        sign = way == 'l' and not floats and not unsigned
        return (f'{"load" if way == "l" else "store"} {2 if short else 4} '
                f'{SIZES[size]} {int(sign)} {reg} {offset}({base})')
    return None


def load_store_words():
    """Every kind of load and store with all offsets, and with all registers."""
    for opcode in 0x03, 0x07, 0x23, 0x27:
        for width in range(8):
            for imm in range(4096):
                if opcode & 0x20:
                    field = (imm >> 5) << 25 | (imm & 31) << 7 | 11 << 20
                else:
                    field = imm << 20 | 11 << 7
                yield opcode | width << 12 | 10 << 15 | field
            for one in range(32):
                for other in range(32):
                    yield opcode | width << 12 | one << 15 | \
                        other << (20 if opcode & 0x20 else 7)


@pytest.mark.parametrize('xlen', [32, 64])
def test_every_load_and_store_is_what_a_disassembler_says(decoder, tmp_path,
                                                          xlen):
    words = [word for word in range(65536) if word & 3 != 3]
    words += load_store_words()
    expected = map(meaning, disassemble(words, xlen, tmp_path / 'words'))
    found = decoder(words, xlen)
    wrong = [(hex(word), here, there) for word, here, there in
             zip(words, found, expected)
             if (there or '-') != here and not
             (there is None and here.startswith('read'))]
    assert not wrong, (len(wrong), wrong[:10])
    assert sum(line.startswith('load') for line in found) > 40000


def test_reads_of_counters(decoder):
    rdtime, rdcycle, rdinstret, rdtimeh = 0xc01, 0xc00, 0xc02, 0xc81
    read = [csr << 20 | f3 << 12 | 10 << 7 | 0x73
            for csr in (rdtime, rdcycle, rdinstret, rdtimeh)
            for f3 in (2, 3, 6, 7)]
    write = [rdtime << 20 | 1 << 12 | 10 << 7 | 0x73,       # csrrw
             rdtime << 20 | 5 << 12 | 10 << 7 | 0x73,       # csrrwi
             rdtime << 20 | 2 << 12 | 1 << 15 | 0x73,       # rs1 is not 0
             0x00000073, 0x00100073, 0x10500073]            # ecall ebreak wfi
    found = decoder(read + write, 64)
    assert found == [f'read {csr:#x} x10' for csr in
                     (rdtime, rdcycle, rdinstret, rdtimeh)
                     for _ in range(4)] + ['-'] * len(write)


@pytest.mark.parametrize('board', ['virt', 'sifive_u'])
def test_programs_cannot_tell_us_from_a_hart(board):
    """Each kind twice, emulated and done by QEMU: in the middle of a page and
    over its end, into a page that is not there yet, and where none may be."""
    result = wrapper(f'--board={board}', '--append=emulate=all',
                     '--command=/test/unaligned', f'--root={BUILD}/test.cpio',
                     BUILD / board.replace('virt', '') / 'kernel.elf')
    assert result.returncode == 0, result.stdout
    assert re.search(r'^(\d\d+) kinds, 0 of them differ$', result.stdout, re.M)
    assert result.stdout.count('over the edge: killed by signal 11\n') == 4
    faults = re.findall(r': (\w+) page fault at .*, address (\w+):',
                        result.stdout)
    assert faults == faults[:2] * 2 and len(set(faults)) == 2
    assert 'time went on 1\n' in result.stdout


@pytest.mark.parametrize('board', ['shakti_c', 'spike', 'icicle'])
def test_a_counter_without_a_csr(board):
    result = wrapper(f'--board={board}', '--command=/test/unaligned time',
                     f'--root={BUILD}/test.cpio', BUILD / board / 'kernel.elf')
    assert 'time went on 1\n' in result.stdout, result.stdout
