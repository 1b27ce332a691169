"""The bring-up monitor: its checklist on every board, and that nothing which is
asked of it kills it."""
import re
import subprocess

import pytest

from conftest import BUILD, ROOT, wrapper

BOARDS = ['virt', 'virt-epmp', 'virt-nommu', 'sifive_u', 'icicle', 'shakti_c',
          'spike']
NARROW = ['virt32', 'sifive_e']         # built for themselves
BOARDS += NARROW
TEXT = 16 << 10
FREE = 0x84000000               # memory that nobody uses


def kernel(board):
    if board in NARROW:
        return ROOT / 'build' / board / 'monitor.elf'
    return BUILD / board.split('-')[0].replace('virt', '') / 'monitor.elf'


@pytest.mark.timeout(400)
@pytest.mark.parametrize('board', BOARDS)
def test_checklist(board):
    result = subprocess.run(
        [ROOT / 'tools/bringup', f'--board={board}', kernel(board)],
        capture_output=True, text=True, timeout=300)
    assert result.returncode == 0, result.stdout + result.stderr
    results = re.findall(r'^(PASS|FAIL|SKIP) ([\w-]+)(: .+)?$', result.stdout,
                         re.M)
    skipped = {name for verdict, name, _ in results if verdict == 'SKIP'}
    names = {name for _, name, _ in results}
    assert all(why for verdict, _, why in results if verdict != 'PASS')
    assert {'console', 'misa', 'pmp', 'fault-caught', 'mtime', 'second', 'echo',
            'timer-interrupt', 'software-interrupt', 'memory-random',
            'break', 'bad-addresses', 'xmodem'} <= names
    assert skipped <= {'break', 'xmodem'}
    assert 'xmodem' not in skipped or board == 'spike'
    assert 'break' not in skipped or board not in ('virt', 'icicle')
    mmu = re.search(r'^mmu: (.*)$', result.stdout, re.M)[1]
    assert ('Sv39' in mmu) == (board not in ['virt-nommu'] + NARROW)
    assert ('Sv32' in mmu) == (board == 'virt32')
    assert 'pmp: 16 entries, grain 4 bytes\n' in result.stdout


@pytest.mark.parametrize('board', [b for b in BOARDS if '-' not in b])
def test_is_small(board):
    sizes = subprocess.run(
        ['riscv64-unknown-elf-objdump', '-h', kernel(board)],
        capture_output=True, text=True, check=True).stdout
    assert int(re.search(r'\.text +([0-9a-f]+)', sizes)[1], 16) <= TEXT


def test_stands_on_four_floors():
    result = subprocess.run(
        [ROOT / 'tools/floors', '--map', BUILD / 'monitor.map', '4'],
        cwd=ROOT, capture_output=True, text=True)
    above = [line for line in result.stdout.splitlines()
             if ' with monitor/' not in line]
    assert above == []


@pytest.fixture
def monitor(boot):
    """monitor('r32 0', ...): what it said to the last of them."""
    machine = boot('monitor.elf')
    machine.expect('^> ')

    def ask(*commands):
        for command in commands:
            machine.send(command + '\r')
            machine.expect('\n')
            begin = machine.seen
            machine.expect('^> ')
        return machine.text[begin:machine.seen - 2]
    ask.machine = machine
    return ask


def test_peek_poke_and_dump(monitor):
    assert monitor(f'w64 {FREE:x} 1122334455667788', f'r64 {FREE:x}') == \
        '84000000: 1122334455667788\n'
    assert monitor(f'w32 {FREE:x} 0xCAFE', f'r32 {FREE:x} 2') == \
        '84000000: 0000cafe\n84000004: 11223344\n'
    assert monitor(f'w16 {FREE:x} 1234', f'r16 {FREE + 2:x}') == \
        '84000002: 0000\n'
    assert monitor(f'w8 {FREE:x} 41', f'r8 {FREE:x}') == '84000000: 41\n'
    assert monitor(f'd {FREE:x} 12') == \
        '84000000: 41 12 00 00 44 33 22 11 00 00 00 00 00 00 00 00  ' \
        'A...D3".........\n84000010: 00 00  ..\n'


