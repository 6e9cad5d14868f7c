"""The log: its chain, its seals, and its verification."""
