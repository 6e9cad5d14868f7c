"""Applications: drafts, answers, who may write, consortia, handing in, requested information."""
