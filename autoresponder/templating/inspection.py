"""What a template names and does, judged before it is ever rendered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from jinja2 import nodes

from autoresponder.problems import Problem
from autoresponder.templating.constructs import check_constructs
from autoresponder.templating.fields import (
    FILTER_SHORT_NAMES,
    FILTERS,
    FRAME_ONLY,
    FUNCTIONS,
    MOMENT_PARTS,
    NOW,
    OPEN,
    TESTS,
    VARIABLES,
    Kind,
    goes_by,
    owned_by,
)
from autoresponder.templating.places import Source
from autoresponder.templating.telling import NOT_ALLOWED, Teller, names_from_outside, walk

UNKNOWN_VARIABLE = "T003"
UNKNOWN_FIELD = "T004"
UNKNOWN_FILTER = "T005"
UNKNOWN_FILE = "T007"
UNKNOWN_WORD = "T017"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A fact or secret of properties.yaml that a template names."""

    name: str
    line: int
    tested: bool
    """The template asks whether it is there (`{% if … %}`, `is defined`, `| default`): it need not exist."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What was found in one template."""

    problems: tuple[Problem, ...]
    facts: tuple[Fact, ...]
    files: tuple[str, ...]
    """Files that it includes or imports."""
    names: frozenset[str]
    """Variables that come from outside."""


def inspect(
    tree: nodes.Template, source: Source, *, files: Iterable[str], frame: bool = False, rule: str = ""
) -> Inspection:
    """Judge a template.

    Args:
        tree: The tree as written.
        source: Its text, with words read.
        files: Every template file there is.
        frame: Whether this is a frame, which has `body` and `sections`.
        rule: Title of the rule whose text this is, or empty.
    """
    teller = Teller(source, rule)
    check_constructs(tree, teller)
    inspector = _Inspector(teller, frozenset(files), frame)
    inspector.run(tree)
    return Inspection(
        problems=teller.problems,
        facts=inspector.facts(),
        files=tuple(inspector.included),
        names=frozenset(inspector.outside),
    )


def nearest(name: str, known: Iterable[str]) -> str:
    """`did you mean 'x'?`, or what there is."""
    names = sorted(known)
    near = get_close_matches(name, names, 1)
    if near:
        return f"did you mean '{near[0]}'?"
    return f"there are: {', '.join(names)}" if names else ""


