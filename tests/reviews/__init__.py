"""Reviews: assigned, blind, scored, calibrated, discussed, handed over."""
