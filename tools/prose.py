"""Looks at what the pages say: names, links, headings, pictures."""
import glob
import os
import re
import xml.etree.ElementTree

import sources

# What a page of a chapter is made of, in this order.
SECTIONS = ['The idea', 'The code', 'Run it', 'What goes wrong', 'Exercises',
            'What this chapter added', 'Further reading']
SUFFIX = r'\.(?:c|h|S|ld|py|md|mk|svg|patch)'
PATH = re.compile(r'[\w.-]+(?:/[\w.*-]+)+/?|[\w-]+' + SUFFIX + '|Makefile')
# `xv6:kernel/trap.c` is a file of another system, see from-systems-you-know.
THEIRS = re.compile(r'(?:osblog|rcore|xv6|egos|linux):')
ROW = re.compile(r'\b(?:SYSCALL(?:_ALONE)?\(\d+,|PUBLIC_NAME\()\s*(\w+)')


class Names:
    """What exists in the tree."""

    def __init__(self, house):
        self.root = house.root
        self.functions, self.structs, self.words = set(), set(), set()
        self.files = set()
        for folder, folders, files in os.walk(house.root):
            folders[:] = [f for f in folders
                          if f not in ('build', 'node_modules', '.git')]
            self.files |= set(files)
        for path in self.read(house):
            text = house.text(path)
            self.words |= set(re.findall(r'\w+', text))
            self.functions |= set(ROW.findall(text))
            self.structs |= set(re.findall(r'\b(?:struct|union|enum) (\w+) \{',
                                           text))
            for part in sources.parts_of(path, text):
                self.functions |= part.names
        makefile = house.text('Makefile')
        self.targets = set(re.findall(r'^([a-z][\w.-]*):', makefile, re.M))
        self.chapters = {f'ch{int(os.path.basename(path)[:2])}'
                         for path in house.glob('chapters/[0-9][0-9]-*')}

    @staticmethod
    def read(house):
        for pattern in ('src/**/*.[chS]', 'userprog/**/*.[chS]', '*.S', 'lds/*',
                        'chapters/**/*.[chS]', 'tests/**/*.[ch]', 'tools/*'):
            for path in house.glob(pattern):
                if os.path.isfile(os.path.join(house.root, path)):
                    yield path
        yield 'Makefile'

    def path_exists(self, path, page):
        path = re.sub(r'NN-name|NAME|NN', '*', path)    # of any chapter
        if path.startswith('build/') or path in self.files:
            return True
        near = [self.root, os.path.join(self.root, os.path.dirname(page)),
                os.path.join(self.root, 'src'),
                os.path.join(self.root, 'chapters/*')]
        return any(glob.glob(os.path.join(place, path + more))
                   for place in near for more in ('', '.c', '.h'))

    def fault(self, code, page):
        """What is wrong with a piece of inline code; None: nothing."""
        if THEIRS.match(code):
            return None
        call = re.fullmatch(r'(\w+)\([^()]*\)', code)
        if call and call[1] not in self.functions:
            return f'there is no function {call[1]}()'
        struct = re.match(r'(?:struct|union|enum) (\w+)$', code)
        if struct and struct[1] not in self.structs:
            return f'there is no {code}'
        if PATH.fullmatch(code) and not self.path_exists(code, page):
            return f'there is no file {code}'
        if re.fullmatch(r'[A-Za-z]\w*_\w+', code) and code not in self.words:
            return f'nothing is named {code}'
        if code.startswith('make '):
            return self.make_fault(code)
        return None

    def make_fault(self, command):
        for word in command.split('#')[0].split()[1:]:
            if re.search(r"[='\"$]", word):
                break                   # variables come last
            if re.fullmatch(r'[a-z][\w-]*', word) and \
                    word not in self.targets | self.chapters | {'chN'}:
                return f'make knows no {word}'
        return None


def prose_lines(text):
    """(number, line) of all that is no code: fences, indented code are out."""
    stop, blank = None, True
    for number, line in enumerate(text.split('\n'), 1):
        fence = re.match(r'```+', line)
        if stop:
            stop = None if line == stop else stop
        elif fence:
            stop = fence[0]
        elif not (line.startswith('    ') and blank):
            yield number, line
        if not (line.startswith('    ') and blank):
            blank = not line.strip()


