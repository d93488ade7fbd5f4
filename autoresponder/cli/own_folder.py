"""The files of a new working folder for properties that really exist: nothing in them is made up.

What guests are told must be true, so no sample facts are written, and rules whose replies need facts are off.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import yaml

from autoresponder.cli.terminal import safe
from autoresponder.properties.book import zone_named
from autoresponder.rules import load_rules
from autoresponder.templating import Templates

_LONGEST_NAME = 200
_LONGEST_KEY = 40
_UNWANTED = str.maketrans("{}", "()", "\u200d\ufe0e\ufe0f")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

_SIGNATURES = {
    "en": "Your hosts",
    "de": "Ihre Gastgeber",
    "fr": "Vos hôtes",
    "es": "Sus anfitriones",
    "it": "Lo staff",
    "pt": "Os seus anfitriões",
    "nl": "Uw verhuurders",
}
_OWN_FACTS = {"signature"}

_PROPERTIES_HEAD = """\
# Your properties: what is true of each. Replies are made from these facts, and from nothing else.
#
# 1. Write a fact where the # stands, below `defaults` when it holds for all, below a property when for one:
#        parking: There is one parking space in the yard for you.
#    or in several languages:  parking: {en: …, de: …}
# 2. Switch on the rule that tells it: in rules/20-answers.yaml each rule that is off names the facts it needs.
# 3. autoresponder check
#
# Secrets (codes, passwords) are only told to guests with a confirmed booking, around their stay:
#        secrets: {wifi_password: {value: …, release: {before_arrival: 48h}}}
"""

_TESTS = """\
# What a guest writes, and what must happen. Try them with: autoresponder test
# Add your own: a test for every rule that you switch on.
tests:
  - name: a guest smells gas
    message: There is a smell of gas in the kitchen
    stay: in_stay
    expect: {rules: [emergency, complaint], outcome: escalate}
  - name: plain thanks need no reply
    message: Thank you so much!
    expect: {rule: courtesy, outcome: no_reply_needed}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A property as the account, or a person, names it."""

    title: str
    channex_id: str | None = None
    timezone: str | None = None


def place_named(text: str) -> Place:
    """A property from `NAME` or `NAME=CHANNEX_ID`."""
    name, separator, number = text.rpartition("=")
    if separator and _UUID.fullmatch(number.strip()):
        return Place(title=name, channex_id=number.strip().lower())
    return Place(title=text)


def own_files(
    shipped: Mapping[str, str], places: Sequence[Place], *, timezone: str | None, language: str
) -> dict[str, str]:
    """The files of a folder for these properties.

    Args:
        shipped: The files of a folder with sample properties.
        places: The properties; those of an account with their ids.
        timezone: What holds where a property has none that exists; the most common one when None.
        language: What replies fall back to.
    """
    files = {name: text for name, text in shipped.items() if not name.startswith("tests/")}
    files["properties.yaml"] = _properties(places, timezone=timezone, language=language)
    files["tests/starter.test.yaml"] = _TESTS
    files["autoresponder.yaml"] = shipped["autoresponder.yaml"].replace(
        "fallback_language: en", f"fallback_language: {json.dumps(language)}"
    )
    return _without_facts(files)


def _properties(places: Sequence[Place], *, timezone: str | None, language: str) -> str:
    zones = [p.timezone if p.timezone and zone_named(p.timezone) else None for p in places]
    known = Counter(zone for zone in zones if zone is not None).most_common(1)
    common = timezone or (known[0][0] if known else "UTC")
    lines = [_PROPERTIES_HEAD, "defaults:", f"  language: {json.dumps(language)}"]
    unsure = "" if timezone or known else "   # not known: write yours, such as Europe/Lisbon"
    lines += [f"  timezone: {common}{unsure}", "  facts:", "    signature:"]
    lines += [f"      {code}: {text}" for code, text in _SIGNATURES.items()]
    lines += ['    # check_in_from: "15:00"', '    # check_out_until: "11:00"', "", "properties:"]
    for key, place, zone in zip(_keys(places), places, zones, strict=True):
        lines.append(f"  {_quoted_if_needed(key)}:")
        if place.channex_id is not None:
            lines.append(f"    channex_id: {json.dumps(place.channex_id)}")
        else:
            lines.append("    # channex_id: …   the last part of the address when you open it in Channex")
        lines.append(f"    name: {json.dumps(tidy(place.title) or key, ensure_ascii=False)}")
        if zone is not None and zone != common:
            lines.append(f"    timezone: {zone}")
        lines += ["    # facts:", "    #   wifi_name: …", "    #   street_address: …", ""]
    return "\n".join(lines)


def tidy(title: str) -> str:
    """A title on one line, not too long, without what is invisible, or would look like a template's braces."""
    plain = safe(title, limit=_LONGEST_NAME * 2).translate(_UNWANTED)
    return " ".join(plain.split())[:_LONGEST_NAME].strip()


def _keys(places: Iterable[Place]) -> list[str]:
    """Short names for rules, each once."""
    taken: set[str] = set()
    keys = []
    for number, place in enumerate(places, 1):
        plain = unicodedata.normalize("NFKD", place.title).encode("ascii", "ignore").decode().lower()
        base = re.sub(r"[^a-z0-9]+", "-", plain)[:_LONGEST_KEY].strip("-") or f"property-{number}"
        key, again = base, 2
        while key in taken:
            key, again = f"{base}-{again}", again + 1
        taken.add(key)
        keys.append(key)
    return keys


def _quoted_if_needed(key: str) -> str:
    """A key that a reader of the file takes for a text: `no`, `12` and `1e3` need quotes."""
    return key if yaml.safe_load(key) == key and key.isalpha() | ("-" in key) else json.dumps(key)


def _without_facts(files: dict[str, str]) -> dict[str, str]:
    """The same files with every rule off whose reply needs a fact that is not there yet."""
    rule_files = {n: t for n, t in files.items() if n.startswith("rules/") and n.endswith(".yaml")}
    ruleset, _ = load_rules(rule_files)
    templates, _ = Templates.load(
        {n.removeprefix("templates/"): t for n, t in files.items() if n.startswith("templates/")}
    )
    assert ruleset is not None
    for rule in ruleset.rules:
        needs = set() if rule.reply is None else _needs(templates, rule.reply)
        if not needs:
            continue
        head = f"  - id: {rule.id}\n"
        off = f"{head}    enabled: false   # true when properties.yaml has: {', '.join(sorted(needs))}\n"
        files[rule.file] = files[rule.file].replace(head, off, 1)
    return files


def _needs(templates: Templates, reply: str) -> set[str]:
    """Facts without which a reply cannot be made in some language."""
    needs: set[str] = set()
    for language in templates.languages(reply):
        found = [templates.find(reply, language), templates.frame(language)]
        for file in {part for variant in found if variant for part in templates.parts(variant.file)}:
            needs |= {fact.name for fact in templates.facts(file) if not fact.tested}
    return needs - _OWN_FACTS
