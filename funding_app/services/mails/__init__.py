"""Mails: notices, reminders, what people choose to hear of, and stopping them."""
