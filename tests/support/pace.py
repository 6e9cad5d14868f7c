"""How the time of reading a text grows with its length."""

from __future__ import annotations

import time
from collections.abc import Callable

# What the patterns of this project begin with, or go on with, as long as one likes.
PIECES = (
    " ", "\n", "1", "a", "-", "- \n", "ge", "a ", "a@", "a.", "@a.", "+", "€", "EUR", "1.", "1,",
    "/", "(", "\u00ad", "ö", "·", "%", "://", "0",
)  # fmt: skip
FEW, MANY = 2_000, 16_000


def _seconds(read: Callable[[str], object], text: str) -> float:
    """The least processor time of three readings, so that others on the machine do not count."""
    taken = []
    for _ in range(3):
        begun = time.process_time()
        read(text)
        taken.append(time.process_time() - begun)
    return min(taken)


def slow_pieces(read: Callable[[str], object]) -> list[str]:
    """The pieces of which eight times as many take far more than eight times as long.

    In linear time it is eight times, in quadratic sixty-four.
    """
    found = []
    for piece in PIECES:
        few, many = (
            _seconds(read, f"1{piece * (length // len(piece))}X") for length in (FEW, MANY)
        )
        if many > 0.02 and many > 24 * few:
            found.append(piece)
    return found
