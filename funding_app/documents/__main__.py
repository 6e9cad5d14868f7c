"""The child process that renders letters: `python -m funding_app.documents`."""

from funding_app.documents.renderer import serve_letters

serve_letters()
