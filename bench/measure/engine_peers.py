"""The peers: each is given the plain rules once, then decides messages one by one.

Their packages are not ours: bench/engine installs them into an environment of its own.
"""

# mypy: disable-error-code="import-not-found,import-untyped,no-untyped-def,misc"
from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from bench.measure.engine_workload import PlainMessage, PlainRule, bare_normalise

Decide = Callable[[PlainMessage], str | None]
"""Message → name of the first rule that matches."""
PACKAGES = (
    "pyahocorasick==2.3.1",
    "yara-python==4.5.4",
    "common-expression-language==0.10.0",
    "business-rules==1.1.1",
    "panzi-json-logic==1.0.1",
)
GENERAL = ("cel", "business-rules", "json-logic")
"""General rule engines: they take any condition, and look at their rules one by one."""


def _keys(rule: PlainRule) -> list[str]:
    return [f" {keyword} " for keyword in rule.keywords]


def _passes(rule: PlainRule, message: PlainMessage) -> bool:
    return (rule.provider is None or rule.provider == message.provider) and (
        rule.nights is None or message.nights >= rule.nights
    )


def automaton(phrases: dict[str, Any]) -> Any:
    """One scan for all phrases, in C."""
    import ahocorasick

    made = ahocorasick.Automaton()
    for phrase, value in phrases.items():
        made.add_word(phrase, value)
    made.make_automaton()
    return made


def ahocorasick_peer(rules: list[PlainRule]) -> Decide:
    """A scan for all phrases with the rules' other conditions behind it, as one would write it by hand."""
    owners: dict[str, Any] = {}
    for place, rule in enumerate(rules):
        for key in _keys(rule):
            owners[key] = (place, None)
        if rule.literal is not None:
            owners[f" {rule.literal} "] = (place, re.compile(rf"\b{rule.literal} [0-9]+"))
    made = automaton(owners)

    def decide(message: PlainMessage) -> str | None:
        text = bare_normalise(message.text)
        found = sorted(
            place for _, (place, pattern) in made.iter(text) if pattern is None or pattern.search(text)
        )
        return next((rules[place].name for place in found if _passes(rules[place], message)), None)

    return decide


def yara_peer(rules: list[PlainRule]) -> Decide:
    """YARA: every rule a rule of its own."""
    import yara

    parts = []
    for place, rule in enumerate(rules):
        strings = [f'$k{i} = "{keyword}" fullword' for i, keyword in enumerate(rule.keywords)]
        if rule.literal is not None:
            strings.append(f"$r = /\\b{rule.literal} [0-9]+/")
        condition = "any of them"
        if rule.provider is not None:
            condition += f' and provider == "{rule.provider}"'
        if rule.nights is not None:
            condition += f" and nights >= {rule.nights}"
        parts.append(f"rule r{place} {{ strings: {' '.join(strings)} condition: {condition} }}")
    compiled = yara.compile(source="\n".join(parts), externals={"provider": "", "nights": 0})

    def decide(message: PlainMessage) -> str | None:
        known = {"provider": message.provider, "nights": message.nights}
        found = compiled.match(data=bare_normalise(message.text).encode(), externals=known)
        return rules[min(int(match.rule[1:]) for match in found)].name if found else None

    return decide


def cel_peer(rules: list[PlainRule]) -> Decide:
    """CEL, through its Rust implementation."""
    import cel

    programs = []
    for rule in rules:
        parts = [f't.contains("{key}")' for key in _keys(rule)]
        if rule.literal is not None:
            parts.append(f't.matches(" {rule.literal} [0-9]+")')
        text = f"({' || '.join(parts)})"
        if rule.provider is not None:
            text += f' && p == "{rule.provider}"'
        if rule.nights is not None:
            text += f" && n >= {rule.nights}"
        programs.append((rule.name, cel.compile(text).execute))

    def decide(message: PlainMessage) -> str | None:
        known = {"t": bare_normalise(message.text), "p": message.provider, "n": message.nights}
        return next((name for name, execute in programs if execute(known)), None)

    return decide


def business_rules_peer(rules: list[PlainRule]) -> Decide:
    """business-rules, its conditions as its documents write them."""
    from business_rules.engine import check_conditions_recursively
    from business_rules.variables import (
        BaseVariables,
        numeric_rule_variable,
        string_rule_variable,
    )

    class Facts(BaseVariables):
        def __init__(self, message: PlainMessage) -> None:
            self.message = message
            self.normal = bare_normalise(message.text)

        @string_rule_variable()
        def text(self) -> str:
            return self.normal

        @string_rule_variable()
        def provider(self) -> str:
            return self.message.provider

        @numeric_rule_variable()
        def nights(self) -> int:
            return self.message.nights

    conditions = [(rule.name, _business_conditions(rule)) for rule in rules]

    def decide(message: PlainMessage) -> str | None:
        facts = Facts(message)
        return next((name for name, c in conditions if check_conditions_recursively(c, facts)), None)

    return decide


def _business_conditions(rule: PlainRule) -> dict[str, Any]:
    def clause(name: str, operator: str, value: Any) -> dict[str, Any]:
        return {"name": name, "operator": operator, "value": value}

    words = [clause("text", "contains", key) for key in _keys(rule)]
    if rule.literal is not None:
        words.append(clause("text", "matches_regex", rf".* {rule.literal} [0-9]+"))
    every: list[dict[str, Any]] = [{"any": words}]
    if rule.provider is not None:
        every.append(clause("provider", "equal_to", rule.provider))
    if rule.nights is not None:
        every.append(clause("nights", "greater_than_or_equal_to", rule.nights))
    return {"all": every}


def json_logic_peer(rules: list[PlainRule]) -> Decide:
    """JSON Logic, with one operation of our own for regular expressions, which it has none for."""
    from json_logic import jsonLogic
    from json_logic.builtins import BUILTINS

    def matches(_data: Any, pattern: str, text: str) -> bool:
        return re.search(pattern, text) is not None

    operations = {**BUILTINS, "matches": matches}
    logic = []
    for rule in rules:
        words: list[Any] = [{"in": [key, {"var": "t"}]} for key in _keys(rule)]
        if rule.literal is not None:
            words.append({"matches": [f" {rule.literal} [0-9]+", {"var": "t"}]})
        every: list[Any] = [{"or": words}]
        if rule.provider is not None:
            every.append({"==": [{"var": "p"}, rule.provider]})
        if rule.nights is not None:
            every.append({">=": [{"var": "n"}, rule.nights]})
        logic.append((rule.name, {"and": every}))

    def decide(message: PlainMessage) -> str | None:
        known = {"t": bare_normalise(message.text), "p": message.provider, "n": message.nights}
        return next((name for name, one in logic if jsonLogic(one, known, operations)), None)

    return decide


_MAKERS: dict[str, Callable[[list[PlainRule]], Decide]] = {
    "aho-corasick by hand": ahocorasick_peer,
    "yara": yara_peer,
    "cel": cel_peer,
    "business-rules": business_rules_peer,
    "json-logic": json_logic_peer,
}


def peers(rules: list[PlainRule]) -> Iterator[tuple[str, Decide | str]]:
    """Every peer by name, made when its turn comes; or why there is none."""
    for name, maker in _MAKERS.items():
        try:
            yield name, maker(rules)
        except ImportError as error:
            yield name, f"not installed ({error})"
