"""Commands that run: serve, worker, outbox and timers."""
