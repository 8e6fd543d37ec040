"""How a load process is told what to do: orders as JSON on standard input, one a line, each answered so."""

import asyncio
import json
import sys
from typing import Any


async def obey(load: Any) -> None:
    """Call what each order names under `do` with the rest of it; the end of the input ends it."""
    lines = asyncio.StreamReader(limit=1 << 24)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        order = json.loads(line)
        answer = await getattr(load, order.pop("do"))(**order)
        print(json.dumps(answer), flush=True)
