"""Files: uploaded, scanned, pictured, hostile or lost."""
