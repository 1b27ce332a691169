"""Writes a small flattened device tree, for boards that QEMU gives none.

Devicetree Specification v0.4, chapter 5: a header, an empty reserve map, the
structure block, the strings.
"""
import struct

BEGIN_NODE, END_NODE, PROP, END = 1, 2, 3, 9
MAGIC, VERSION, COMPATIBLE = 0xd00dfeed, 17, 16


def pad(data):
    return data + bytes(-len(data) % 4)


class Writer:
    """Collects tokens; property names are put into the strings block once."""

    def __init__(self):
        self.structure = b''
        self.strings = b''
        self.offsets = {}

    def property(self, name, value):
        if isinstance(value, int):
            value = struct.pack('>I', value)
        elif isinstance(value, str):
            value = value.encode('utf-8', 'surrogateescape') + b'\0'
        if name not in self.offsets:
            self.offsets[name] = len(self.strings)
            self.strings += name.encode() + b'\0'
        self.structure += struct.pack('>III', PROP, len(value),
                                      self.offsets[name]) + pad(value)

    def node(self, name, content):
        """content: {name: value}, a node inside being a dict again."""
        self.structure += struct.pack('>I', BEGIN_NODE) + \
            pad(name.encode() + b'\0')
        for key, value in content.items():
            if not isinstance(value, dict):
                self.property(key, value)
        for key, value in content.items():
            if isinstance(value, dict):
                self.node(key, value)
        self.structure += struct.pack('>I', END_NODE)


def pack(root):
    """Returns the bytes of the tree."""
    writer = Writer()
    writer.node('', root)
    structure = writer.structure + struct.pack('>I', END)
    reserve = bytes(16)
    at = 40 + len(reserve)
    strings_at = at + len(structure)
    total = strings_at + len(writer.strings)
    header = struct.pack('>10I', MAGIC, total, at, strings_at, 40, VERSION,
                         COMPATIBLE, 0, len(writer.strings), len(structure))
    return header + reserve + structure + writer.strings


def chosen(bootargs, initrd):
    """initrd: (start, end), or None."""
    content = {'bootargs': bootargs}
    if initrd:
        content['linux,initrd-start'] = struct.pack('>Q', initrd[0])
        content['linux,initrd-end'] = struct.pack('>Q', initrd[1])
    return pack({'#address-cells': 2, '#size-cells': 2, 'chosen': content})
