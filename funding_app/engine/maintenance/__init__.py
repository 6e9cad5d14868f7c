"""Changes of a process beside its events: new dates, another version of its definition, erasure."""
