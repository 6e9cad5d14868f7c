"""The child: a file comes in, its clean copy or its text goes out."""

from __future__ import annotations

import sys

from funding_app.adapters.redaction.apart import limit
from funding_app.adapters.redaction.kinds import cleaned
from funding_app.adapters.redaction.reading import text_of

if __name__ == "__main__":
    limit()
    content, ending = sys.stdin.buffer.read(), sys.argv[1]
    if sys.argv[2] == "text":
        sys.stdout.buffer.write(text_of(content, ending).encode("utf-8", "replace"))
    else:
        sys.stdout.buffer.write(cleaned(content, ending))
