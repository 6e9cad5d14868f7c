"""What starting needed and running does not goes back to the system."""

from __future__ import annotations

import contextlib
import ctypes
import gc


def give_back() -> None:
    """Returns memory that imports and parsing have freed; a C library that can not keeps it.

    A tenth of a process's memory: Python frees it, but the C library holds on to it.
    """
    gc.collect()
    gc.freeze()
    with contextlib.suppress(OSError, AttributeError):  # not glibc
        ctypes.CDLL("libc.so.6").malloc_trim(0)
