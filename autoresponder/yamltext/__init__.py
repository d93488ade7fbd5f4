"""YAML that people write: plain data with positions, and findings in plain words; pure."""

from __future__ import annotations

from autoresponder.yamltext.reading import each_file_once, parse
from autoresponder.yamltext.source import Place, Source, Way
from autoresponder.yamltext.validation import validate

__all__ = ["Place", "Source", "Way", "each_file_once", "parse", "validate"]
