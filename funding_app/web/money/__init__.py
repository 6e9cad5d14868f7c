"""Money: the budget by ministry, title and year."""

from funding_app.web.money import budget, budget_lines
from funding_app.web.money.blueprint import blueprint

__all__ = ["blueprint", "budget", "budget_lines"]
