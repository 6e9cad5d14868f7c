"""People: accounts, organisations with their members, and authorities."""
