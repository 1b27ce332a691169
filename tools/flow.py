"""Which functions a call by pointer may reach, from the sources.

clang's syntax tree says where the address of each function flows: into which
variables, parameters, members and results; tools/stackuse asks.
"""
import collections
import json
import os
import re
import subprocess
import sys

UNKNOWN = '?'           # the function at an address that was made of a number

def output(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f'{command[0]} failed')
    return done.stdout


def gcc_flags(path):
    """How the build compiles, without how it links; from build/*.flags."""
    with open(path) as file:
        words = file.read().split()
    kept, after = [], False
    for word in words:
        if after or re.match(r'-(std=|D|I|O|Wall|Wextra|m|ffree|isystem)', word):
            kept.append(word)
        after = word == '-isystem'
    return kept


def clang_flags(path):
    """The same for clang, which knows fewer names of extensions."""
    return ['--target=riscv64-unknown-elf'] + [
        re.sub(r'_z\w+', '', word) if word.startswith('-march=') else word
        for word in gcc_flags(path)]


def children(node):
    return [child for child in node.get('inner', ()) if child.get('kind')]


def type_of(node):
    kind = node.get('type', {})
    return kind.get('desugaredQualType', kind.get('qualType', ''))


def is_function_pointer(node):
    return re.search(r'\(\*[^)]*\)\s*\(', type_of(node)) is not None


# Expressions whose value is that of what is in them.
SAME = {'ImplicitCastExpr', 'ParenExpr', 'ConstantExpr',
        'CompoundLiteralExpr', 'UnaryOperator', 'ArraySubscriptExpr',
        'GenericSelectionExpr', 'ChooseExpr', 'OpaqueValueExpr'}


class Flow:
    """Which functions each variable, parameter, member and result may be.

    Places are told apart by name, not by object: a member is one place for all
    objects of its struct, an array is one for all its elements.  That errs on
    the side of more targets.
    """

    def __init__(self):
        self.edges = collections.defaultdict(set)   # place -> places
        self.calls = []         # indirect: (places called, arguments, result)
        self.sites = collections.defaultdict(set)   # (file, line) -> places
        self.switches = set()   # (file, line)
        self.homes = {}         # function -> file that defines it
        self.faults = []
        self.targets = collections.defaultdict(set)  # place -> functions

    def read(self, source, flags):
        """Adds one translation unit."""
        tree = json.loads(output('clang', *flags, '-fsyntax-only', '-Xclang',
                                 '-ast-dump=json', source))
        Unit(self, tree)

    def add(self, sources, place):
        for source in sources:
            self.edges[source].add(place)

    def fault(self, file, line, what):
        self.faults.append(f'{file}:{line}: {what}')

    def spread(self):
        """Carries every function as far as it flows."""
        work = [place for place in self.edges if place.startswith('function ')]
        for place in work:
            self.targets[place].add(place.split(' ', 1)[1])
        while work:
            while work:
                place = work.pop()
                for to in self.edges[place]:
                    if not self.targets[place] <= self.targets[to]:
                        self.targets[to] |= self.targets[place]
                        work.append(to)
            work = self.connect()

    def connect(self):
        """Passes arguments to what indirect calls were found to reach."""
        changed = []
        for called, arguments, result in self.calls:
            for function in self.reach(called):
                pairs = [(f'result {function}', result)]
                for n, places in enumerate(arguments):
                    pairs += [(p, f'parameter {function} {n}') for p in places]
                for source, to in pairs:
                    if to not in self.edges[source]:
                        self.edges[source].add(to)
                        changed.append(source)
                        if source.startswith('function '):
                            self.targets[source].add(source.split(' ', 1)[1])
        return changed

    def reach(self, places):
        found = set()
        for place in places:
            if place.startswith('function '):
                found.add(place.split(' ', 1)[1])
            found |= self.targets[place]
        return found


