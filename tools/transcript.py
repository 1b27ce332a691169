"""Compares what a machine printed with what its page shows.

What differs from run to run is written <N> (a decimal number) or <X>
(hexadecimal digits); all else must be equal.
"""
import difflib
import re

WILD = {'<N>': r'-?[0-9]+', '<X>': r'[0-9a-fA-F]+'}


def matches(expected, line):
    parts = re.split('(<N>|<X>)', expected)
    return re.fullmatch(''.join(WILD.get(p, re.escape(p)) for p in parts), line)


def difference(expected, got):
    """What a reader would find different, as a unified diff; '' if nothing."""
    expected, got = expected.splitlines(), got.splitlines()
    for n, line in enumerate(got):
        if n < len(expected) and matches(expected[n], line):
            got[n] = expected[n]
        else:
            got[n] = next((e for e in expected if matches(e, line)), line)
    return '\n'.join(difflib.unified_diff(expected, got, 'expected', 'printed',
                                          lineterm=''))


def missing(wanted, got):
    """The first line that did not come after those before it; None: all came."""
    lines = iter(got.splitlines())
    return next((want for want in wanted.splitlines()
                 if not any(matches(want, line) for line in lines)), None)
