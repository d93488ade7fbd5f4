"""Collects the problems of one template while its tree is walked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jinja2 import meta, nodes

from autoresponder.problems import Problem
from autoresponder.templating.places import Place, Source

NOT_ALLOWED = "T006"

_MAKING_NOTHING = (nodes.Output, nodes.If, nodes.ExprStmt)


class Teller:
    """The problems found so far.

    Args:
        source: The template's text.
        rule: Title of the rule whose text this is, or empty.
    """

    def __init__(self, source: Source, rule: str) -> None:
        self.source = source
        self._rule = rule
        self._found: dict[Problem, None] = {}

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem once, in the order of the text."""
        return tuple(sorted(self._found, key=lambda p: p.sort_key))

    def at_name(
        self,
        node: nodes.Node,
        name: str,
        code: str,
        message: str,
        remedy: str = "",
        *,
        after: tuple[str, ...] = (),
    ) -> None:
        """Tell about a name; `after` are words one of which stands right before it."""
        self.at(self.source.word(name, node.lineno, after=after), code, message, remedy)

    def at_line(self, node: nodes.Node, code: str, message: str, remedy: str = "") -> None:
        """Tell about the line on which a node begins; a few of Jinja's nodes do not say theirs."""
        self.at(self.source.line(node.lineno or 1), code, message, remedy)

    def at(self, place: Place, code: str, message: str, remedy: str = "") -> None:
        """Tell about a place."""
        self._found[self.source.problem(place, code, message, remedy, rule=self._rule)] = None


def walk(node: nodes.Node) -> Iterator[nodes.Node]:
    """Every node below and including one, without recursion."""
    waiting: list[nodes.Node] = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(current.iter_child_nodes())


def names_from_outside(tree: nodes.Template, every: Sequence[nodes.Node]) -> set[str]:
    """Variables that a template does not make itself.

    Where nothing makes any (nearly always) these are all its names; the exact answer costs as much as compiling.
    """
    if any(isinstance(node, nodes.Stmt) and not isinstance(node, _MAKING_NOTHING) for node in every):
        return meta.find_undeclared_variables(tree)
    names = {node.name for node in every if isinstance(node, nodes.Name)}
    return names - (tree.environment.globals.keys() if tree.environment else set())
