"""Which kinds of files there are, and the schema of each as editors get it."""

from __future__ import annotations

import json

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

KINDS = (*_SCHEMAS, *_ALSO)


def published(kind: str) -> str:
    """The schema of a kind of file (one of `KINDS`), with what editors show, as JSON."""
    return json.dumps(for_editors(_SCHEMAS[_ALSO.get(kind, kind)]), indent=2, ensure_ascii=False)
