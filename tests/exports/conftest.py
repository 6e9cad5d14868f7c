"""The fixtures of the pages and of the command line, for exports too."""

from tests.cli.conftest import environment, funding
from tests.web.conftest import app, settings, sign_in

__all__ = ["app", "environment", "funding", "settings", "sign_in"]
