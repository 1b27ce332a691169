"""Floor 13: disks, as block devices, as files in /dev, and as images."""
import hashlib
import json
import os
import random
import re
import subprocess

import pytest

from conftest import BUILD, ROOT, UBSAN, judge, wrapper

VERSIONS = {'legacy': [], 'modern': ['-global', 'virtio-mmio.force-legacy=false']}
DISK = ['-drive', 'if=none,id=a,format=raw,file={image}',
        '-device', 'virtio-blk-device,drive=a,serial=a-serial-of-20-bytes']


@pytest.fixture(params=VERSIONS)
def version(request):
    return VERSIONS[request.param]


@pytest.fixture
def image(tmp_path):
    """Four MiB of what looks random, the same each time."""
    path = tmp_path / 'disk.img'
    path.write_bytes(random.Random(13).randbytes(4 << 20))
    return path


def drive(image, *options):
    return [word.format(image=image) for word in DISK] + list(options)


def play(boot, scene, flags=(), disk='vda', words='', status=0, build=BUILD):
    """Runs a scene of tests/kernels/disk.c; what it printed."""
    machine = boot('tests/disk.elf', flags=flags, build=build,
                   append=f'disk={disk} scene={scene} {words}')
    assert machine.wait(40) == status, machine.text
    return machine.text


# ---- the devices -------------------------------------------------------------

@pytest.mark.parametrize('build', [BUILD, UBSAN], ids=['plain', 'ubsan'])
def test_patterns(boot, image, version, build):
    text = play(boot, 'pattern', drive(image, *version), build=build)
    seen = re.search(r"vda '(.*)': 8192 sectors, \d+ requests, (\d+) under way; "
                     r'(\d+) reads, (\d+) writes, 1 flushes', text)
    assert seen[1] == 'a-serial-of-20-bytes'
    assert int(seen[2]) == 24
    data = image.read_bytes()
    for sector in 0, 1, 4711, 8191:
        word = (sector << 8) * 0x9e3779b97f4a7c15 % 2**64 ^ 0x5a17
        assert data[512 * sector:][:8] == word.to_bytes(8, 'little')


@pytest.mark.parametrize('scene', ['pattern', 'joined', 'refused', 'errors'])
@pytest.mark.parametrize('words', ['ramdisk=3', 'ramdisk=3,deferred'])
def test_ramdisk(boot, words, scene):
    text = play(boot, scene, disk='ram0', words=words)
    assert 'error' not in text
    assert "ram0 '': 6144 sectors" in text


def test_neighbours_go_as_one(boot, image, version):
    text = play(boot, 'joined', drive(image, *version))
    assert '18 requests, 18 under way; 2 reads, 1 writes' in text


def test_what_lies_outside_is_refused(boot, image, version):
    play(boot, 'refused', drive(image, *version))


def test_read_only(boot, image):
    flags = drive(image)
    flags[1] += ',readonly=on'
    play(boot, 'refused', flags)


def test_the_image_may_not_be_large_enough_for_the_memory(boot):
    machine = boot('tests/disk.elf', append='disk=ram0 ramdisk=4000')
    assert machine.wait() == 1
    assert 'ramdisk: no memory for 4000 MiB' in machine.text


def test_errors_of_the_medium(boot, image, version):
    faults = [{'event': 'none', 'iotype': kind, 'sector': sector, 'errno': 5,
               'once': False} for kind, sector in
              [('read', 803), ('read', 8191), ('write', 1600), ('write', 0)]]
    node = {'driver': 'raw', 'node-name': 'a', 'file': {
        'driver': 'blkdebug', 'inject-error': faults,
        'image': {'driver': 'file', 'filename': str(image)}}}
    text = play(boot, 'errors', ['-blockdev', json.dumps(node), '-device',
                                 'virtio-blk-device,drive=a', *version])
    assert re.findall(r'^(read|write) of sector (\d+): error 5$', text,
                      re.M) == [('read', '800'), ('read', '8184'),
                                ('write', '0'), ('write', '1600')]
    assert '1024 reads, 1024 writes' in text


