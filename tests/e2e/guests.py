"""Guests without a browser: they come in by the same pages, and give the Cookie header of their session."""

import itertools
import os
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from urllib.error import HTTPError

CSRF_TOKEN = "c" * 32


_numbers = itertools.count(1)


def own_address() -> str:
    """An address that no other visitor of this run has: limits count by it."""
    number = next(_numbers)
    return f"10.{os.getpid() % 250}.{number // 250}.{number % 250 + 1}"


class Guest:
    """An HTTP visitor with a cookie jar."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.jar = CookieJar()
        handlers = (urllib.request.HTTPCookieProcessor(self.jar), urllib.request.ProxyHandler({}))
        self.opener = urllib.request.build_opener(*handlers)
        self.opener.addheaders = [("X-Forwarded-For", own_address())]
        self.at = ""

    def get(self, path: str) -> str:
        """The text of a page, whatever its status; redirects are followed and `at` is where they ended."""
        return self._open(urllib.request.Request(self.url + path))

    def post(self, path: str, **fields: str) -> str:
        """Send a form as a page of the site would: from the same origin, with the token of our cookie."""
        data = urllib.parse.urlencode(fields).encode()
        headers = {"Origin": self.url, "X-CSRFToken": CSRF_TOKEN, "Cookie": f"csrftoken={CSRF_TOKEN}"}
        if self.cookie:
            headers["Cookie"] += f"; {self.cookie}"
        return self._open(urllib.request.Request(self.url + path, data, headers))

    def play(self) -> str:
        """Press Play; the code of the room it led to."""
        self.post("/play/")
        return self.at.rstrip("/").rpartition("/")[2]

    def host(
        self, *, size: int = 4, bots: int = 0, visibility: str = "private", round_seconds: int = 600
    ) -> str:
        """Open a room that waits in its lobby; its code."""
        numbers = {"size": size, "bots": bots, "round_seconds": round_seconds}
        settings = {"skill": "easy", **{name: str(number) for name, number in numbers.items()}}
        self.post("/rooms/new/", title="", visibility=visibility, **settings)
        return self.at.rstrip("/").rpartition("/")[2]

    def join(self, code: str) -> str:
        """Take a seat in this room; the Cookie header of the session."""
        self.post(f"/r/{code}/join/")
        return self.cookie

    @property
    def cookie(self) -> str:
        """The Cookie header."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.jar)

    @property
    def secrets(self) -> list[str]:
        """The values that nobody else may ever see."""
        return [cookie.value for cookie in self.jar if cookie.value]

    def _open(self, request: urllib.request.Request) -> str:
        try:
            with self.opener.open(request, timeout=60) as response:
                self.at = response.url
                return response.read().decode()
        except HTTPError as error:
            self.at = error.url
            return error.read().decode(errors="replace")
