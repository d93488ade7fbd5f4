"""Sends reads, and nothing else."""

from __future__ import annotations

import aiohttp

from autoresponder.channex.requests import Request
from autoresponder.channex.responses import Answer
from autoresponder.channex.wire import BROKEN, Wire, describe, receive
from autoresponder.errors import ChannexUnavailable


class Reads:
    """Sends reads. There is no way to make it write: the method is not an argument.

    Args:
        wire: What is shared.
    """

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._session: aiohttp.ClientSession | None = None

    async def get(self, request: Request) -> Answer:
        """Send a GET and read the answer.

        Raises:
            ChannexUnavailable: No answer came.
            ChannexRateLimited: The limiter does not let it out.
        """
        if request.method != "GET":
            raise ValueError(f"{request.what}: not a read")
        wire = self._wire
        await wire.limiter.acquire()
        try:
            if self._session is None:
                self._session = wire.session()
            with wire.deadlines.watch() as watch:
                async with self._session.get(wire.url(request), allow_redirects=False) as response:
                    return await receive(wire, response, watch)
        except BROKEN as error:
            failure = describe(error)
        finally:
            wire.limiter.release()
        raise ChannexUnavailable(f"{request.what}: {failure}")

    async def close(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()
            self._session = None