class _Inspector:
    def __init__(self, teller: Teller, files: frozenset[str], frame: bool) -> None:
        self._tell = teller
        self.files = files
        self.known = set(VARIABLES) | {NOW} | set(FUNCTIONS) | (FRAME_ONLY if frame else set())
        self._facts: list[tuple[str, int, bool]] = []
        self.included: list[str] = []
        self.outside: set[str] = set()
        self._callable: set[str] = set(FUNCTIONS)
        self._modules: set[str] = set()
        self._own: set[str] = set()
        self._called: set[int] = set()
        self._tested: set[int] = set()
        self._asked: set[int] = set()
        self._checks: Mapping[type[nodes.Node], Callable[[nodes.Node], None]] = {
            nodes.Name: self._name,
            nodes.Getattr: self._getattr,
            nodes.Getitem: self._getitem,
            nodes.Filter: self._filter,
            nodes.Test: self._test,
            nodes.Call: self._call,
            nodes.Compare: self._compare,
            nodes.Include: self._file,
            nodes.Import: self._file,
            nodes.FromImport: self._file,
        }

    def run(self, tree: nodes.Template) -> None:
        every = list(walk(tree))
        self.outside = names_from_outside(tree, every)
        for node in every:
            self._collect(node)
        for node in every:
            check = self._checks.get(type(node))
            if check is not None:
                check(node)

    def facts(self) -> tuple[Fact, ...]:
        """Facts in order; one that is asked about anywhere in the template counts as tested everywhere."""
        asked = {name for name, _, tested in self._facts if tested}
        return tuple(Fact(name=name, line=line, tested=name in asked) for name, line, _ in self._facts)

    def _collect(self, node: nodes.Node) -> None:
        """What the template makes itself, and what it only asks about."""
        if isinstance(node, nodes.Macro):
            self._callable.add(node.name)
        elif isinstance(node, nodes.Import):
            self._modules.add(node.target)
        elif isinstance(node, nodes.FromImport):
            self._callable.update(n if isinstance(n, str) else n[1] for n in node.names)
        elif isinstance(node, nodes.Call):
            self._called.add(id(node.node))
        elif isinstance(node, nodes.Name) and node.ctx in ("store", "param"):
            self._own.add(node.name)
        elif isinstance(node, nodes.Test) and node.name in ("defined", "undefined"):
            self._tested.add(id(node.node))
            self._asked.add(id(node.node))
        elif isinstance(node, nodes.If | nodes.CondExpr):
            self._asked.update(id(asked) for asked in walk(node.test))
        elif isinstance(node, nodes.Filter) and node.name in ("default", "d") and node.node is not None:
            self._asked.add(id(node.node))

    def _name(self, node: nodes.Node) -> None:
        assert isinstance(node, nodes.Name)
        if node.name.startswith("_"):
            remedy = "names start with a letter"
            self._tell.at_name(
                node, node.name, NOT_ALLOWED, f"'{node.name}' cannot be used in a reply", remedy
            )
            return
        if node.ctx != "load" or node.name not in self.outside or node.name in self.known:
            return
        if id(node) in self._tested:
            return
        if node.name in FRAME_ONLY:
            remedy = "it is there in the frame _reply only"
        elif node.name in ("none", "None", "null"):
            remedy = "ask whether a value is there: {% if guest.first_name %}"
        else:
            remedy = owned_by(node.name) or nearest(node.name, self.known | self._own)
        self._tell.at_name(node, node.name, UNKNOWN_VARIABLE, f"there is no '{node.name}'", remedy)

    def _getattr(self, node: nodes.Node) -> None:
        assert isinstance(node, nodes.Getattr)
        self._field(node, node.node, node.attr, (".",))

    def _getitem(self, node: nodes.Node) -> None:
        assert isinstance(node, nodes.Getitem)
        if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
            self._field(node, node.node, node.arg.value, ("[",))

    def _field(self, node: nodes.Node, owner: nodes.Expr, field: str, after: tuple[str, ...]) -> None:
        if field.startswith("_"):
            self._tell.at_name(node, field, NOT_ALLOWED, f"'{field}' cannot be used in a reply", after=after)
            return
        root = self._root(owner)
        if root in VARIABLES:
            self._field_of(root, node, field, after)
        elif id(node) in self._called:
            return  # told as a call
        elif isinstance(owner, nodes.Getattr) and self._root(owner.node) in VARIABLES:
            self._part_of(owner, node, field, after)

    def _root(self, node: nodes.Node) -> str:
        """Name of a variable of ours, unless the template made one of the same name."""
        named = isinstance(node, nodes.Name) and node.name in self.outside
        return node.name if named and isinstance(node, nodes.Name) else ""

    def _field_of(self, root: str, node: nodes.Node, field: str, after: tuple[str, ...]) -> None:
        known = VARIABLES[root]
        if field in known:
            return
        if root in OPEN:
            self._facts.append((field, node.lineno, id(node) in self._asked))
        elif id(node) not in self._tested:
            remedy = goes_by(root, field) or nearest(field, known)
            self._tell.at_name(node, field, UNKNOWN_FIELD, f"'{root}' has no '{field}'", remedy, after=after)

    def _part_of(self, owner: nodes.Getattr, node: nodes.Node, part: str, after: tuple[str, ...]) -> None:
        root = self._root(owner.node)
        field = VARIABLES[root].get(owner.attr)
        if field is None or (field.kind in (Kind.DATE, Kind.TIME) and part in MOMENT_PARTS):
            return
        remedy = f"write {root}.{owner.attr} | {part}" if part in FILTERS else f"write {root}.{owner.attr}"
        self._tell.at_name(
            node, part, UNKNOWN_FIELD, f"'{root}.{owner.attr}' has no '{part}'", remedy, after=after
        )

    def _filter(self, node: nodes.Node) -> None:
        assert isinstance(node, nodes.Filter)
        if node.name in FILTERS or node.name in FILTER_SHORT_NAMES:
            return
        remedy = nearest(node.name, FILTERS)
        self._tell.at_name(
            node, node.name, UNKNOWN_FILTER, f"there is no filter '{node.name}'", remedy, after=("|",)
        )

    def _test(self, node: nodes.Node) -> None:
        assert isinstance(node, nodes.Test)
        if node.name in TESTS:
            return
        remedy = nearest(node.name, [t for t in TESTS if t.isalpha()])
        if node.name == "none":
            remedy = "ask whether a value is there: {% if guest.first_name %}"
        message = f"there is no test 'is {node.name}'"
        self._tell.at_name(node, node.name, UNKNOWN_FILTER, message, remedy, after=("is", "not"))

    def _call(self, node: nodes.Node) -> None:
        assert isinstance(node, nodes.Call)
        target = node.node
        if isinstance(target, nodes.Name):
            if target.name in self._callable or (
                target.name in self.outside and target.name not in self.known
            ):
                return  # an unknown name is reported once, as a name
            message = f"'{target.name}' cannot be called"
            self._tell.at_name(node, target.name, NOT_ALLOWED, message, nearest(target.name, self._callable))
            return
        if isinstance(target, nodes.Getattr):
            if isinstance(target.node, nodes.Name) and target.node.name in self._modules:
                return
            remedy = f"write | {target.attr}" if target.attr in FILTERS else nearest(target.attr, FILTERS)
            self._tell.at_name(
                node, target.attr, NOT_ALLOWED, f"'{target.attr}' cannot be called", remedy, after=(".",)
            )
            return
        self._tell.at_line(node, NOT_ALLOWED, "only macros can be called")

    def _compare(self, node: nodes.Node) -> None:
        """A word that a field can never hold makes a condition that is never true."""
        assert isinstance(node, nodes.Compare)
        if len(node.ops) != 1 or node.ops[0].op not in ("eq", "ne"):
            return
        sides = (node.expr, node.ops[0].expr)
        for one, other in (sides, sides[::-1]):
            if not isinstance(one, nodes.Getattr) or not isinstance(other, nodes.Const):
                continue
            field = VARIABLES.get(self._root(one.node), {}).get(one.attr)
            if field is None or not field.values or other.value in field.values:
                continue
            word = str(other.value)
            path = f"{self._root(one.node)}.{one.attr}"
            self._tell.at_name(
                node,
                word,
                UNKNOWN_WORD,
                f"'{path}' is never '{word}'",
                nearest(word, field.values),
                after=_SIGNS,
            )

    def _file(self, node: nodes.Node) -> None:
        assert isinstance(node, nodes.Include | nodes.Import | nodes.FromImport)
        target = node.template
        if not isinstance(target, nodes.Const) or not isinstance(target.value, str):
            message = "the file must be named in quotation marks"
            self._tell.at_line(node, UNKNOWN_FILE, message)
            return
        if target.value in self.files:
            self.included.append(target.value)
            return
        remedy = nearest(target.value, self.files)
        message = f"there is no template file '{target.value}'"
        self._tell.at_name(
            node, target.value, UNKNOWN_FILE, message, remedy, after=("include", "import", "from")
        )


_SIGNS = ("==", "!=", "if", "elif", "and", "or", "not", "(", "{{")
