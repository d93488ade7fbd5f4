"""Which Redis may be believed after a reconnect, and which settings are warned about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autoresponder.store.redis_health import ServerState

GOOD = ServerState(
    version="7.2.0",
    role="master",
    run_id="run-1",
    replication_id="history-1",
    previous_replication_id="0" * 40,
    eviction="noeviction",
    appendonly=True,
    appendfsync="always",
)
RESTARTED = replace(GOOD, run_id="run-2", replication_id="history-2")


def test_the_same_process_with_the_same_history_goes_on() -> None:
    careless = replace(GOOD, appendonly=False, appendfsync="")
    assert GOOD.continues(GOOD)
    assert careless.continues(careless)


def test_a_restart_goes_on_only_when_every_write_was_synced_before_and_after() -> None:
    assert RESTARTED.continues(GOOD)
    for loose in ({"appendfsync": "everysec"}, {"appendfsync": ""}, {"appendonly": False}):
        assert not replace(RESTARTED, **loose).continues(GOOD)
        assert not RESTARTED.continues(replace(GOOD, **loose))


@pytest.mark.parametrize(
    "now",
    [
        replace(GOOD, role="slave"),
        replace(GOOD, replication_id="history-2"),
        replace(RESTARTED, previous_replication_id="history-1"),
    ],
    ids=["a replica", "another history in the same process", "a promoted replica"],
)
def test_a_server_that_may_lack_writes_is_not_believed(now: ServerState) -> None:
    assert not now.continues(GOOD)


def test_durable_means_synced_and_never_evicted() -> None:
    assert GOOD.health("here").durable
    assert not replace(GOOD, eviction="allkeys-lru").health("here").durable
    assert not replace(GOOD, role="slave").health("here").ok


@pytest.mark.parametrize(
    ("change", "remedy"),
    [
        ({"eviction": "volatile-lru"}, "set maxmemory-policy noeviction"),
        ({"eviction": ""}, "unknown"),
        ({"appendonly": False}, "set appendonly yes"),
        ({"appendfsync": "everysec"}, "set appendfsync always"),
        ({"appendfsync": ""}, "allow CONFIG GET"),
    ],
)
def test_each_dangerous_setting_has_one_warning_with_its_remedy(
    change: dict[str, object], remedy: str
) -> None:
    assert GOOD.warnings() == ()
    warnings = replace(GOOD, **change).warnings()  # type: ignore[arg-type]
    assert len(warnings) == 1
    assert remedy in warnings[0]
