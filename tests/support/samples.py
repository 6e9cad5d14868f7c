"""What is heavy by nature: a true sample of it in every run, all of it before a release."""

from __future__ import annotations

import pytest
from _pytest.mark import ParameterSet


def amounts(sample: int, whole: int) -> list[ParameterSet]:
    """The two amounts of a test: `make test` takes the sample, `make soak` the whole."""
    return [
        pytest.param(sample, id="sample"),
        pytest.param(whole, id="whole", marks=pytest.mark.soak),
    ]
