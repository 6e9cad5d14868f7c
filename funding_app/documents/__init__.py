"""Letters and receipts: plain values in, an accessible and archivable PDF out."""

from funding_app.documents.letters import LetterIncomplete, missing_contents
from funding_app.documents.pdf import Rendered, render

__all__ = ["LetterIncomplete", "Rendered", "missing_contents", "render"]
