"""Three handlers that write a row each, and the same three as tasks without a bus."""
