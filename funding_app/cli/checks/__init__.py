"""Commands that check: audit, doctor, documents, permissions, benchmarks."""
