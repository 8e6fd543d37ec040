"""How long a worker's transactions may last on PostgreSQL, so that no handler holds its locks for ever."""

from django.conf import settings
from django.db import connections

SLACK = 5000  # ms: our own limit comes first, and says more


def bound_transactions() -> None:
    """For this process, before its first connection: no statement, and no silence within a transaction, may
    last longer than a handler may. On SQLite there is nothing to set.
    """
    database = connections.settings["default"]
    if not settings.HANDLER_SECONDS or not database["ENGINE"].endswith("postgresql"):
        return
    longest = settings.HANDLER_SECONDS * 1000
    options = database.setdefault("OPTIONS", {})
    limits = {"statement_timeout": longest, "idle_in_transaction_session_timeout": longest + SLACK}
    words = [f"-c {name}={limit}" for name, limit in limits.items()]
    options["options"] = " ".join([options.get("options", ""), *words]).strip()
