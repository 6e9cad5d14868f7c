"""Someone who fetches pages as a browser does, without showing them."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPMessage
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode

from tests.support.pages import form_on


class _Stays(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments: Any) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server sent."""

    status: int
    headers: HTTPMessage
    text: str

    @property
    def is_page(self) -> bool:
        return self.status == 200 and self.headers.get_content_type() == "text/html"


class Visitor:
    """Holds the cookies of one person; is signed in where a name is given."""

    def __init__(self, address: str, who: str = "", password: str = "") -> None:
        self.address = address
        self.jar = CookieJar()
        cookies = urllib.request.HTTPCookieProcessor(self.jar)
        self.opener = urllib.request.build_opener(cookies, _Stays)
        if who:
            sent = form_on(self.get("/account/sign-in").text, "/account/sign-in")
            typed = {"email": [who], "password": [password]}
            assert self._open("/account/sign-in", sent | typed).status == 302, who

    def get(self, path: str, language: str = "de") -> Answer:
        return self._open(path, headers={"Accept-Language": language})

    def _open(
        self,
        path: str,
        form: Mapping[str, list[str]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        data = urlencode(form, doseq=True).encode() if form else None
        asked = urllib.request.Request(self.address + path, data, dict(headers or {}))
        try:
            with self.opener.open(asked, timeout=60) as answer:
                return Answer(answer.status, answer.headers, answer.read().decode("utf-8"))
        except urllib.error.HTTPError as refused:
            return Answer(refused.code, refused.headers, refused.read().decode("utf-8"))

    @property
    def cookies(self) -> list[dict[str, str]]:
        """For a browser that shall be this person."""
        return [
            {"name": each.name, "value": each.value or "", "url": self.address} for each in self.jar
        ]
