"""Why a job of another game server was refused, as an operator reads it."""


class Refused(Exception):
    """A job that is not taken. `code` is for programs, the text (up to 200 characters) for people."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text[:200])
        self.code = code
