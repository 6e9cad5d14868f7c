"""What effects read from their events is what the vocabulary says, so that the check knows it."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from functools import cache
from types import FunctionType
from typing import Any

import pytest

from funding_app import services
from workflows.vocabulary import EFFECTS

ONLY_WHERE_ASKED = {("set_recommendation", "amount")}
"""Read only where the event asks for it: a panel that grants nothing recommends no amount."""

READING = sorted(name for name, effect in EFFECTS.items() if effect.asks or effect.recorded)


@cache
def tree_of(function: FunctionType) -> ast.AST:
    return ast.parse(textwrap.dedent(inspect.getsource(function)))


def reached(function: Callable[..., Any]) -> list[FunctionType]:
    """The function of an effect, and those of the services to which it hands its context."""
    found = [inspect.unwrap(function)]
    for one in found:
        assert isinstance(one, FunctionType)
        for node in ast.walk(tree_of(one)):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            called = one.__globals__.get(node.func.id)
            is_own = isinstance(called, FunctionType) and "services" in called.__module__
            given = [arg.id for arg in node.args if isinstance(arg, ast.Name)]
            if is_own and "context" in given and called not in found:
                found.append(called)
    return [one for one in found if isinstance(one, FunctionType)]


def read_without_default(node: ast.AST) -> Iterator[str]:
    """The keys of `context.data["key"]` and `context.amount("key")`."""
    for each in ast.walk(node):
        match each:
            case ast.Subscript(
                value=ast.Attribute(value=ast.Name(id="context"), attr="data"),
                slice=ast.Constant(value=str(key)),
            ):
                yield key
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="context"), attr="amount"),
                args=[ast.Constant(value=str(key))],
            ):
                yield key


@pytest.mark.parametrize("name", sorted(services.EFFECTS))
def test_what_an_effect_reads_without_a_default_is_declared(name: str) -> None:
    functions = reached(services.EFFECTS[name])
    read = {key for one in functions for key in read_without_default(tree_of(one))}
    assert {key for key in read if (name, key) not in ONLY_WHERE_ASKED} <= set(EFFECTS[name].asks)


@pytest.mark.parametrize("name", READING)
def test_what_is_declared_is_read(name: str) -> None:
    functions = reached(services.EFFECTS[name])
    words = {
        node.value
        for one in functions
        for node in ast.walk(tree_of(one))
        if isinstance(node, ast.Constant)
    }
    assert {*EFFECTS[name].asks, *EFFECTS[name].recorded} <= words


def test_every_reading_of_an_events_data_is_seen() -> None:
    """No service reads a key in a function that no effect reaches."""
    seen = {
        (one.__module__, one.__name__) for way in services.EFFECTS.values() for one in reached(way)
    }
    modules = {inspect.getmodule(inspect.unwrap(way)) for way in services.EFFECTS.values()}
    for module in filter(None, modules):
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.FunctionDef) and any(read_without_default(node)):
                assert (module.__name__, node.name) in seen
