"""The child: a file comes in, its clean copy goes out."""

from __future__ import annotations

import sys

from funding_app.adapters.cleaning.apart import limit
from funding_app.adapters.cleaning.kinds import cleaned

if __name__ == "__main__":
    limit()
    sys.stdout.buffer.write(cleaned(sys.stdin.buffer.read(), sys.argv[1]))
