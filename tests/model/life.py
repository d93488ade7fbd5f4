"""One reply's life as a model for the checker."""

from __future__ import annotations

from collections.abc import Iterator

from tests.model import environment, protocol, state
from tests.model.checker import Broken, Label, Model, Result, explore
from tests.model.state import World
from tests.model.variants import Bounds, Rules


def play(rules: Rules, bounds: Bounds, *, first_only: bool = False) -> Result:
    """Explore everything that can happen to one reply within the bounds."""

    def steps(world: World) -> Iterator[tuple[Label, World | Broken]]:
        if environment.at_rest(world):
            return
        for label, target in taken(world):
            if isinstance(target, Broken):
                yield label, target
            elif environment.says_falsely_sent(target):
                yield label, Broken("a reply is taken for sent that is not")
            else:
                yield label, protocol.given_up(protocol.given_up(target, 0, rules), 1, rules)

    def taken(world: World) -> Iterator[tuple[Label, World | Broken]]:
        for n in (0, 1):
            yield from protocol.steps(world, n, rules)
        yield from environment.steps(world, rules, bounds)

    model = Model(
        initial=state.initial(rules, bounds),
        steps=steps,
        canonical=state.canonical,
        is_end=state.is_end,
    )
    return explore(model, first_only=first_only)