def test_a_device_that_does_not_answer(boot, image, version):
    flags = drive(image, *version)
    flags[1] += ',throttling.iops-total=1'
    text = play(boot, 'stalled', flags, words='patience=300')
    assert text == ('vda: no answer, reset\nround 1: 3 errors\n'
                    'vda: no answer, reset\nvda: given up\n'
                    'round 2: 3 errors\nround 3: 3 errors\n'
                    'round 4: 3 errors\nround 5: 3 errors\n') + \
        text[text.index("vda '"):]


# ---- files in /dev -------------------------------------------------------------

def run(line, *images, append='', flags=()):
    result = wrapper('--command=' + line, *[f'--disk={i}' for i in images],
                     f'--append=root=initrd {append}', f'--flags={" ".join(flags)}',
                     BUILD / 'kernel.elf')
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout.split('\n', 1)[1]      # without the greeting


def test_disks_are_read_as_files(image, tmp_path, version):
    other = tmp_path / 'other.img'
    other.write_bytes(b'hello\n' + bytes(1018))
    out = run('cat /proc/disks; head -n 1 /dev/vdb; wc -c /dev/vda; '
              'tail -c 1000 /dev/vda | hexdump', image, other, flags=version)
    head, data = out.split(' /dev/vda\n')
    assert head.splitlines() == ['vda 8192 rw,flush -', 'vdb 2 rw,flush -',
                                 'hello', str(4 << 20)]
    last = ' '.join(f'{byte:02x}' for byte in image.read_bytes()[-8:])
    assert last in data.replace('  ', ' ')


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_copy_from_disk_to_disk(image, tmp_path, version):
    other = tmp_path / 'other.img'
    other.write_bytes(bytes(4 << 20))
    run('cat /dev/vda | cat >/dev/vdb', image, other, flags=version)
    assert digest(other) == digest(image)


def test_part_of_a_sector_is_written(tmp_path):
    image = tmp_path / 'disk.img'
    image.write_bytes(b'.' * 2048)
    run('echo first >/dev/vda', image)
    assert image.read_bytes() == b'first\n' + b'.' * 2042
    full = run('cat /bin/sh >/dev/vda || echo full', image)
    assert 'No space left on device' in full and full.endswith('full\n')
    assert image.read_bytes() == \
        (BUILD / 'user/bin/sh').read_bytes()[:2048]


def test_fsync_of_a_disk_flushes_it(image):
    out = run('dd if=/bin/ls of=/dev/vda bs=4096 count=1 conv=fsync 2>/dev/null; '
              'sync /dev/vda; cat /proc/diskstats', image)
    assert re.search(r' vda .* 1 0$', out, re.M), out    # the second finds it done


# Each of them writes on as soon as it has its answer.
WRITERS = ('for i in 1 2 3 4 5 6 7 8; do while :; do dd if=/dev/zero of=/dev/vda '
           'bs=512 2>/dev/null; done & done; ')


def test_fsync_of_a_disk_does_not_wait_for_what_others_write(image):
    """One flush each is enough, or none, and not as many as it takes till no
    one happens to have written meanwhile."""
    out = run(WRITERS + 'i=0; while [ $i -lt 20 ]; do sync /dev/vda; '
              'i=$((i + 1)); done; cat /proc/diskstats', image)
    assert 1 <= int(re.search(r' vda .* (\d+) \d+$', out, re.M)[1]) <= 20, out


def test_ram_disk_in_dev():
    out = run('cat /bin/ls >/dev/ram0; head -c 4 /dev/ram0; '
              'tail -c 5 /dev/ram0 | wc -c; cat /proc/diskstats',
              append='ramdisk=1,deferred')
    assert out.startswith('\x7fELF')
    assert re.search(r'254 +0 ram0 ', out)


# ---- images --------------------------------------------------------------------

def disk(*words, status=0):
    result = subprocess.run([ROOT / 'tools/disk', *map(str, words)],
                            capture_output=True, text=True)
    assert result.returncode == status, result.stdout + result.stderr
    return result.stdout + result.stderr


@pytest.fixture
def sources(tmp_path):
    root = tmp_path / 'root'
    (root / 'etc/deep').mkdir(parents=True)
    (root / 'etc/motd').write_text('hello\n')
    (root / 'etc/deep/big').write_bytes(random.Random(1).randbytes(300000))
    (root / 'run').write_text('#!\n')
    (root / 'run').chmod(0o755)
    (root / 'link').symlink_to('etc/motd')
    (root / 'a "name" with $blanks').write_text('')
    return root


