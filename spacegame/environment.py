"""Reading settings from environment variables: typed, checked at once, and all mistakes told together."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

T = TypeVar("T")

TRUE = ("1", "true", "yes", "on")
FALSE = ("", "0", "false", "no", "off")


class Environment:
    """Reads variables; remembers their names (for the test of the README's table) and what is wrong."""

    def __init__(self, *, dot_env: Path) -> None:
        self.env = environ.Env()
        self.names: set[str] = set()
        self.problems: list[str] = []
        if self.flag("READ_DOT_ENV", default=True):
            environ.Env.read_env(dot_env)

    def flag(self, name: str, *, default: bool) -> bool:
        """Yes or no. django-environ takes every unknown word for no; a typo must not turn HTTPS off."""

        def read(text: str) -> bool:
            if text.lower() not in TRUE + FALSE:
                raise ValueError("must be true or false")
            return text.lower() in TRUE

        return self._read(name, read, default)

    def text(self, name: str, *, default: str = "") -> str:
        """Text, as it is."""
        return self._read(name, str, default)

    def words(self, name: str, *, default: Sequence[str] = ()) -> Sequence[str]:
        """Texts separated by commas."""
        return self._read(
            name, lambda text: [part.strip() for part in text.split(",") if part.strip()], default
        )

    def number(self, name: str, *, default: int) -> int:
        """A whole number, 0 or more."""

        def read(text: str) -> int:
            if not text.isdecimal():
                raise ValueError("must be a whole number")
            return int(text)

        return self._read(name, read, default)

    def choice(self, name: str, *, choices: Sequence[str], default: str) -> str:
        """One of `choices`."""

        def read(text: str) -> str:
            if text not in choices:
                raise ValueError(f"must be one of {', '.join(choices)}")
            return text

        return self._read(name, read, default)

    def url(self, name: str, *, schemes: Sequence[str], default: str) -> str:
        """An address with one of `schemes`."""

        def read(text: str) -> str:
            if urlsplit(text).scheme not in schemes:
                raise ValueError(f"must begin with {' or '.join(f'{scheme}://' for scheme in schemes)}")
            return text

        return self._read(name, read, default)

    def database(self, name: str, *, default: str) -> dict[str, Any]:
        """Django's description of the database at an address."""
        schemes = ("sqlite", "postgres", "postgresql")
        url = self.url(name, schemes=schemes, default=default)
        return self._parse(name, lambda: self.env.db_url_config(url), self.env.db_url_config(default))

    def email(self, name: str, *, default: str) -> dict[str, Any]:
        """Django's EMAIL_... settings for an address such as smtp+tls://user:password@host:587."""
        url = self.text(name, default=default)
        return self._parse(name, lambda: self.env.email_url_config(url), self.env.email_url_config(default))

    def refuse_problems(self) -> None:
        """Raise one `ImproperlyConfigured` that names every variable that is wrong."""
        if self.problems:
            lines = "\n".join(f"  {problem}" for problem in self.problems)
            raise ImproperlyConfigured(
                f"Space Pizzas cannot start with these settings:\n{lines}\n"
                "README.md lists every variable, what it takes, and an example."
            )

    def _read(self, name: str, read: Callable[[str], T], default: T) -> T:
        self.names.add(name)
        text = self.env.ENVIRON.get(name)
        return default if text is None else self._parse(name, lambda: read(text), default)

    def _parse(self, name: str, parse: Callable[[], T], default: T) -> T:
        try:
            return parse()
        except (ValueError, KeyError, ImproperlyConfigured) as error:
            # The value is not shown: it may hold a password.
            self.problems.append(
                f"{name} {error if isinstance(error, ValueError) else 'cannot be understood'}"
            )
            return default
