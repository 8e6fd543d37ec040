"""Why a webhook was refused, as its sender reads it; and what an operator typed wrong."""


class Refused(Exception):
    """An incoming webhook that is not taken. `code` is for programs, the text for people."""

    def __init__(self, code: str, text: str, *, status: int) -> None:
        super().__init__(text)
        self.code = code
        self.status = status


class BadSecret(ValueError):
    """A secret that its scheme cannot use; the message says what it must look like."""


class BadUrl(ValueError):
    """A URL that nothing is ever sent to; the message says why."""


class Unopenable(ValueError):
    """A sealed secret that the site's key does not open: `SECRET_KEY` was another one then."""


class Forgotten(LookupError):
    """The body of a webhook that came so long ago that it was pruned."""
