"""Whole games under play of socket clients: what must never leak. What must never be lost: tests/chaos."""
