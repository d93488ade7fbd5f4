"""What a template may be built of. Everything else in Jinja is refused."""

from __future__ import annotations

from math import isfinite

from jinja2 import nodes

from autoresponder.templating.telling import NOT_ALLOWED, Teller, walk

_ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.For,
    nodes.If,
    nodes.Macro,
    nodes.With,
    nodes.Assign,
    nodes.AssignBlock,
    nodes.Include,
    nodes.Import,
    nodes.FromImport,
    nodes.Name,
    nodes.Const,
    nodes.Tuple,
    nodes.List,
    nodes.CondExpr,
    nodes.Filter,
    nodes.Test,
    nodes.Call,
    nodes.Keyword,
    nodes.Getitem,
    nodes.Getattr,
    nodes.Slice,
    nodes.Concat,
    nodes.Compare,
    nodes.Operand,
    nodes.Mul,
    nodes.Div,
    nodes.FloorDiv,
    nodes.Add,
    nodes.Sub,
    nodes.Mod,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Neg,
    nodes.Pos,
)
_PLAIN_NAMES = {
    nodes.Extends: "'extends'",
    nodes.Block: "'block'",
    nodes.CallBlock: "'call'",
    nodes.FilterBlock: "'filter' around several lines",
    nodes.ScopedEvalContextModifier: "'autoescape'",
    nodes.Dict: "{ name: value }",
    nodes.Pow: "**",
}
_DEEPEST_LOOP = 2


def check_constructs(tree: nodes.Template, teller: Teller) -> None:
    """Tell about everything in a template that is not on the list above, or that could run away."""
    for node in walk(tree):
        if not isinstance(node, _ALLOWED):
            name = _PLAIN_NAMES.get(type(node), "this")
            remedy = "repeat text with include or macro; the frame _reply holds greeting and signature"
            teller.at_line(node, NOT_ALLOWED, f"{name} cannot be used in a reply", remedy)
        elif isinstance(node, nodes.Const) and node.value is None:
            _none(node, teller)
        elif isinstance(node, nodes.Const) and isinstance(node.value, float) and not isfinite(node.value):
            teller.at_line(node, NOT_ALLOWED, "a number is far too large")
        elif isinstance(node, nodes.For) and node.recursive:
            message = "a loop cannot be recursive"
            teller.at_name(node, "recursive", NOT_ALLOWED, message, "write a plain loop")
        elif isinstance(node, nodes.Filter | nodes.Test | nodes.Call) and (node.dyn_args or node.dyn_kwargs):
            teller.at_line(node, NOT_ALLOWED, "* before an argument cannot be used in a reply")
    _loops(tree, 0, teller)


def _none(node: nodes.Node, teller: Teller) -> None:
    place = teller.source.first_word("none") or teller.source.first_word("None")
    remedy = "ask whether a value is there: {% if guest.first_name %}"
    message = "'none' cannot be used in a reply"
    teller.at(place or teller.source.line(node.lineno), NOT_ALLOWED, message, remedy)


def _loops(node: nodes.Node, depth: int, teller: Teller) -> None:
    if isinstance(node, nodes.For):
        depth += 1
        if depth > _DEEPEST_LOOP:
            message = f"loops stand inside each other more than {_DEEPEST_LOOP} deep"
            teller.at_line(node, NOT_ALLOWED, message, "use the filter | list")
            return
    for child in node.iter_child_nodes():
        _loops(child, depth, teller)
