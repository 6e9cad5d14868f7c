"""The law as pure functions over exact amounts and dates: no database, no clock, no float."""
