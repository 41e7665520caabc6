"""Nothing that is committed while a stream opens is kept from it."""

from __future__ import annotations

import asyncio

from sync.server.pokes import Pokes


def test_what_is_committed_while_the_newest_head_is_read_is_told() -> None:
    async def said() -> list[int | None]:
        pokes = Pokes()

        def newest() -> int:
            pokes.tell(5)  # a commit after the head was read, before it is said
            return 4

        heads = pokes.heads(newest, ping=1.0)
        found = [await anext(heads), await anext(heads)]
        await heads.aclose()
        return found

    assert asyncio.run(said()) == [4, 5]
