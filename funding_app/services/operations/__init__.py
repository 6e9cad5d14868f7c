"""Operations: definitions in use, rule values, orders for many cases, the installation itself."""
