"""Reviews: assignment, invitations, scores, and what a reviewer may read."""
