"""Teams: who is in which, and what they have. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

TEAMS = ("Tomato", "Mozzarella", "Basil", "Olive")
PLAYERS_A_TEAM = 4  # before another team is opened


def teams_for(players: int) -> int:
    """How many teams so many players make."""
    return max(2, min(len(TEAMS), players // PLAYERS_A_TEAM))


def assign(users: Iterable[int], *, taken: Iterable[int]) -> dict[int, int]:
    """A team for each of `users`, the smallest first; `taken`: the teams of those who have one."""
    users = list(users)
    sizes = Counter(taken)
    open_teams = range(teams_for(len(users) + sizes.total()))
    found = {}
    for user in users:
        team = min(open_teams, key=lambda number: (sizes[number], number))
        sizes[team] += 1
        found[user] = team
    return found


def team_lines(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The teams, best first; a team has the mean of its members' points, so that a small one can win."""
    members: dict[int, list[int]] = {}
    for row in rows:
        if row["team"] is not None:
            members.setdefault(row["team"], []).append(row["points"])
    lines = [_line(team, points) for team, points in members.items()]
    return sorted(lines, key=lambda line: (-line["points"], line["team"]))


def _line(team: int, points: list[int]) -> dict[str, Any]:
    mean = round(sum(points) / len(points))
    return {"team": team, "name": TEAMS[team], "points": mean, "members": len(points)}
