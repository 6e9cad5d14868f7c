"""Operations: definitions and their versions, rule values, orders for many cases."""
