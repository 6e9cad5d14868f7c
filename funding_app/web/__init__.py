"""The pages and the API: load, form, service, redirect."""
