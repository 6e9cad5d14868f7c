"""The budget of a call."""

from __future__ import annotations

from typing import Any

from flask import jsonify

from funding_app.access.lists import BUDGET_ROLES
from funding_app.queries.money.budget import budget_overview
from funding_app.web.api.blueprint import Problem, amount, api, caller, found_call, page
from funding_app.web.api.description import LIST, described
from funding_app.web.request import portal


@api.get("/calls/<ref>/budget")
@described("The budget a call draws on", "Budget", errors=(404, 422), parameters=LIST)
def budget(ref: str) -> Any:
    with portal().database.read() as session:
        call = found_call(session, ref)
        if not caller().roles & BUDGET_ROLES:
            raise Problem(404, "not_found")
        lines = budget_overview(session, call)
    found, after = page(lines, lambda line: f"{line.ministry}|{line.title}|{line.year}")
    sums = ("available", "reserved", "committed", "disbursed", "free")
    items = [
        {"ministry": line.ministry, "title": line.title, "year": line.year, "kind": line.kind}
        | {name: amount(getattr(line, name)) for name in sums}
        for line in found
    ]
    return jsonify(items=items, next=after)
