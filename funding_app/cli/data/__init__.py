"""Commands about data: migrate, demo, export, backup and restore."""
