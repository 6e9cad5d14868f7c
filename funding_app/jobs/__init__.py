"""What is done after the commit: an allow-list of jobs, and the drain that runs them."""
