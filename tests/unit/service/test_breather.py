"""Work that is cut into bursts."""

from __future__ import annotations

import asyncio

from autoresponder.service.breather import Breather

STEP = 0.01


class Work:
    """Tasks that each take a hundredth of a second, by a clock of their own; and what the loop did meanwhile."""

    def __init__(self) -> None:
        self.now = 0.0
        self.order: list[int] = []
        self.longest = 0.0
        self._looked = 0.0
        self.breather = Breather(lambda: self.now)

    async def task(self, number: int) -> None:
        await self.breather.breathe()
        self.order.append(number)
        self.now += STEP

    async def loop(self) -> None:
        """What else the loop has to do: it sees how long it had to wait."""
        while True:
            self.longest = max(self.longest, self.now - self._looked)
            self._looked = self.now
            await asyncio.sleep(0)


async def test_the_loop_gets_its_turn_between_bursts_and_nobody_is_overtaken() -> None:
    work = Work()
    other = asyncio.create_task(work.loop())
    await asyncio.gather(*(work.task(number) for number in range(64)))
    other.cancel()
    assert work.order == list(range(64))
    assert 0 < work.longest < 5 * STEP


async def test_a_single_piece_of_work_does_not_wait() -> None:
    work = Work()
    seen: list[str] = []
    asyncio.get_running_loop().call_soon(seen.append, "the loop looked around")
    await work.task(0)
    assert seen == []
