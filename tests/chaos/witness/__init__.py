"""Handlers that write down each event they hear, in a table that would show if they heard one twice."""
