"""A definition in words and pictures: drawn, explained, compared, and what comes next."""
