"""`autoresponder schema`: what may stand in which file, for editors."""

from __future__ import annotations

import json

import click

from autoresponder.rules import RULES_SCHEMA, TOPICS_SCHEMA
from autoresponder.schemas.cases import CASES_SCHEMA
from autoresponder.schemas.editors import for_editors
from autoresponder.schemas.properties import PROPERTIES_SCHEMA
from autoresponder.schemas.settings import SETTINGS_SCHEMA

_SCHEMAS = {
    "rules": RULES_SCHEMA,
    "topics": TOPICS_SCHEMA,
    "properties": PROPERTIES_SCHEMA,
    "settings": SETTINGS_SCHEMA,
    "tests": CASES_SCHEMA,
}


_ALSO = {"config": "settings"}
"""Other names for a kind."""


def published(kind: str) -> str:
    """The schema of a kind of file, with what editors show, as JSON."""
    return json.dumps(for_editors(_SCHEMAS[_ALSO.get(kind, kind)]), indent=2, ensure_ascii=False)


@click.command("schema")
@click.argument("kind", type=click.Choice([*_SCHEMAS, *_ALSO]))
def command(kind: str) -> None:
    """Print the JSON Schema (draft 2020-12) of a kind of file.

    Editors with YAML support complete and check with it. `autoresponder init` puts a copy of each into
    .schemas/ and names it in the first line of every file; after an update of autoresponder write it anew:
    `autoresponder schema rules > .schemas/rules.schema.json`
    """
    click.echo(published(kind))
