"""Script files as text: YAML, read strictly, with the line of every mistake."""

from __future__ import annotations

import re
from typing import Any

import yaml

_LARGEST = 2_000_000
"""Characters of a script."""
_PATH_STEP = re.compile(r"\.([A-Za-z_][\w-]*)|\[(\d+|\.\.\.)\]")


class ScriptError(ValueError):
    """The script cannot be used; the message names file, line and remedy."""


def read_yaml(text: str, file: str) -> tuple[yaml.Node, Any]:
    """The document's nodes, which know their lines, and its plain data.

    Raises:
        ScriptError: It is no YAML, too long, or has aliases or keys that stand twice.
    """
    if len(text) > _LARGEST:
        raise ScriptError(f"{file}: longer than {_LARGEST:,} characters; split it")
    try:
        loader = yaml.SafeLoader(text)
        root = loader.get_single_node()
        if root is None:
            raise ScriptError(f"{file}: is empty; start with day, properties and threads")
        _check_nodes(root, file)
        return root, loader.construct_document(root)
    except ScriptError:
        raise
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ScriptError(f"{file}{_mark(error)}: {_words(error)}") from error


def _check_nodes(node: yaml.Node, file: str) -> None:
    """Refuse aliases (they can blow a small file up) and keys that stand twice."""
    seen: set[int] = set()
    waiting = [node]
    while waiting:
        current = waiting.pop()
        line = current.start_mark.line + 1
        if id(current) in seen:
            raise ScriptError(
                f"{file}, line {line}: anchors and aliases (& and *) are not taken; write it out"
            )
        seen.add(id(current))
        if isinstance(current, yaml.SequenceNode):
            waiting.extend(current.value)
        elif isinstance(current, yaml.MappingNode):
            names: set[str] = set()
            for name, value in current.value:
                if name.value in names:
                    raise ScriptError(
                        f"{file}, line {name.start_mark.line + 1}: {name.value!r} stands twice; keep one"
                    )
                names.add(str(name.value))
                waiting.append(value)


def find_node(root: yaml.Node, path: str) -> yaml.Node:
    """The node that a path like `$.threads[3].says[0]` leads to, or the nearest one above it."""
    node = root
    for name, index in _PATH_STEP.findall(path):
        following: yaml.Node | None = None
        if isinstance(node, yaml.MappingNode):
            following = next((value for key, value in node.value if key.value == name), None)
        elif isinstance(node, yaml.SequenceNode) and index.isdigit():
            following = node.value[int(index)]
        if following is None:
            break
        node = following
    return node


def _mark(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    return "" if mark is None else f", line {mark.line + 1}"


def _words(error: Exception) -> str:
    return str(getattr(error, "problem", None) or error)
