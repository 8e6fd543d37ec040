"""Whole games under play of socket clients: what must never leak, and what must never be lost."""
