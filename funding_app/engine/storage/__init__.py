"""The statements of the way through, and the rows that an event writes."""
