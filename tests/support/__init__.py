"""What the tests stand on: a real Redis, a real PostgreSQL, and an environment of their own."""
