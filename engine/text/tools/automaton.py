# SPDX-License-Identifier: Apache-2.0
"""Regular expressions over character sets, compiled to one minimal automaton.

An expression is built from Set(frozenset of code points) with +, |, and the functions star(),
plus(), optional(), times(). compile_rules() takes a list of expressions; a state of the result
accepts the first rule of the list that matches there.
"""


class Expression:
    def __add__(self, other):
        return Sequence(self, other)

    def __or__(self, other):
        return Choice(self, other)


class Set(Expression):
    def __init__(self, codes):
        self.codes = frozenset(codes)


class Sequence(Expression):
    def __init__(self, *parts):
        self.parts = parts


class Choice(Expression):
    def __init__(self, *parts):
        self.parts = parts


class Loop(Expression):
    """Zero or more times."""

    def __init__(self, part):
        self.part = part


class Empty(Expression):
    pass


def star(x):
    return Loop(x)


def plus(x):
    return x + Loop(x)


def optional(x):
    return x | Empty()


def _sets(x, found):
    if isinstance(x, Set):
        found.add(x.codes)
    elif isinstance(x, (Sequence, Choice)):
        for part in x.parts:
            _sets(part, found)
    elif isinstance(x, Loop):
        _sets(x.part, found)


def character_classes(rules, code_points):
    """Code points that no set of the rules tells apart share a class; class 0 is in no set.

    Returns (class of each code point, {set: classes in it}, number of classes).
    """
    found = set()
    for rule in rules:
        _sets(rule, found)
    ordered = sorted(found, key=lambda s: (min(s), len(s), sorted(s)[:50]))
    signature = [0] * code_points
    for bit, codes in enumerate(ordered):
        for code in codes:
            signature[code] |= 1 << bit
    numbers = {0: 0}
    class_of = []
    for s in signature:
        class_of.append(numbers.setdefault(s, len(numbers)))
    members = {codes: [n for s, n in numbers.items() if s >> bit & 1]
               for bit, codes in enumerate(ordered)}
    return class_of, members, len(numbers)


class _Nfa:
    def __init__(self, members):
        self.members = members
        self.jumps, self.edges = [], []

    def state(self):
        self.jumps.append([])
        self.edges.append([])
        return len(self.jumps) - 1

    def build(self, x, begin, end):
        if isinstance(x, Set):
            self.edges[begin].append((frozenset(self.members[x.codes]), end))
        elif isinstance(x, Sequence):
            for part in x.parts[:-1]:
                middle = self.state()
                self.build(part, begin, middle)
                begin = middle
            self.build(x.parts[-1], begin, end)
        elif isinstance(x, Choice):
            for part in x.parts:
                self.build(part, begin, end)
        elif isinstance(x, Loop):
            middle = self.state()
            self.jumps[begin].append(middle)
            inner = self.state()
            self.jumps[middle].append(inner)
            self.build(x.part, inner, middle)
            self.jumps[middle].append(end)
        else:
            self.jumps[begin].append(end)

    def closure(self, states):
        seen, todo = set(states), list(states)
        while todo:
            for target in self.jumps[todo.pop()]:
                if target not in seen:
                    seen.add(target)
                    todo.append(target)
        return frozenset(seen)


def compile_rules(rules, code_points):
    """Returns (class of each code point, classes, transitions, accepted).

    transitions[state][class] is the next state; state 0 is dead, state 1 the start.
    accepted[state] is 1 + the rule's index, or 0.
    """
    class_of, members, classes = character_classes(rules, code_points)
    nfa = _Nfa(members)
    start, ends = nfa.state(), {}
    for i, rule in enumerate(rules):
        begin, end = nfa.state(), nfa.state()
        nfa.jumps[start].append(begin)
        ends[end] = i + 1
        nfa.build(rule, begin, end)

    numbers = {frozenset(): 0, nfa.closure([start]): 1}
    todo, transitions, accepted = [nfa.closure([start])], {0: [0] * classes}, {0: 0}
    while todo:
        states = todo.pop()
        row = []
        for c in range(classes):
            targets = {t for s in states for wanted, t in nfa.edges[s] if c in wanted}
            target = nfa.closure(targets)
            if target not in numbers:
                numbers[target] = len(numbers)
                todo.append(target)
            row.append(numbers[target])
        transitions[numbers[states]] = row
        accepted[numbers[states]] = min((ends[s] for s in states if s in ends), default=0)
    return (class_of, classes) + _minimize(
        [transitions[i] for i in range(len(numbers))],
        [accepted[i] for i in range(len(numbers))])


def _minimize(transitions, accepted):
    group = accepted[:]
    while True:
        keys = {}
        refined = []
        for state, row in enumerate(transitions):
            key = (group[state],) + tuple(group[t] for t in row)
            refined.append(keys.setdefault(key, len(keys)))
        done = len(keys) == len(set(group))
        group = refined
        if done:
            break
    # Number the groups so that the dead state stays 0 and the start 1.
    order = {}
    for state in range(len(transitions)):
        order.setdefault(group[state], len(order))
    out, accept = [None] * len(order), [0] * len(order)
    for state, row in enumerate(transitions):
        out[order[group[state]]] = [order[group[t]] for t in row]
        accept[order[group[state]]] = accepted[state]
    return out, accept
