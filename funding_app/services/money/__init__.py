"""Money: budget, payments, recoveries, and in-kind support."""
