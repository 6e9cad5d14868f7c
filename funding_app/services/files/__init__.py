"""Files: uploaded, scanned, pictured, copied without properties."""
