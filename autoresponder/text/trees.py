"""Trees of what may follow a phrase's first word."""

from __future__ import annotations

from typing import Final

from autoresponder.text.phrases import Kind, Sequence


class Node:
    """A place in a tree: which symbols lead on, which phrases end here.

    Attributes:
        plain: Whether only whole words lead on, so that a guest's word is looked up as it is.
    """

    __slots__ = ("edges", "ends", "gap", "plain")

    def __init__(self) -> None:
        self.edges: dict[str, Node] = {}
        self.ends: tuple[int, ...] = ()
        self.gap: Node | None = None
        self.plain = True


SIGNS: Final = {Kind.WORD: "", Kind.PREFIX: "*", Kind.TYPO: "~", Kind.GAP: ""}
"""A symbol is the text with the sign of its kind before it; words have no such signs in them."""


def tree_of(sequences: list[tuple[Sequence, int]]) -> Node:
    """The tree behind the first word of these sequences."""
    root = Node()
    for sequence, number in sequences:
        node = root
        for kind, text in sequence[1:]:
            if kind is Kind.GAP:
                if node.gap is None:
                    node.gap = Node()
                node = node.gap
            else:
                node.plain = node.plain and kind is Kind.WORD
                node = node.edges.setdefault(SIGNS[kind] + text, Node())
        node.ends = (*node.ends, number)
    return root