class Unit:
    """Walks the syntax tree of one translation unit, in the order in which it
    was written: places in the source are only told when they change."""

    def __init__(self, flow, tree):
        self.flow = flow
        self.file, self.line = '', 0
        self.names = {}         # id of a declaration -> place
        self.records = {}       # type -> places of its members, in order
        self.function = None
        self.arity = {}         # function -> how many parameters
        self.results = 0
        for node in children(tree):
            self.visit(node)

    # -- where we are

    def note(self, location):
        for part in ('spellingLoc', 'expansionLoc'):
            if part in location:
                self.note(location[part])
        if 'file' in location:
            self.file = os.path.relpath(location['file'])
        self.line = location.get('line', self.line)
        return self.line

    def visit(self, node):
        """Returns the places that the value of the node comes from."""
        location = node.get('loc', {})
        self.note(location)
        at = node.get('range', {})
        first = self.note(at.get('begin', {}))
        last = self.note(at.get('end', {}))
        kind = node['kind']
        method = getattr(self, 'visit_' + kind, None)
        if method:
            return method(node, (self.file, first, last)) or []
        values = [self.visit(child) for child in children(node)]
        if kind in SAME:
            return sum(values, [])
        if kind in ('StmtExpr', 'CompoundStmt'):
            return values[-1] if values else []
        for child, value in zip(children(node), values):
            self.lost(child, value)
        return []

    def lost(self, node, places):
        """A value that nothing is done with must not be a function's."""
        if node['kind'].endswith(('Stmt', 'Decl')) or node.get('opcode') == '=':
            return
        for place in places:
            if place.startswith('function '):
                self.flow.fault(self.file, self.line, 'the address of ' +
                                place.split(' ', 1)[1] + ' gets lost here')

    # -- declarations

    def visit_RecordDecl(self, node, at):
        location = node.get('loc', {})
        location = location.get('expansionLoc', location)
        column = location.get('col')
        name = node.get('name') or f'{at[0]}:{self.line_of(node, at)}:{column}'
        members = []
        outer = self.record if hasattr(self, 'record') else None
        self.record = name
        for child in children(node):
            if child['kind'] == 'FieldDecl':
                place = f'member {name}.{child.get("name", "")}'
                self.names[child['id']] = place
                members.append(place)
            self.visit(child)
        self.record = outer
        if node.get('completeDefinition'):
            self.records[f'{node["tagUsed"]} {name}'] = members

    @staticmethod
    def line_of(node, at):
        location = node.get('loc', {})
        location = location.get('expansionLoc', location)
        return location.get('line', at[1])

    def visit_FieldDecl(self, node, at):
        for child in children(node):
            self.visit(child)

    def visit_FunctionDecl(self, node, at):
        key = node['name']
        if node.get('storageClass') == 'static':
            key = f'{self.file}:{key}'
        if node.get('previousDecl') in self.names:
            key = self.names[node['previousDecl']].split(' ', 1)[1]
        self.names[node['id']] = f'function {key}'
        if any(child['kind'] == 'CompoundStmt' for child in children(node)):
            self.flow.homes[key] = self.file
        self.arity[key] = sum(child['kind'] == 'ParmVarDecl'
                              for child in children(node))
        outer, self.function = self.function, key
        number = 0
        for child in children(node):
            if child['kind'] == 'ParmVarDecl':
                self.names[child['id']] = f'parameter {key} {number}'
                number += 1
            self.visit(child)
        self.function = outer

    def visit_VarDecl(self, node, at):
        if self.function and node.get('storageClass') != 'extern':
            place = f'local {self.file}:{self.function}:{at[1]}:{node["name"]}'
        elif node.get('storageClass') == 'static':
            place = f'variable {self.file}:{node["name"]}'
        else:
            place = f'variable {node["name"]}'
        place = self.names.get(node.get('previousDecl'), place)
        self.names[node['id']] = place
        for child in children(node):
            self.flow.add(self.visit(child), place)

    # -- expressions

    def visit_DeclRefExpr(self, node, at):
        decl = node['referencedDecl']
        place = self.names.get(decl['id'])
        return [place] if place else []

    def visit_MemberExpr(self, node, at):
        for child in children(node):
            self.visit(child)
        place = self.names.get(node.get('referencedMemberDecl'))
        return [place] if place else []

    def visit_InitListExpr(self, node, at):
        inner = children(node) + [child for child in node.get('array_filler', ())
                                  if child.get('kind')]
        name = re.sub(r'\b(const|volatile) ', '', type_of(node))
        name = re.sub(r'(\w+) .*\((?:anonymous|unnamed)(?: \w+)? at (.*)\)',
                      lambda m: f'{m[1]} {self.place(m[2])}', name)
        if name.endswith(']'):
            return sum([self.visit(child) for child in inner], [])
        members = self.records.get(name, [])
        if 'field' in node:     # of a union
            members = [self.names.get(node['field']['id'])]
        for number, child in enumerate(inner):
            value = self.visit(child)
            if number < len(members):
                self.flow.add(value, members[number])
            elif not name.endswith(')'):
                self.lost(child, value)
            else:
                return value    # a scalar in braces
        return []

    @staticmethod
    def place(text):
        file, line, column = text.rsplit(':', 2)
        return f'{os.path.relpath(file)}:{line}:{column}'

    def visit_CStyleCastExpr(self, node, at):
        value = sum([self.visit(child) for child in children(node)], [])
        if node.get('castKind') == 'IntegralToPointer' and \
                is_function_pointer(node):
            return [f'function {UNKNOWN}']
        return value

    def visit_ConditionalOperator(self, node, at):
        values = [self.visit(child) for child in children(node)]
        return values[1] + values[2]

    def visit_BinaryOperator(self, node, at):
        left, right = children(node)
        to, value = self.visit(left), self.visit(right)
        if node['opcode'] == ',':
            return value
        if node['opcode'] in ('==', '!=', '<', '>', '<=', '>=', '&&', '||'):
            return []
        if node['opcode'] != '=':
            self.lost(left, to)
            self.lost(right, value)
            return []
        if is_function_pointer(left) and not to or self.by_pointer(left):
            self.flow.fault(*at[:2], 'a function is stored by a pointer')
        for place in to:
            self.flow.add(value, place)
        return value

    @staticmethod
    def by_pointer(node):
        """*p = function, where p is no struct's and no array's."""
        if not is_function_pointer(node):
            return False
        while node['kind'] == 'ParenExpr':
            node = children(node)[0]
        if node['kind'] == 'UnaryOperator':
            return node['opcode'] == '*'
        if node['kind'] != 'ArraySubscriptExpr':
            return False
        base = children(node)[0]
        return base.get('castKind') != 'ArrayToPointerDecay'

    def visit_CallExpr(self, node, at):
        callee, *arguments = children(node)
        called = self.visit(callee)
        values = [self.visit(child) for child in arguments]
        while callee['kind'] in ('ImplicitCastExpr', 'ParenExpr'):
            callee = children(callee)[0]
        if callee['kind'] == 'DeclRefExpr' and \
                callee['referencedDecl']['kind'] == 'FunctionDecl':
            return self.direct(callee['referencedDecl'], arguments, values)
        self.results += 1
        result = f'result {at[0]}:{at[1]} {self.results}'
        self.flow.calls.append((called, values, result))
        for line in range(at[1], at[2] + 1):
            self.flow.sites[at[0], line].update(called)
        return [result]

    def direct(self, decl, arguments, values):
        place = self.names.get(decl['id'])
        if place is None:       # the compiler's own
            for child, value in zip(arguments, values):
                self.lost(child, value)
            return sum(values, [])
        key = place.split(' ', 1)[1]
        for number, value in enumerate(values):
            self.flow.add(value, f'parameter {key} {number}')
            if number >= self.arity[key]:       # of printf() and the like
                self.lost(arguments[number], value)
        return [f'result {key}']

    def visit_ReturnStmt(self, node, at):
        for child in children(node):
            self.flow.add(self.visit(child), f'result {self.function}')

    def visit_SwitchStmt(self, node, at):
        self.flow.switches.add(at[:2])
        for child in children(node):
            self.visit(child)
