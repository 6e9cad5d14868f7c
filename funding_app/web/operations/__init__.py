"""Operations: definitions, rule values, queued work, exports, and the portal"s own pages."""

from funding_app.web.operations import (
    accessibility,
    accessibility_reports,
    batches,
    definition_versions,
    definitions,
    jobs,
    overview,
    parameters,
    public_pages,
)
from funding_app.web.operations.blueprint import blueprint

__all__ = [
    "accessibility",
    "accessibility_reports",
    "batches",
    "blueprint",
    "definition_versions",
    "definitions",
    "jobs",
    "overview",
    "parameters",
    "public_pages",
]
