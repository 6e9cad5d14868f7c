"""What speaks against an uploaded file, found out in a child process with limits."""

from funding_app.adapters.inspection.examiner import Examiner

__all__ = ["Examiner"]
