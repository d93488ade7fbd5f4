"""What is true of each property, and what only some guests may know; pure."""

from __future__ import annotations

from autoresponder.properties.book import PropertyBook
from autoresponder.properties.facts import PropertyFacts, Release, SecretFact, Translated
from autoresponder.properties.loading import load_properties

__all__ = ["PropertyBook", "PropertyFacts", "Release", "SecretFact", "Translated", "load_properties"]