def commands(text):
    for number, line in enumerate(text.split('\n'), 1):
        match = re.match(r'(?:    |\$ )(make .*)$', line)
        if match:
            yield number, match[1]


def slug(heading):
    """The anchor that a forge makes from it."""
    heading = re.sub(r'[`*]|\[([^]]*)\]\([^)]*\)', r'\1', heading).lower()
    return re.sub(r'\s', '-', re.sub(r'[^\w\s-]', '', heading.strip()))


def headings(text):
    return [(number, len(m[1]), m[2]) for number, line in prose_lines(text)
            for m in [re.match(r'(#+) (.*)$', line)] if m]


def check_headings(page, text):
    found, faults, level = headings(text), [], 0
    for number, depth, words in found:
        if depth > level + 1 or (depth == 1) != (number == found[0][0]):
            faults.append(f'{page}:{number}: a heading of level {depth} after '
                          f'one of level {level}')
        level = depth
    seen = [slug(words) for _, _, words in found]
    faults += [f'{page}: two headings are "{name}"' for name in sorted(set(seen))
               if seen.count(name) > 1]
    second = [words for _, depth, words in found if depth == 2]
    number = re.match(r'chapters/(\d\d)-', page)
    if number and second:
        if second != SECTIONS:
            faults.append(f'{page}: its parts are not: {", ".join(SECTIONS)}')
        if not found[0][2].startswith(f'{int(number[1])}. '):
            faults.append(f'{page}: its title does not begin with its number')
    return faults


def check_links(house, page, text):
    faults = []
    for number, line in prose_lines(text):
        line = re.sub(r'`[^`]*`', lambda m: 'x' * len(m[0]), line)
        for target in re.findall(r'\]\(([^)\s]+)\)', line):
            if re.match(r'(https?|mailto):', target):
                continue
            path, _, anchor = target.partition('#')
            path = os.path.normpath(os.path.join(os.path.dirname(page), path)) \
                if path else page
            if not os.path.exists(os.path.join(house.root, path)):
                faults.append(f'{page}:{number}: there is no {target}')
            elif anchor:
                known = [slug(h) for _, _, h in headings(house.text(path))]
                # What begins with a letter is the same on a forge and a site.
                if anchor not in known or not re.match('[a-z]', anchor):
                    faults.append(f'{page}:{number}: no heading is #{anchor}')
    return faults


def check_names(names, page, text):
    allowed = set(' '.join(re.findall(r'<!-- not ours: (.*?) -->', text,
                                      re.S)).split())
    faults = [f'{page}:{number}: {fault}' for number, command in commands(text)
              for fault in [names.make_fault(command)] if fault]
    for number, line in prose_lines(text):
        for code in re.findall(r'`([^`]+)`', line):
            fault = None if code in allowed else names.fault(code, page)
            if fault:
                faults.append(f'{page}:{number}: {fault}')
    return faults


def check_belongings(house, page, text):
    """What lies beside a page of a chapter is shown in it."""
    folder, faults = os.path.dirname(page), []
    shown = ['wrong/*.patch', 'wrong/*.expected', 'exercise/want', 'expected']
    if not re.search('^## ', text, re.M):
        return []
    for pattern in shown:
        for path in house.glob(f'{folder}/{pattern}'):
            if path not in text:
                faults.append(f'{page}: does not show {path}')
    for path in house.glob(f'{folder}/*.svg'):
        if f'({os.path.basename(path)})' not in text:
            faults.append(f'{page}: does not show {path}')
        try:
            root = xml.etree.ElementTree.fromstring(house.text(path))
        except xml.etree.ElementTree.ParseError as error:
            faults.append(f'{path}: {error}')
            continue
        tags = {element.tag.split('}')[1] for element in root.iter()}
        if 'image' in tags or 'title' not in tags or \
                'prefers-color-scheme' not in house.text(path):
            faults.append(f'{path}: has pixels, no title, or no dark mode')
    return faults


def check(house):
    """Returns what is wrong, as lines."""
    names, faults = Names(house), []
    for page in house.pages():
        text = house.text(page)
        faults += check_headings(page, text) + check_links(house, page, text)
        faults += check_names(names, page, text)
        if re.match(r'chapters/\d\d-', page):
            faults += check_belongings(house, page, text)
    return faults
