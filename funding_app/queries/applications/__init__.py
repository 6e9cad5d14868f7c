"""Cases and their answers, messages, history and possible steps."""
