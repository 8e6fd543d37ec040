"""What a player without a browser makes of the pushes."""

from rooms.arena.client import View


def test_scores_that_changed_are_merged_with_those_that_did_not() -> None:
    view = View()
    view.take_event({"event": "scores", "scores": {"0": 4, "1": 7}})
    view.take_event({"event": "scores", "scores": {"1": 9}})
    assert view.scores == {0: 4, 1: 9}
