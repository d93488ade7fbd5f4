"""`autoresponder explain`: what would be answered to a message, and why, rule by rule."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from autoresponder.brain import Resolution, unfinished
from autoresponder.cli.loading import folder_option, read_settings, read_workspace
from autoresponder.cli.message_lines import read_scenes
from autoresponder.cli.showing import show_gaps, show_resolution, show_trace
from autoresponder.cli.terminal import echo_json, echo_json_line, out, safe
from autoresponder.cli.trying import answered_from, tried, turn_at
from autoresponder.config import Settings
from autoresponder.decision import Outcome
from autoresponder.model import PropertyId, Provider, StayStage
from autoresponder.samples import Scene, scene_snapshot
from autoresponder.workspace import Workspace

_STAYS = [stage.value for stage in StayStage]


@click.command("explain")
@folder_option
@click.argument("words", metavar="[MESSAGE]", nargs=-1)
@click.option("--text", "texts", multiple=True, help="The guest's message; repeat it for several in a row.")
@click.option("--messages", type=click.Path(path_type=Path, dir_okay=False), help="A JSONL file of messages.")
@click.option(
    "--provider",
    type=click.Choice([p.value for p in Provider]),
    default=Provider.BOOKING_COM.value,
    show_default=True,
)
@click.option("--property", "place", metavar="NAME", help="A name in properties.yaml; the first by default.")
@click.option("--stay", type=click.Choice(_STAYS), default="before_arrival", show_default=True)
@click.option("--language", metavar="CODE", help="Language of the booking, as the OTA gives it.")
@click.option("--at", metavar="TIME", help="When the guest writes: 2026-05-01T22:10 in the property's zone.")
@click.option("--inquiry", is_flag=True, help="An Airbnb inquiry: the card, and the text if there is one.")
@click.option("--rule", metavar="ID", help="Only this rule, with every condition.")
@click.option(
    "--format", "form", type=click.Choice(["human", "json", "jsonl"]), default="human", show_default=True
)
def command(
    folder: Path,
    words: tuple[str, ...],
    texts: tuple[str, ...],
    messages: Path | None,
    provider: str,
    place: str | None,
    stay: str,
    language: str | None,
    at: str | None,
    rule: str | None,
    form: str,
    *,
    inquiry: bool,
) -> None:
    """Say what would be answered to a message, and why, rule by rule. Sends nothing."""
    texts = (*texts, " ".join(words)) if words else texts
    if not texts and messages is None and not inquiry:
        raise click.UsageError('Give a message: autoresponder explain "What is the wifi password?"')
    settings = read_settings(folder)
    workspace = read_workspace(settings)
    if messages is not None:
        _many(messages, settings, workspace, place)
        return
    scene = _scene(
        workspace,
        texts=texts,
        provider=Provider.AIRBNB if inquiry else Provider(provider),
        place=place,
        stay=StayStage.INQUIRY if inquiry else StayStage(stay),
        language=language,
        at=at,
        inquiry=inquiry,
    )
    if rule is not None and rule not in {r.id for r in workspace.ruleset.rules}:
        raise click.UsageError(f"There is no rule '{rule}'.{_nearest(rule, workspace)}")
    resolution = explain(workspace, settings, scene, trace=True)
    if form == "human":
        _show(scene, resolution, rule)
        _more(workspace, settings, scene, resolution)
    elif form == "json":
        echo_json(_plain(resolution))
    else:
        echo_json_line(_row("", resolution))


def explain(workspace: Workspace, settings: Settings, scene: Scene, *, trace: bool) -> Resolution:
    """Decide a made-up scene with the very function that the service uses."""
    return tried(workspace, settings, scene_snapshot(scene), scene.at, trace=trace)


def _scene(
    workspace: Workspace,
    *,
    texts: tuple[str, ...],
    provider: Provider,
    place: str | None,
    stay: StayStage,
    language: str | None,
    at: str | None,
    inquiry: bool,
) -> Scene:
    property_id = chosen_property(workspace, place)
    zone = workspace.book.find(property_id, None).timezone
    moment = datetime.now(UTC)
    if at is not None:
        try:
            moment = datetime.fromisoformat(at)
        except ValueError as error:
            raise click.UsageError(f"'{at}' is not a time; write it like 2026-05-01T22:10") from error
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=zone)
    return Scene(
        texts=texts,
        provider=provider,
        property_id=property_id,
        stay=stay,
        language=language,
        at=moment.astimezone(UTC),
        zone=zone,
        inquiry_card=inquiry,
    )


def chosen_property(workspace: Workspace, place: str | None) -> PropertyId | None:
    """The property of this name in properties.yaml; the first one without a name, None when there is none.

    Raises:
        click.UsageError: There is no such property.
    """
    book = workspace.book
    keys = book.keys()
    if place is None:
        place = keys[0] if keys else None
    if place is None:
        return None
    found = book.channex_id(place)
    if found is None:
        raise click.UsageError(f"There is no property '{place}' in properties.yaml: {', '.join(keys)}")
    return PropertyId(found)


def _nearest(rule: str, workspace: Workspace) -> str:
    from difflib import get_close_matches

    near = get_close_matches(rule, [r.id for r in workspace.ruleset.rules], n=1)
    return f" Did you mean '{near[0]}'?" if near else ""


def _show(scene: Scene, resolution: Resolution, rule: str | None) -> None:
    console = out()
    for text in scene.texts:
        console.print(f"“{safe(text)}”", style="bold")
    local = scene.at.astimezone(scene.zone)
    console.print(
        f"{scene.provider.value} · {resolution.facts.name or resolution.facts.key} · {scene.stay.value} · {local:%a %Y-%m-%d %H:%M}",
        style="dim",
    )
    if resolution.decision.trace is not None:
        show_trace(console, resolution.decision.trace, rule=rule)
    console.print()
    show_resolution(console, resolution)


def _more(workspace: Workspace, settings: Settings, scene: Scene, resolution: Resolution) -> None:
    """For a message that gets no answer now: what its answer lacks, and when it would get one."""
    if resolution.decision.outcome not in (Outcome.HOLD, Outcome.REPLY):
        return
    console = out()
    snapshot = scene_snapshot(scene)
    turn = turn_at(snapshot, scene.at).turn
    if turn is not None:
        gapped = unfinished(workspace, turn, resolution, replies=settings.replies, now=scene.at)
        if gapped is not None:
            show_gaps(console, gapped)
    moment = answered_from(workspace, settings, snapshot, scene.at)
    if moment is not None:
        console.print(
            f"  The same words would be answered from {moment.astimezone(scene.zone):%a %Y-%m-%d %H:%M} on."
        )


def _plain(resolution: Resolution) -> dict[str, object]:
    reply = resolution.reply
    return {
        "decision": msgspec.to_builtins(resolution.decision),
        "reply": None if reply is None else {"text": reply.text, "language": reply.language},
        "files": [file.path for file in resolution.files],
        "waits_until": resolution.stop.until if resolution.stop is not None else None,
        "property": resolution.facts.key,
    }


def _row(identity: str, resolution: Resolution) -> dict[str, object]:
    decision = resolution.decision
    return {
        "id": identity,
        "outcome": decision.outcome.value,
        "rules": list(decision.rules),
        "topics": list(decision.topics),
        "language": decision.language,
        "partial": decision.partial,
        "notify": decision.notify,
    }


def _many(file: Path, settings: Settings, workspace: Workspace, place: str | None) -> None:
    property_id = chosen_property(workspace, place)
    zone = workspace.book.find(property_id, None).timezone
    now = datetime.now(UTC)
    write = sys.stdout.write
    encode = msgspec.json.Encoder().encode
    for identity, scene in read_scenes(file, property_id=property_id, zone=zone, at=now):
        resolution = explain(workspace, settings, scene, trace=False)
        write(encode(_row(identity, resolution)).decode() + "\n")
