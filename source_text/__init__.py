"""Texts that people write as data: read with their lines, their mistakes said with the place."""

from source_text.problems import Problem, SourceError, nearest
from source_text.yaml_lines import Document, Place, read

__all__ = ["Document", "Place", "Problem", "SourceError", "nearest", "read"]
