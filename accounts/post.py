"""Mail that is owed: a row in the outbox, written in the caller's transaction, delivered by a worker.

The row says which mail and to whom. Codes, tokens and the question whether an address is known are left to
the worker: nothing secret lies in the outbox, and a request takes as long for a stranger as for a member.
"""

import json

from events.services import enqueue

TASK = "accounts.tasks.deliver_mail"
QUEUE = "email"


def owe(mail: str, **fields: str | int) -> None:
    """Send `mails.<mail>(**fields)` soon, and again until it has gone out."""
    enqueue(task=TASK, queue=QUEUE, payload=json.dumps({"mail": mail, **fields}))
