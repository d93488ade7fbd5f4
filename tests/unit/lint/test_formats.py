"""Findings for build servers: each form is read back as its reader would."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

from autoresponder.lint.formats import render_github, render_junit, render_sarif
from autoresponder.problems import Problem, Severity

BAD = Problem(
    file="rules/a b.yaml", line=3, column=5, length=4, code="S001", message="100% <wrong>", remedy="x & y"
)
ODD = Problem(file="rules/c,d.yaml", code="L009", message="odd\x1b\nline", severity=Severity.WARNING)


def test_sarif_names_each_code_once_and_points_to_it() -> None:
    (run,) = json.loads(render_sarif([ODD, BAD, BAD], "1.2"))["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == ["L009", "S001"]
    assert [rules[r["ruleIndex"]] for r in run["results"]] == [r["ruleId"] for r in run["results"]]
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "rules/a%20b.yaml"
    assert place["region"] == {"startLine": 3, "startColumn": 5, "endColumn": 9}
    assert [r["level"] for r in run["results"]] == ["error", "error", "warning"]


def test_github_escapes_what_would_end_a_command() -> None:
    first, second = render_github([ODD, BAD]).split("\n")
    assert first == ("::error file=rules/a b.yaml,line=3,col=5,endColumn=8,title=S001::100%25 <wrong>: x & y")
    assert "file=rules/c%2Cd.yaml," in second
    assert "\x1b" not in second
    assert render_github([]) == ""


def test_junit_has_a_case_for_each_file_and_warnings_fail_only_when_strict() -> None:
    suite = ET.fromstring(render_junit([ODD, BAD, BAD]).encode())
    assert [case.get("name") for case in suite] == [BAD.file, ODD.file]
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    assert "100% <wrong>: x & y" in (suite[0][0].text or "")
    assert suite[1][0].tag == "system-out"
    assert ET.fromstring(render_junit([ODD], strict=True).encode()).get("failures") == "1"
    clean = ET.fromstring(render_junit([]).encode())
    assert (clean.get("tests"), clean.get("failures")) == ("1", "0")
