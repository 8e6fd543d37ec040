"""What may go wrong with an account, each with a sentence that can be shown to its owner."""


class AccountError(Exception):
    """Base of all. `str(error)` is for people."""


class BadName(AccountError):
    """A name that others could not read."""


class BadAvatar(AccountError):
    """A colour or a mark that is not in the box."""


class EmailTaken(AccountError):
    """Somebody else proved first that the address is theirs."""


class TooMany(AccountError):
    """More than the limit allows; the middleware answers it with the 429 page."""

    def __init__(
        self, message: str = "That was a lot at once. Give the oven a minute, and try again."
    ) -> None:
        super().__init__(message)
