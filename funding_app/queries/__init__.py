"""The read side, one module per noun."""