@pytest.mark.parametrize('command, answer', [
    ('r8 ffffffffffffffff', 'fault: load access fault at ffffffffffffffff\n'),
    ('r64 ffff0000', 'fault: load access fault at ffff0000\n'),
    ('w32 ffff0000 1', 'fault: store access fault at ffff0000\n'),
    ('w8 80000000 1', 'refused: the monitor lies there\n'),
    ('m 80000000 1000', 'SKIP memory: the monitor lies there\n'),
    ('g ffff0000', 'fault: instruction access fault at ffff0000\n'),
    ('d ffff0000 3', 'ffff0000: -- -- --  ---\n')])
def test_a_wrong_address_is_told(monitor, command, answer):
    assert monitor(command).endswith(answer)
    assert 'PASS misa' in monitor('c')


def test_a_program_that_faults_comes_back(monitor):
    """An ebreak, and one that sets a vector of its own first."""
    assert 'breakpoint' in monitor(f'w32 {FREE:x} 00100073', f'g {FREE:x}')
    assert 'illegal instruction' in monitor(
        f'w32 {FREE:x} 0', f'g {FREE:x}')
    assert 'breakpoint' in monitor(             # csrw mtvec, zero
        f'w32 {FREE:x} 30501073', f'w32 {FREE + 4:x} 00008067',
        f'g {FREE:x}', f'w32 {FREE:x} 00100073', f'g {FREE:x}')


def test_memory_that_is_not_there_fails(monitor):
    """The address bus finds the end of memory, and so does every pattern."""
    text = monitor('m 87ff0000 20000')
    assert re.search(r'^FAIL memory-address: store access fault at 88000000$',
                     text, re.M)
    assert 'PASS memory-data-bus' in text


def test_nonsense_gets_help(monitor):
    for line in 'r32', 'r32 zz', 'w8 1', 'nothing', 'c 1 2 3', 'r32 1 2 3':
        assert 'AT [COUNT]' in monitor(line)
    long_line = 'r32 ' + '8' * 200
    assert monitor(long_line)


def crc16(data):
    crc = 0
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xffff
    return crc


def packet(number, data):
    crc = crc16(data)
    return bytes([1, number & 255, ~number & 255]) + data + \
        bytes([crc >> 8, crc & 255])


def test_a_spoilt_packet_is_asked_for_again(monitor):
    """A broken one is refused, one that comes twice is taken once, and the
    numbers go round."""
    machine = monitor.machine
    blocks = [bytes((i + j) % 251 for j in range(128)) for i in range(258)]
    machine.send(f'x {FREE:x}\r')
    machine.expect('C')
    seen = len(machine.text)

    def send(data, answer):
        nonlocal seen
        machine.process.stdin.write(data)
        machine.seen = seen
        machine.expect(re.escape(answer))
        seen = machine.seen

    for i, block in enumerate(blocks):
        good = packet(i + 1, block)
        if i == 3:
            send(good[:-1] + bytes([good[-1] ^ 1]), '\x15')
        send(good, '\x06')
        if i == 5:
            send(good, '\x06')
    send(b'\x04', '\x06')
    assert f'load: {258 * 128} bytes' in machine.expect('load: .*\n').group()
    machine.expect('^> ')
    last = FREE + 257 * 128
    assert monitor(f'r8 {last:x}') == f'{last:x}: {blocks[257][0]:02x}\n'


def test_load_to_nowhere_is_cancelled(monitor):
    machine = monitor.machine
    machine.send('x ffff0000\r')
    machine.expect('C')
    machine.process.stdin.write(packet(1, bytes(128)))
    machine.expect('FAIL load: ')
    machine.expect('^> ')


def test_ends_with_its_input():
    result = wrapper(BUILD / 'monitor.elf', stdin='r8 80000000\ni\n')
    assert result.returncode == 0
    assert 'PASS software-interrupt\n' in result.stdout


def test_powers_off_with_a_status(monitor):
    monitor.machine.send('q 3\r')
    assert monitor.machine.wait() == 3
