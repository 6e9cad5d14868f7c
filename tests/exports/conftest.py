"""The fixtures of the pages and of the command line, for exports too."""

from tests.cli.conftest import environment, funding
from tests.web.conftest import app, sign_in

__all__ = ["app", "environment", "funding", "sign_in"]
