"""The mistakes that are made in a module, by its syntax tree.

They are those that slip most easily: a condition less, the other side of a boundary, a day taken
in UTC, a field that is left out. Each is told by the function it is in and by what it changes.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
CONDITIONS = frozenset({"where", "and_", "or_"})
ORDERS = {"desc": "asc", "asc": "desc"}


Other = tuple[ast.AST, str]
"""What may stand in a node's place, and how that is told."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake in a module: in which function, what it changes, and on which line."""

    function: str
    said: str
    line: int
    place: int
    number: int

    def made_in(self, source: str) -> str:
        """The module with the mistake."""
        tree = deepcopy(_parsed(source))
        node = next(each for at, each in enumerate(ast.walk(tree)) if at == self.place)
        other, _said = list(alternatives(node))[self.number]
        return ast.unparse(ast.fix_missing_locations(_Swap(node, other).visit(tree)))


def mistakes(source: str) -> Iterator[Mistake]:
    """The mistakes that can be made in a module."""
    tree = _parsed(source)
    skipped, within = _skipped(tree), _functions(tree)
    for place, node in enumerate(ast.walk(tree)):
        if id(node) not in skipped:
            for number, (_other, said) in enumerate(alternatives(node)):
                line = getattr(node, "lineno", 0)
                yield Mistake(within.get(id(node), ""), said, line, place, number)


def alternatives(node: ast.AST) -> Iterator[Other]:
    """What may stand by mistake where this node stands."""
    for other in _instead_of(node):
        if isinstance(other, tuple):
            yield other
        else:
            yield other, f"{_told(node)} -> {_told(other)}"


def _instead_of(node: ast.AST) -> Iterator[ast.AST | Other]:
    maker = MAKERS.get(type(node))
    return maker(node) if maker else iter(())


def _of_comparison(node: ast.Compare) -> Iterator[ast.AST]:
    if len(node.ops) == 1 and type(node.ops[0]) in COMPARED:
        yield _with(node, ops=[COMPARED[type(node.ops[0])]()])


def _of_junction(node: ast.BoolOp) -> Iterator[ast.AST | Other]:
    yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    yield from _less(node, "values", node.values) if len(node.values) > 2 else node.values


def _of_negation(node: ast.UnaryOp) -> Iterator[ast.AST]:
    if isinstance(node.op, ast.Not | ast.Invert):
        yield node.operand


def _of_choice(node: ast.IfExp) -> Iterator[ast.AST]:
    yield from (node.body, node.orelse)


def _of_words(node: ast.Tuple | ast.Set) -> Iterator[Other]:
    if _are_words(node.elts):
        yield from _less(node, "elts", node.elts)


def _of_statement(node: ast.stmt) -> Iterator[ast.AST]:
    if not isinstance(node, ast.Expr) or isinstance(node.value, ast.Call):
        yield ast.Pass()


def _of_operation(node: ast.BinOp) -> Iterator[ast.AST]:
    if type(node.op) in COMPUTED:
        yield _with(node, op=COMPUTED[type(node.op)]())
    if isinstance(node.op, ast.BitAnd | ast.BitOr):
        yield from (node.left, node.right)


def _of_constant(node: ast.Constant) -> Iterator[ast.AST]:
    if isinstance(node.value, bool):
        yield _with(node, value=not node.value)
    elif isinstance(node.value, int):
        yield _with(node, value=node.value + 1)


def _of_call(node: ast.Call) -> Iterator[ast.AST | Other]:
    match node.func:
        case ast.Attribute(attr="where", value=value) if len(node.args) == 1:
            yield value, f"without where {_told(node.args[0])}"
        case ast.Attribute(attr=name) | ast.Name(id=name) if name in CONDITIONS:
            yield from _less(node, "args", node.args)
        case ast.Attribute(attr="values"):
            yield from _less(node, "keywords", node.keywords)
        case ast.Attribute(attr="desc" | "asc" as name):
            yield _with(node, func=_with(node.func, attr=ORDERS[name]))
        case ast.Name(id="local_day"):
            yield ast.Call(ast.Attribute(node.args[0], "date", ast.Load()), [], [])


def _less(node: ast.AST, name: str, parts: Sequence[ast.AST]) -> Iterator[Other]:
    """The node with one part less, where it has several."""
    for place, part in enumerate(parts if len(parts) > 1 else ()):
        rest = [*parts[:place], *parts[place + 1 :]]
        yield _with(node, **{name: rest}), f"without {_told(part)}"


def _are_words(parts: list[ast.expr]) -> bool:
    words = [isinstance(each, ast.Constant) and isinstance(each.value, str) for each in parts]
    return len(words) > 1 and all(words)


def _with(node: ast.AST, **fields: object) -> ast.AST:
    """The node with other fields."""
    other = deepcopy(node)
    for name, value in fields.items():
        setattr(other, name, value)
    return other


def _told(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())


MAKERS: dict[type[ast.AST], Callable[[Any], Iterator[ast.AST | Other]]] = {
    ast.Compare: _of_comparison,
    ast.BoolOp: _of_junction,
    ast.BinOp: _of_operation,
    ast.UnaryOp: _of_negation,
    ast.IfExp: _of_choice,
    ast.Call: _of_call,
    ast.Constant: _of_constant,
    ast.Tuple: _of_words,
    ast.Set: _of_words,
    ast.Expr: _of_statement,
    ast.Raise: _of_statement,
    ast.AugAssign: _of_statement,
}


def _skipped(tree: ast.Module) -> set[int]:
    """What says nothing at run time, or would only fail at once."""
    found: set[int] = set()
    for node in ast.walk(tree):
        parts: list[ast.AST] = []
        match node:
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                parts = [node]
            case ast.arg(annotation=annotation) | ast.AnnAssign(annotation=annotation):
                parts = [annotation] if annotation else []
            case ast.FunctionDef(returns=returns, decorator_list=decorators):
                parts = [*decorators, *([returns] if returns else [])]
            case ast.Assign(targets=[ast.Name(id="__all__")]):
                parts = [node]
            case ast.ClassDef(decorator_list=decorators):
                parts = [*decorators]
        found |= {id(inner) for part in parts for inner in ast.walk(part)}
    return found


def _functions(tree: ast.Module) -> dict[int, str]:
    """The name of the function in which a node stands; inner ones win."""
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    return {id(inner): node.name for node in functions for inner in ast.walk(node)}


class _Swap(ast.NodeTransformer):
    def __init__(self, target: ast.AST, other: ast.AST) -> None:
        self.target, self.other = target, other

    def visit(self, node: ast.AST) -> ast.AST:
        return self.other if node is self.target else self.generic_visit(node)


@cache
def _parsed(source: str) -> ast.Module:
    return ast.parse(source)