def test_images_repeat_byte_for_byte(sources, tmp_path):
    image, other = tmp_path / 'disk.img', tmp_path / 'other.img'
    disk('make', image, 32, sources, BUILD / 'initrd.cpio')
    os.utime(sources / 'etc/motd')
    (sources / 'etc/motd').rename(sources / 'etc/x')
    (sources / 'etc/x').rename(sources / 'etc/motd')
    disk('make', other, 32, sources, BUILD / 'initrd.cpio')
    assert digest(image) == digest(other)
    judge(image)


def test_what_is_in_an_image(sources, tmp_path):
    image = tmp_path / 'disk.img'
    disk('make', image, 32, sources, f'bin/ls={BUILD}/user/bin/ls')
    listed = disk('ls', image)
    for line in ['drwxr-xr-x     0     0          - bin',
                 'drwxrwxrwt     0     0          - tmp',
                 '-rwxr-xr-x     0     0          3 run',
                 '-rw-r--r--     0     0          0 a "name" with $blanks',
                 'lrwxrwxrwx     0     0          8 link']:
        assert line in listed.splitlines(), listed
    disk('get', image, '/etc', tmp_path / 'etc')
    assert digest(tmp_path / 'etc/deep/big') == digest(sources / 'etc/deep/big')
    disk('get', image, 'bin/ls', tmp_path)
    assert digest(tmp_path / 'ls') == digest(BUILD / 'user/bin/ls')
    assert 'no such file in the disk' in disk('get', image, '/no', 'x', status=1)
    assert 'no such file in the disk' in disk('ls', image, '/no', status=1)


def test_put(sources, tmp_path):
    image, back = tmp_path / 'disk.img', tmp_path / 'back'
    disk('make', image, 32, sources)
    disk('put', image, sources / 'run', '/etc/motd')    # over what is there
    disk('put', image, sources / 'etc', '/tmp/')        # below
    disk('put', image, sources / 'run', '/tmp')
    disk('get', image, '/', back)
    assert (back / 'etc/motd').read_text() == '#!\n'
    assert (back / 'tmp/etc/motd').read_text() == 'hello\n'
    assert (back / 'tmp/run').read_text() == '#!\n'
    assert 'no such file' in disk('put', image, tmp_path / 'no', '/x', status=1)
    disk('put', image, sources / 'run', '/made/on/the/way')
    assert '/made/on/the:' in disk('ls', image)
    # debugfs ends with 0 whatever happens; here it tells.
    large = tmp_path / 'large'
    large.write_bytes(b'x' * (40 << 20))
    assert 'Could not allocate' in disk('put', image, large, '/', status=1)
    judge(image)


def test_refresh_leaves_alone_what_was_not_built(sources, tmp_path):
    image = tmp_path / 'disk.img'
    programs = [tmp_path / name for name in ('one', 'two')]
    for program in programs:
        program.write_text('old\n')
    entries = [f'bin/{p.name}={p}' for p in programs]
    disk('make', image, 32, *entries)
    disk('put', image, sources / 'etc/motd', '/bin/two')
    disk('put', image, sources / 'etc/motd', '/bin/mine')
    before = digest(image)
    disk('refresh', image, *entries)
    assert digest(image) == before
    programs[0].write_text('new\n')
    disk('refresh', image, *entries)
    disk('get', image, '/bin', tmp_path / 'bin')
    assert [(tmp_path / 'bin' / name).read_text()
            for name in ('one', 'two', 'mine')] == ['new\n', 'hello\n', 'hello\n']
    judge(image)


def test_two_machines_do_not_share_an_image(boot, image):
    first = boot('tests/disk.elf', append='disk=vda scene=stalled patience=9999',
                 flags=[*drive(image)[:1],
                        drive(image)[1] + ',throttling.iops-total=1',
                        *drive(image)[2:]])
    first.expect('round 1')     # it runs, so it has the lock
    try:
        result = wrapper('--command=true', f'--disk={image}', BUILD / 'kernel.elf')
        assert result.returncode == 1
        assert 'another machine is using it' in result.stderr
    finally:
        first.kill()
