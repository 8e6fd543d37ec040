"""The real server as real processes, and a real browser in front of it."""
