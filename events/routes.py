"""Which event goes to which handler on which queue: the table of docs/events.md, made from the code."""

from collections.abc import Iterator

from events.contracts import CONTRACTS
from events.subscribing import ALL, VOLUMINOUS, Handler, registry

BEGIN, END = "<!-- routes: begin -->", "<!-- routes: end -->"
HEAD = "| event | handler | queue | may be replayed |\n|---|---|---|---|\n"


class NoMarkers(ValueError):
    """The paper has no place for the table."""


def table() -> str:
    """Markdown: each type with its handlers; then those who hear everything."""
    return HEAD + "".join(_rows())


def written_into(paper: str) -> str:
    """The paper with the table of today between its markers; raises `NoMarkers`."""
    if BEGIN not in paper or END not in paper:
        raise NoMarkers(f"The lines {BEGIN} and {END} are missing.")
    before, rest = paper.split(BEGIN, 1)
    return f"{before}{BEGIN}\n{table()}{END}{rest.split(END, 1)[1]}"


def _rows() -> Iterator[str]:
    for type in sorted(CONTRACTS):
        for handler in registry:
            if type in handler.types:
                yield _row(f"`{type}`", handler)
    for handler in registry:
        for type in sorted(handler.types - CONTRACTS.keys() - {ALL}):
            yield _row(f"`{type}`", handler)
        if ALL in handler.types:
            besides = ", ".join(f"`{type}`" for type in sorted(VOLUMINOUS - handler.types))
            yield _row(f"all but {besides}" if besides else "all", handler)


def _row(what: str, handler: Handler) -> str:
    return f"| {what} | `{handler.name}` | `{handler.queue}` | {'yes' if handler.replayable else 'no'} |\n"
