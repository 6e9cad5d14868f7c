"""Rules about reviewers: calibration, distribution of scores, systematic bias."""
