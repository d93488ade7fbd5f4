"""The strict, sandboxed Jinja environment: nothing is reachable but what is listed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from jinja2 import DictLoader, nodes, pass_context
from jinja2.environment import TemplateModule
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context, LoopContext, Macro, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from autoresponder.templating.fields import LOOP_PARTS, MOMENT_PARTS, TESTS
from autoresponder.templating.filters import filters, text_of
from autoresponder.templating.state import state_of
from autoresponder.templating.values import Fields, Missing, NotPrintable, Word, missing

_MOST_TURNS = 100
_LARGEST = 10**12
_CONCAT = "_concat"
_EACH = "_each"


class _Harness(NodeTransformer):
    """Put what the sandbox does not bound by itself (`~`, loops, macro files) under the budget."""

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802 - the visitor's naming
        self.generic_visit(node)
        items = nodes.List(node.nodes, lineno=node.lineno)
        return nodes.Filter(items, _CONCAT, [], [], None, None, lineno=node.lineno)

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        node.iter = nodes.Filter(node.iter, _EACH, [], [], None, None, lineno=node.lineno)
        return node

    def visit_Import(self, node: nodes.Import) -> nodes.Node:  # noqa: N802
        node.with_context = True
        return node

    def visit_FromImport(self, node: nodes.FromImport) -> nodes.Node:  # noqa: N802
        node.with_context = True
        return node


@pass_context
def _finalize(context: Context, value: object) -> str:
    state = state_of(context)
    text = text_of(state, value)
    state.budget.write(len(text))
    return text


@pass_context
def _concat(context: Context, items: list[object]) -> str:
    return "".join(_finalize(context, item) for item in items)


@pass_context
def _each(context: Context, items: object) -> Iterator[object]:
    if isinstance(items, Undefined):
        iter(items)  # raises, naming what is missing
    if not isinstance(items, list | tuple | range):
        raise NotPrintable("a loop needs a list")
    budget = state_of(context).budget

    def counted() -> Iterator[object]:
        for item in items:
            budget.step()
            yield item

    return counted()


def _short_range(*bounds: int) -> range:
    found = range(*bounds)
    if len(found) > _MOST_TURNS:
        raise NotPrintable(f"range gives at most {_MOST_TURNS} numbers")
    return found


@pass_context
def _released(context: Context, name: str) -> bool:
    return state_of(context).released(str(name))


@pass_context
def _release_day(context: Context, name: str) -> datetime | Undefined:
    return state_of(context).release_day(str(name))


_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "released": _released,
    "release_day": _release_day,
    "range": _short_range,
}


class _Anything(dict[str, Any]):
    """Filters and tests of any name: an unknown one is told with its place, not by Jinja."""

    def get(self, key: str, default: Any = None) -> Any:
        return super().get(key, default or str)

    def __contains__(self, key: object) -> bool:
        return True


class ReplyEnvironment(ImmutableSandboxedEnvironment):
    """Jinja for replies: plain text, strict, bounded.

    Attributes and items are reachable only on our own variables, loops, dates and macro files; only macros
    and our three functions can be called.

    Args:
        sources: Template file to text: what `include` and `import` may name.
    """

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def __init__(self, sources: Mapping[str, str]) -> None:
        super().__init__(
            loader=DictLoader(sources),
            undefined=Missing,
            autoescape=False,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=_finalize,
            auto_reload=False,
            cache_size=-1,
            optimized=False,
        )
        self.globals = dict(_FUNCTIONS)
        self.filters = filters() | {_CONCAT: _concat, _EACH: _each}
        self.tests = {name: test for name, test in self.tests.items() if name in TESTS}
        self._lenient = self.overlay()
        self._lenient.filters = _Anything(self.filters)
        self._lenient.tests = _Anything(self.tests)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        _Harness().visit(tree)
        return tree

    def make_globals(self, d: MutableMapping[str, Any] | None) -> dict[str, Any]:
        """A template's own table of functions: read at each rendering, where a chain of tables costs much."""
        return {**self.globals, **(d or {})}

    def syntax(self, source: str, name: str) -> nodes.Template:
        """The template's tree as it was written, without the harness; for judging, not for running.

        Raises:
            TemplateSyntaxError: The text is no template.
        """
        return super()._parse(source, name, None)

    def judged(self, tree: nodes.Template) -> nodes.Template:
        """The tree, such that its judges find a filter and a test of every name."""
        tree.set_environment(self._lenient)
        return tree

    def prepare(self, tree: nodes.Template) -> None:
        """Put a tree from `syntax` under the harness, ready to be compiled; it is no longer fit for judging."""
        _Harness().visit(tree)
        tree.set_environment(self)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A field of a variable; nothing of Python's own is reachable."""
        if isinstance(obj, Fields):
            return obj.lookup(attribute)
        if isinstance(obj, Undefined):
            return obj._fail_with_undefined_error()
        if isinstance(obj, date | datetime) and attribute in MOMENT_PARTS:
            return getattr(obj, attribute, missing(attribute, f"a date has no {attribute}"))
        if isinstance(obj, LoopContext) and attribute in LOOP_PARTS:
            return getattr(obj, attribute)
        if isinstance(obj, TemplateModule):
            found = vars(obj).get(attribute)
            if isinstance(found, Macro):
                return found
        raise SecurityError("this has no such field")

    def getitem(self, obj: Any, argument: Any) -> Any:
        """A field by its name in brackets, or a part of a list or text."""
        if isinstance(obj, Fields) and isinstance(argument, str):
            return obj.lookup(argument)
        if isinstance(obj, Undefined):
            return obj._fail_with_undefined_error()
        if isinstance(obj, str | list | tuple | range) and isinstance(argument, int | slice):
            try:
                return obj[argument]
            except IndexError:
                return missing("", "the list is shorter than the template expects")
        raise SecurityError("this has no such field")

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805, PYI063 - Jinja's
        """Call a macro or one of our functions; nothing else."""
        known = isinstance(__obj, Macro) or __obj in _FUNCTIONS.values()
        if not known:
            raise SecurityError("only macros and the listed functions can be called")
        state_of(__context).budget.step()
        return super().call(__context, __obj, *args, **kwargs)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Arithmetic on numbers of a sane size, and `+` of two short texts."""
        for side in (left, right):
            if isinstance(side, Undefined):
                str(side)  # raises, naming what is missing
        if operator == "+" and isinstance(left, str) and isinstance(right, str):
            state_of(context).budget.write(len(left) + len(right))
            if isinstance(left, Word) or isinstance(right, Word):
                raise NotPrintable("this word is for conditions and not for guests")
            return left + right
        if operator == "**" or not (_is_number(left) and _is_number(right)):
            raise NotPrintable(f"{operator} is for numbers; texts are joined with ~")
        if isinstance(left, float) or isinstance(right, float):
            left, right = Decimal(str(left)), Decimal(str(right))
        result = self.binop_table[operator](left, right)
        if abs(result) > _LARGEST:
            raise NotPrintable("the number is far too large")
        return result


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)
