"""Files are opened in a child with limits: a hostile one ends the child, not the server."""

from __future__ import annotations

import base64

from funding_app.adapters.subprocess_pool import WarmChild

SECONDS = 8
UNREADABLE = "file_unreadable"


class Examiner:
    """Opens one file after the other; safe to share between threads."""

    def __init__(self) -> None:
        self._child = WarmChild("funding_app.adapters.inspection", SECONDS)

    def problem(self, content: bytes, ending: str) -> str | None:
        """A code of the messages, or `None` for a sound file.

        One that ends the child, or that it can not open in time, is unreadable.
        """
        found = self._ask("examine", content, ending) or UNREADABLE
        return None if found == "sound" else found

    def thumbnail(self, content: bytes, ending: str) -> bytes | None:
        """A small picture of the first page (PNG); `None` where none can be drawn in time."""
        found = self._ask("draw", content, ending)
        return base64.b64decode(found) if found and found != "nothing" else None

    def _ask(self, wish: str, content: bytes, ending: str) -> str:
        head = f"{wish} {ending} {len(content)}\n".encode()
        return self._child.ask(head + content).decode().strip()

    def close(self) -> None:
        """Ends the child."""
        self._child.close()
