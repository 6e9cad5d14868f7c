"""Who gets a mail, and what people chose to hear of."""
