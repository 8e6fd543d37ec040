"""Everything is killed, again and again, while people play: and nothing is lost, and nothing counts twice."""
