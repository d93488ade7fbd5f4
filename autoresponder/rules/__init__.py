"""Rule text in, decision and trace out; pure."""

from __future__ import annotations

from autoresponder.rules.loader import load_rules
from autoresponder.rules.ruleset import RuleSet, TopicInfo
from autoresponder.rules.schema import RULES_SCHEMA, TOPICS_SCHEMA
from autoresponder.rules.situation import Surroundings
from autoresponder.rules.spec import Rule

__all__ = ["RULES_SCHEMA", "TOPICS_SCHEMA", "Rule", "RuleSet", "Surroundings", "TopicInfo", "load_rules"]
