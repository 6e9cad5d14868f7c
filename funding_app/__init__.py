"""Workflow engine for the administration of cross-departmental funding programmes."""
