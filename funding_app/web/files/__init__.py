"""Files: uploaded ones, downloaded and shown as pictures."""

from funding_app.web.files import downloads
from funding_app.web.files.blueprint import blueprint

__all__ = ["blueprint", "downloads"]
