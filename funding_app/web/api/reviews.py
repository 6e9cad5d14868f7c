"""Reviews: who can take one over."""

from __future__ import annotations

from typing import Any

from flask import jsonify

from funding_app.queries.reviews.readable import is_own_review
from funding_app.web.api.blueprint import Problem, api, as_id, caller, visible
from funding_app.web.api.description import described
from funding_app.web.request import portal
from funding_app.web.reviews.handing_over import handing_over, proposed_to


@api.get("/processes/<process_id>/successors")
@described("Who can take over a review, the best fit first", "Successors", errors=(404,))
def successors(process_id: str) -> Any:
    found = as_id(process_id)
    with portal().database.read() as session:
        process = visible(session, found)
        about = process.definition_key == "review_assignment"
        arrow = handing_over(process, caller()) if about else None
        if arrow is None:
            raise Problem(404, "not_found")
        people = proposed_to(session, process, caller())
    own = is_own_review(caller(), process)
    items = [
        {"id": str(each.id), "name": each.name, "fields": list(each.fields)}
        | ({} if own else {"held": each.load, "agreed": each.most})
        for each in people
    ]
    return jsonify(event=arrow.event, items=items)
