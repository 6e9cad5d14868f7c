"""Money: payments and their timely use."""
