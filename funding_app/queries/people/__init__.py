"""People, roles and organisations."""
