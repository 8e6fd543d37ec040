"""Results as CSV (RFC 4180, UTF-8 with the mark that spreadsheets look for). Pure."""

import csv
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

from rooms.trivia.teams import TEAMS

MARK = "\ufeff"
COLUMNS = ("Rank", "Name", "Points", "Right", "Answered", "Best streak", "Fastest answer (ms)")
# Spreadsheets run what begins so, also in full width (OWASP, CSV Injection); an apostrophe makes it text.
FORMULA = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "\uff1d",
    "\uff0b",
    "\uff0d",
    "\uff20",
)  # the last are full-width


def csv_of(results: Mapping[str, Any]) -> str:
    """A line for each player, best first; equal points share a rank."""
    rows: Sequence[Mapping[str, Any]] = results["rows"]
    has_teams = any(row["team"] is not None for row in rows)
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow([*COLUMNS, *(["Team"] if has_teams else [])])
    for row in rows:
        rank = 1 + sum(other["points"] > row["points"] for other in rows)
        writer.writerow(
            [
                rank,
                harmless(row["name"]),
                row["points"],
                row["right"],
                row["answered"],
                row["best_streak"],
                "" if row["fastest_ms"] is None else row["fastest_ms"],
                *([_team(row)] if has_teams else []),
            ]
        )
    return MARK + text.getvalue()


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip().startswith(FORMULA) or text.startswith(FORMULA) else text


def _team(row: Mapping[str, Any]) -> str:
    return "" if row["team"] is None else TEAMS[row["team"]]
