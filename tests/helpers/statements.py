"""Every statement of the store's questions, as it would be sent to an engine, read out of the code itself."""

from __future__ import annotations

import ast
import importlib
import inspect
import textwrap
from collections.abc import Iterator
from typing import Any

from bot.storage import Queries

#: The words of a query class that carry a statement as their first argument.
WORDS = frozenset({"all", "one", "value", "run", "many"})


def every_statement() -> dict[str, str]:
    """Return statements by `module.method`, numbered where a method has several or builds one in several ways."""
    found: dict[str, str] = {}
    for part in Queries.__mro__:
        if part.__module__.startswith("bot.storage.") and part.__name__.endswith("Queries"):
            for name, method in vars(part).items():
                if inspect.iscoroutinefunction(method):
                    place = f"{part.__module__.removeprefix('bot.storage.')}.{name}"
                    for number, sql in enumerate(_statements(method), 1):
                        found[place if number == 1 else f"{place}:{number}"] = sql
    return found


def _statements(method: Any) -> Iterator[str]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(method)))
    names: dict[str, list[Any]] = {}
    known = vars(importlib.import_module(method.__module__))
    for node in _in_order(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            names[node.targets[0].id] = _values(node.value, names, known)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and _is_each(node.value.func):
            names[ast.unparse(node.targets[0]).strip("()").split(", ")[0]] = [":some0, :some1"]
        elif isinstance(node, ast.For) and isinstance(node.target, ast.Name):
            names[node.target.id] = [
                text for element in getattr(node.iter, "elts", ()) for text in _values(element, names, known)
            ]
        elif isinstance(node, ast.Call) and _is_word(node.func):
            texts = _values(node.args[0], names, known)
            assert texts, f"{method.__qualname__}: this statement can't be read: {ast.unparse(node.args[0])}"
            yield from texts


def _in_order(tree: ast.AST) -> list[ast.Assign | ast.For | ast.Call]:
    """Return assignments first, so that what is assigned is known before it is used."""
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Assign | ast.For | ast.Call)]
    return sorted(nodes, key=lambda node: (isinstance(node, ast.Call), node.lineno))


def _is_each(function: ast.expr) -> bool:
    """`each_of` names a parameter for each of the values that a caller gives."""
    return isinstance(function, ast.Name) and function.id == "each_of"


def _is_word(function: ast.expr) -> bool:
    return (
        isinstance(function, ast.Attribute)
        and function.attr in WORDS
        and isinstance(function.value, ast.Name)
        and function.value.id == "self"
    )


def _values(node: ast.expr, names: dict[str, list[Any]], known: dict[str, Any]) -> list[str]:
    """The texts that an expression may have; none: it is no text that can be told from the code."""
    match node:
        case ast.Constant(value=str() as text):
            return [text]
        case ast.IfExp(body=body, orelse=other):
            return _values(body, names, known) + _values(other, names, known)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return [a + b for a in _values(left, names, known) for b in _values(right, names, known)]
        case ast.JoinedStr(values=parts):
            return _joined(parts, names, known)
        case ast.FormattedValue(value=value):
            return _values(value, names, known)
        case ast.Name(id=name) if name in names:
            return list(names[name])
        case ast.Name(id=name) if isinstance(known.get(name), str):
            return [known[name]]
        case _:
            return _computed(node, known)


def _joined(parts: list[ast.expr], names: dict[str, list[Any]], known: dict[str, Any]) -> list[str]:
    texts = [""]
    for part in parts:
        texts = [text + more for text in texts for more in _values(part, names, known)]
    return texts


def _computed(node: ast.expr, known: dict[str, Any]) -> list[str]:
    """Return what is joined from constants of the module."""
    match node:
        case ast.Call(func=ast.Attribute(attr="join")):
            return [str(eval(ast.unparse(node), dict(known)))]
    return []
