"""The audit on a running service and on the command line."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from autoresponder import cli
from autoresponder.app import opened_service
from autoresponder.delivery.audit import Kind
from autoresponder.sandbox.entities import Origin
from autoresponder.service.auditor import Auditor
from tests.integration.test_service import Scene, scene
from tests.support.small_workspace import workspace_of

BODY = "The network is called Seaview-Guest."


async def _answered(s: Scene, *, copies: int = 0) -> None:
    """One guest gets an answer; then somebody writes the same words so many times more."""
    async with s.service() as running:
        await running.service.once()
        thread = s.guest("what's the wifi?")
        s.clock.advance(60)
        await running.service.once()
    for _ in range(copies):
        s.clock.advance(5)
        s.sandbox.world.write(thread, BODY, origin=Origin.API)


def _auditor(running: object) -> Auditor:
    auditor = running.service._auditor  # type: ignore[attr-defined]
    assert isinstance(auditor, Auditor)
    return auditor


async def test_nothing_is_wrong_when_every_text_is_there_once(tmp_path: Path) -> None:
    async with scene(tmp_path) as s:
        await _answered(s)
        s.clock.advance(3600)
        async with s.service() as running:
            report = await _auditor(running).round()
            assert report is not None
            assert (report.texts, report.found, report.findings) == (1, 1, ())
            assert not (await running.ledger.switches()).kill
            assert await _auditor(running).round() is None  # all of it was looked at


async def test_what_may_still_be_on_its_way_is_not_judged(tmp_path: Path) -> None:
    async with scene(tmp_path) as s:
        await _answered(s, copies=1)
        async with s.service() as running:
            report = await _auditor(running).round()
            assert report is None or report.texts == 0


async def test_a_duplicate_switches_replies_off_and_tells(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with scene(tmp_path) as s:
        await _answered(s, copies=1)
        s.clock.advance(3600)
        async with s.service() as running:
            report = await _auditor(running).round()
            assert report is not None
            assert [f.kind for f in report.findings] == [Kind.DUPLICATE]
            assert (await running.ledger.switches()).kill
            assert b'autoresponder_audit_findings_total{kind="duplicate"} 1.0' in running.metrics.render()
            assert "audit_alarm" in {getattr(r, "action", "") for r in caplog.records}
            assert BODY not in caplog.text
            await running.ledger.pause(on=False)
            assert await _auditor(running).round() is None  # told once


async def test_a_running_service_looks_by_itself(tmp_path: Path) -> None:
    async with scene(tmp_path) as s:
        await _answered(s, copies=1)
        settings = s.settings
        workspace = workspace_of(settings)
        async with opened_service(settings, lambda: workspace, clock=s.clock, rand=lambda: 0.5) as running:
            task = asyncio.create_task(running.service.run())
            while not (await running.ledger.switches()).kill:
                s.clock.advance(600)
                await asyncio.sleep(0)
            running.service.stop()
            await task


async def test_the_command_counts_and_ends_with_1_when_something_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async with scene(tmp_path) as s:
        await _answered(s)
        (tmp_path / "autoresponder.yaml").write_text(
            f"channex: {{base_url: '{s.sandbox.base_url}'}}\nstore: sqlite:///state.db\n", encoding="utf-8"
        )
        monkeypatch.setenv("CHANNEX_API_KEY", "sandbox")
        call = ["audit", "--folder", str(tmp_path), "--since", "3650d"]
        assert await asyncio.to_thread(cli.execute, call) == 0
        assert "Every text is there exactly once." in capsys.readouterr().out
        thread = next(iter(s.sandbox.world.threads.values()))
        s.sandbox.world.write(thread, BODY, origin=Origin.API)
        assert await asyncio.to_thread(cli.execute, [*call, "--format", "json"]) == 1
        shown = json.loads(capsys.readouterr().out)
        assert [f["kind"] for f in shown["findings"]] == ["duplicate"]
        assert await asyncio.to_thread(cli.execute, ["audit", "--since", "soon"]) == 2
        assert "7d" in capsys.readouterr().err
