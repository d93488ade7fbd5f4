"""`autoresponder schema`: what may stand in which file, for editors."""

from __future__ import annotations

import json

import click

from autoresponder.rules import RULES_SCHEMA, TOPICS_SCHEMA
from autoresponder.schemas.cases import CASES_SCHEMA
from autoresponder.schemas.properties import PROPERTIES_SCHEMA
from autoresponder.schemas.settings import SETTINGS_SCHEMA

_SCHEMAS = {
    "rules": RULES_SCHEMA,
    "topics": TOPICS_SCHEMA,
    "properties": PROPERTIES_SCHEMA,
    "settings": SETTINGS_SCHEMA,
    "tests": CASES_SCHEMA,
}


@click.command("schema")
@click.argument("kind", type=click.Choice(list(_SCHEMAS)))
def command(kind: str) -> None:
    """Print the JSON Schema (draft 2020-12) of a kind of file.

    Editors with YAML support complete and check with it, for example after
    `autoresponder schema rules > .rules.schema.json` and a first line
    `# yaml-language-server: $schema=../.rules.schema.json` in a rule file.
    """
    click.echo(json.dumps(_SCHEMAS[kind], indent=2, ensure_ascii=False))
