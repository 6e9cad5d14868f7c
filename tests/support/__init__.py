"""What tests share: servers of their own, databases, a clock."""
