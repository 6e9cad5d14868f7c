"""The initiative of the demo: ministries, programmes, calls, reviewers, samples."""
