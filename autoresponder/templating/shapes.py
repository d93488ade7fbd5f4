"""Templates that differ in nothing but their plain words share their code: compiling costs more than all else.

A thousand rules with texts of their own have a handful of shapes (`… {{ property.name }} …`). The first of each is
compiled with numbered gaps instead of words; all others take that code and get their words put into the gaps.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator
from types import CodeType
from typing import Any, Generic, TypeVar

from jinja2 import Template, nodes
from jinja2.environment import Environment

_OPEN, _CLOSE = "\ue0f0", "\ue0f1"
"""Characters for private use, around the number of a gap."""
_GAP = re.compile(f"{_OPEN}([0-9]+){_CLOSE}")
_VALUE = re.compile(r"(\{\{(?![-+])[^{}'\"\\\r\n]*(?<![-+])\}\})")
"""A value between words, written so plainly that it can be seen without reading the template."""
_ABOUT_THE_TEXT = ("lineno", "environment")

T = TypeVar("T")


class Shapes(Generic[T]):
    """The code of every shape that was met, and what was found out about it.

    Args:
        environment: What templates are compiled for.
        prepare: Makes a tree ready to be compiled, just before it is.
    """

    def __init__(self, environment: Environment, prepare: Callable[[nodes.Template], None]) -> None:
        self._environment = environment
        self._prepare = prepare
        self._known: dict[Hashable, tuple[CodeType, T]] = {}
        self._by_values: dict[tuple[str, ...], tuple[CodeType, T]] = {}

    def find_text(self, text: str) -> tuple[Template, T] | None:
        """The same for a text that need not even be read: words with values that stood between words before."""
        values, words = _taken_apart(text)
        known = self._by_values.get(values) if values else None
        return None if known is None else (self._template(known[0], words), known[1])

    def find(self, tree: nodes.Template) -> tuple[Template, T] | None:
        """A template for this tree, and what was found out about its shape, when the shape is known."""
        shape, _ = _shape(tree)
        known = self._known.get(shape)
        if known is None:
            return None
        code, found_out = known
        return self._template(code, [node.data for node in _words(tree)]), found_out

    def add(self, tree: nodes.Template, found_out: T, text: str = "") -> Template:
        """Compile a tree (that of `text`), which is used up by it, and remember its shape.

        Raises:
            SyntaxError: Conditions or loops stand too deep inside each other.
        """
        shape, gapless = _shape(tree)
        words = _words(tree)
        texts = [node.data for node in words]
        if gapless:
            for number, node in enumerate(words):
                node.data = f"{_OPEN}{number}{_CLOSE}"
        self._prepare(tree)
        code = self._environment.compile(tree)
        if not gapless:
            return self._template(code, None)
        self._known[shape] = code, found_out
        values, seen = _taken_apart(text)
        if values and seen == texts:
            self._by_values[values] = code, found_out
        return self._template(code, texts)

    def _template(self, code: CodeType, texts: list[str] | None) -> Template:
        filled = code if texts is None else _filled(code, texts)
        environment = self._environment
        return Template.from_code(environment, filled, environment.make_globals(None))


def _words(tree: nodes.Template) -> list[nodes.TemplateData]:
    return list(tree.find_all(nodes.TemplateData))


def _taken_apart(text: str) -> tuple[tuple[str, ...], list[str]]:
    """A text as values, with a sign for words between them, and the words; nothing for what is less plain."""
    pieces = _VALUE.split(text.removesuffix("\n"))
    words, values = pieces[::2], pieces[1::2]
    if "\r" in text or any("{" in word for word in words):
        return (), []
    pattern = [
        part for word, value in zip(words, [*values, ""], strict=True) for part in (word and "…", value)
    ]
    return tuple(pattern), [word for word in words if word]


def _shape(tree: nodes.Template) -> tuple[Hashable, bool]:
    """All of a tree but its words and its lines; and whether nothing in it looks like a gap."""
    gapless = True

    def part(value: Any) -> Hashable:
        nonlocal gapless
        if isinstance(value, nodes.TemplateData):
            return nodes.TemplateData
        if isinstance(value, nodes.Node):
            return (type(value), *map(part, _parts(value)))
        if isinstance(value, list | tuple):
            return (type(value), *map(part, value))
        if isinstance(value, str) and _OPEN in value:
            gapless = False
        return type(value), value  # 1, 1.0 and True are not the same

    return part(tree), gapless


def _parts(node: nodes.Node) -> Iterator[Any]:
    for name in node.fields:
        yield getattr(node, name)
    for name in node.attributes:
        if name not in _ABOUT_THE_TEXT:
            yield getattr(node, name, None)


def _filled(code: CodeType, texts: list[str]) -> CodeType:
    """Code with words in its gaps; neighbouring words may have become one."""
    consts = tuple(
        _filled(const, texts)
        if isinstance(const, CodeType)
        else _GAP.sub(lambda gap: texts[int(gap[1])], const)
        if isinstance(const, str) and _OPEN in const
        else const
        for const in code.co_consts
    )
    return code.replace(co_consts=consts)
