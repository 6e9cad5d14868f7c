"""Reviews: assigned, scored, calibrated and discussed, and what a reviewer may see."""
