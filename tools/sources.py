"""What is defined where in the sources: by name, with the lines of each.

It knows the house style, not the language: a definition begins in the first
column, and what is said about it stands in the lines right above.
"""
import re

WORD = re.compile(r'[A-Za-z_]\w*')
KEYWORDS = {'struct', 'union', 'enum', 'static', 'const', 'extern', 'inline',
            'typedef', 'void', 'int', 'char', 'long', 'unsigned', 'volatile',
            'bool', 'register', 'asm', 'if', 'while', 'for', 'return', 'short'}


class Part:
    """Lines [start, end) of a file, and the names that they define."""

    def __init__(self, start, end, names, body, call=False):
        self.start, self.end, self.names = start, end, names
        self.body = body                # a definition, not a mere declaration
        self.call = call                # of a function, or a pointer to one


def without(text):
    """C without comments, and with strings and characters emptied."""
    return re.sub(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\])*\'',
                  lambda m: '""' if m[0][0] == '"' else ' ', text, flags=re.S)


def balanced(text, opening, closing, replacement):
    """The text with each outermost pair and what is in it replaced."""
    out, depth = [], 0
    for c in text:
        if c == opening:
            depth += 1
            if depth == 1:
                out.append(replacement)
        elif c == closing:
            depth -= 1
        elif depth == 0:
            out.append(c)
    return ''.join(out)


def c_names(text):
    """(names, has a body, can be called) of what one part of C defines."""
    text = without(text).strip()
    macro = re.match(r'#\s*define\s+(\w+)', text)
    if macro:
        return {macro[1]}, True, False
    if text.startswith('#') or text.startswith('_Static_assert'):
        return set(), False, False
    text = re.sub(r'__attribute__\s*\(\((?:[^()]|\([^()]*\))*\)\)', ' ', text)
    names = set()
    tag = re.match(r'(?:(?:static|const|extern|typedef)\s+)*'
                   r'(struct|union|enum)\s*(\w*)\s*\{', text)
    if tag and tag[2]:
        names.add(tag[2])
    if tag and tag[1] == 'enum':
        inside = text[text.index('{') + 1:text.rindex('}')]
        names |= {WORD.match(item.strip())[0] for item in inside.split(',')
                  if WORD.match(item.strip())}
    body = '{' in text
    flat = balanced(text, '{', '}', '{')
    flat = flat.split('=')[0]
    pointer = re.search(r'\(\s*\*\s*(?:const\s+)?(\w+)\s*(?:\[[^]]*\]\s*)?\)\s*\(',
                        flat)
    function = re.match(r'[\w\s*]*?(\w+)\s*\((?!\s*\*)', flat)
    if function:
        if function[1] not in KEYWORDS:
            names.add(function[1])
    elif pointer:
        names.add(pointer[1])
    else:
        flat = re.sub(r'(struct|union|enum)\s+\w+', ' ', flat)
        for item in flat.replace('{', ' ').split(','):
            words = [w for w in WORD.findall(item.split('[')[0])
                     if w not in KEYWORDS]
            if words:
                names.add(words[-1])
    declared = text.startswith('extern') or (function and not body)
    call = (pointer or function) and not text.startswith('typedef')
    return names, not declared, bool(call)


def above(lines, start, mark):
    """Where the comment right above a line begins."""
    while start and lines[start - 1].startswith(mark) and \
            not lines[start - 1].startswith(mark + ' ----'):
        start -= 1
    return start


def c_end(lines, at):
    """The line behind what begins at this one."""
    if lines[at].startswith('#'):
        while lines[at].endswith('\\'):
            at += 1
        return at + 1
    depth, seen = 0, False
    for i in range(at, len(lines)):
        code = without(lines[i])
        depth += code.count('{') - code.count('}')
        depth += code.count('(') - code.count(')')
        seen = seen or '{' in code
        done = code.rstrip()
        if depth == 0 and (done.endswith(';') or
                           seen and done.endswith('}')):
            return i + 1
    return len(lines)


def c_parts(lines):
    parts, at = [], 0
    while at < len(lines):
        line = lines[at]
        if not line or line[0] in ' \t}/' or line.startswith('*'):
            at += 1
            continue
        end = c_end(lines, at)
        names, body, call = c_names('\n'.join(lines[at:end]))
        if names:
            parts.append(Part(above(lines, at, '//'), end, names, body, call))
        at = end
    return parts


LABEL = re.compile(r'([A-Za-z_]\w*):')


def assembly_parts(lines):
    """A label's part ends at the next label; a macro's with the macro."""
    labels = [i for i, line in enumerate(lines) if LABEL.match(line)]
    parts = []
    for n, at in enumerate(labels):
        end = labels[n + 1] if n + 1 < len(labels) else len(lines)
        while end > at + 1 and re.match(r'\s*(#|\.|$)', lines[end - 1]):
            end -= 1
        # A comment behind code begins with blanks as well as one above.
        start = at
        while start and re.match(r'\s*#', lines[start - 1]):
            start -= 1
        parts.append(Part(start, end, {LABEL.match(lines[at])[1]}, True))
    for at, line in enumerate(lines):
        macro = re.match(r'\s*\.macro\s+(\w+)', line)
        if macro:
            end = next(i for i in range(at, len(lines))
                       if lines[i].strip() == '.endm') + 1
            parts.append(Part(above(lines, at, '#'), end, {macro[1]}, True))
    return parts


def python_parts(lines):
    parts = []
    for at, line in enumerate(lines):
        head = re.match(r'(?:def|class)\s+(\w+)', line)
        if head:
            end = at + 1
            while end < len(lines) and (not lines[end] or lines[end][0] == ' '):
                end += 1
            while not lines[end - 1]:
                end -= 1
            parts.append(Part(above(lines, at, '#'), end, {head[1]}, True))
    return parts


def parts_of(path, text):
    lines = text.split('\n')
    if path.endswith(('.c', '.h')):
        return c_parts(lines)
    if path.endswith('.S'):
        return assembly_parts(lines)
    return python_parts(lines)


def find(path, text, name):
    """The lines that define a name, or why there are none.  `name()` is what
    can be called, where a struct has the same name."""
    parts = parts_of(path, text)
    if name.endswith('()'):
        parts = [part for part in parts if part.call]
    found = [part for part in parts if name.removesuffix('()') in part.names]
    found = [part for part in found if part.body] or found
    if not found:
        raise KeyError(f'{path} defines no {name}')
    if len(found) > 1:
        raise KeyError(f'{path} defines {name} more than once')
    return text.split('\n')[found[0].start:found[0].end]
