"""One room of 100 players, 20 snapshots a second: the server's CPU and bytes for each snapshot delivered.

    python -m benchmarks.fanout [--json]

Everything is included: simulation, encoding, sending, hits into the outbox, and five inputs a second a
player. The peer is a Colyseus 0.17 room of 100 ships moving at 30 Hz with 20 patches a second (needs Node
and npm); its simulation has neither olives nor hits. The two run one after the other, several rounds, and
medians are quoted.
"""

import json
import subprocess
import sys
from typing import Any

from benchmarks.harness import (
    ROOT,
    Platform,
    arguments,
    cpu_seconds,
    free_port,
    isolated,
    median,
    npm_peer,
    platform,
    report,
)

BARS = {"cpu_ratio": "no more than 1", "bytes_ratio": "no more than 0.25"}


class LoadProcess:
    """`benchmarks.load`, or another of its kind, as a child that takes orders."""

    def __init__(self, built: Platform, *, module: str = "benchmarks.load", **arguments: float) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", module, built.url, *map(str, arguments.values())],
            cwd=ROOT,
            env=built.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        built.stack.callback(self.process.kill)

    def ask(self, do: str, **order: Any) -> Any:
        """Give one order and wait for its answer."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"do": do, **order}) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError("the load process ended")
        return json.loads(answer)


def ours(*, players: int, inputs: float, seconds: float, rounds: int) -> list[dict[str, float]]:
    """CPU microseconds and bytes for each snapshot, once a round."""
    with platform(database="sqlite") as built:
        from benchmarks.players import make_players, make_room, seats

        people = make_players(players)
        room = make_room(people[0][0], size=players, bots=0, round_seconds=0)
        web = built.web()
        built.worker()
        load = LoadProcess(built, inputs=inputs)
        load.ask("join", seats=seats([room], people), sampled=0)
        load.ask("count", seconds=3)
        figures = []
        for _ in range(rounds):
            before = cpu_seconds(web.pid)
            counted = load.ask("count", seconds=seconds)
            figures.append(_each(cpu_seconds(web.pid) - before, counted))
        return figures


def peer(*, players: int, inputs: float, seconds: float, rounds: int) -> list[dict[str, float]]:
    """The same of Colyseus."""
    folder, port = npm_peer("colyseus"), free_port()
    server = subprocess.Popen(
        ["node", "server.mjs", str(port)], cwd=folder, stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        server.stdout.readline()
        return [_peer_round(folder, port, server.pid, players, inputs, seconds) for _ in range(rounds)]
    finally:
        server.kill()
        server.wait()


def _peer_round(
    folder: Any, port: int, pid: int, players: int, inputs: float, seconds: float
) -> dict[str, float]:
    command = ["node", "client.mjs", *map(str, (port, players, inputs, seconds))]
    client = subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert client.stdin is not None
    assert client.stdout is not None
    client.stdout.readline()
    before = cpu_seconds(pid)
    client.stdin.write("go\n")
    client.stdin.flush()
    counted = json.loads(client.stdout.readline())
    spent = cpu_seconds(pid) - before
    client.wait(10)
    return _each(spent, counted)


def _each(cpu: float, counted: dict[str, int]) -> dict[str, float]:
    return {"us": cpu * 1e6 / counted["frames"], "bytes": counted["bytes"] / counted["frames"]}


def main() -> None:
    options = arguments("CPU and bytes a snapshot.", players=100, inputs=5.0, seconds=10.0, rounds=3)
    order = {
        "players": options.players,
        "inputs": options.inputs,
        "seconds": options.seconds,
        "rounds": options.rounds,
    }
    theirs, mine = peer(**order), isolated(ours, **order)
    us, peer_us = (median(round_["us"] for round_ in rounds) for rounds in (mine, theirs))
    size, peer_size = (median(round_["bytes"] for round_ in rounds) for rounds in (mine, theirs))
    figures = {
        "us_per_snapshot": round(us, 1),
        "peer_us_per_snapshot": round(peer_us, 1),
        "cpu_ratio": round(us / peer_us, 2),
        "bytes_per_snapshot": round(size),
        "peer_bytes_per_snapshot": round(peer_size),
        "bytes_ratio": round(size / peer_size, 3),
    }
    report(figures, as_json=options.json, bars=BARS)


if __name__ == "__main__":
    main()
