"""Somebody's way to the server, which fails as ways do in a hall."""

import asyncio
import random
from contextlib import suppress
from enum import Enum

CHUNK = 65_536  # bytes


class State(Enum):
    GOOD = "good"
    SLOW = "slow"
    CUT = "cut"  # nothing gets through, and what was on its way is gone
    DEAF = "deaf"  # what is asked arrives, no answer comes back


class Way:
    """A port that leads to the server's. Several connections share its state."""

    def __init__(self, server_port: int, chance: random.Random) -> None:
        self._server_port, self._chance = server_port, chance
        self._open: set[asyncio.StreamWriter] = set()
        self._state = State.GOOD

    async def start(self) -> str:
        """Return the address that leads through it."""
        self._listening = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._listening.sockets[0].getsockname()[1]}"

    def become(self, state: State) -> None:
        self._state = state
        if state is State.CUT:
            for each in list(self._open):
                each.transport.abort()

    async def stop(self) -> None:
        self._listening.close()
        self.become(State.CUT)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._state is State.CUT:
            writer.transport.abort()
            return
        try:
            answers, asked = await asyncio.open_connection("127.0.0.1", self._server_port)
        except OSError:
            writer.transport.abort()
            return
        ends = {writer, asked}
        self._open |= ends
        try:
            await asyncio.gather(
                self._pass(reader, asked, ends), self._pass(answers, writer, ends, back=True)
            )
        finally:
            self._open -= ends

    async def _pass(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        ends: set[asyncio.StreamWriter],
        *,
        back: bool = False,
    ) -> None:
        with suppress(OSError):
            while data := await reader.read(CHUNK):
                if self._state is State.SLOW:
                    await asyncio.sleep(self._chance.uniform(0.1, 0.8))
                if self._state is State.CUT or (back and self._state is State.DEAF):
                    break
                writer.write(data)
                await writer.drain()
        for each in ends:
            each.transport.abort() if self._state is not State.GOOD else each.close()
