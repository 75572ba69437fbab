"""Small mistakes that can be made in a module: an operator, a constant, a lost line."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

OPERATORS = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitAnd,
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
    ast.And: ast.Or,
    ast.Or: ast.And,
}


@dataclass(frozen=True)
class Mutation:
    """One change: where, and the text before and after.

    Attributes:
        line: the number of the first line that changes, from 1.
        function: the innermost function around it, such as "conv2d.backward".
        before, after: the changed piece of code.
        index, variant: which place of the module, and which change there.
    """

    line: int
    function: str
    before: str
    after: str
    index: int
    variant: int

    def made_in(self, source: str) -> ast.Module:
        """The module with the change made."""
        tree = ast.parse(source)
        parent, field, position, _ = list(_places(tree))[self.index]
        new = _variants(_get(parent, field, position))[self.variant]
        _set(parent, field, position, new)
        return ast.fix_missing_locations(tree)


def mutations(source: str) -> Iterator[Mutation]:
    """Every mutation of a module.

    Texts, types and imports are left alone: no test should hold a message's words.
    """
    places = enumerate(_places(ast.parse(source)))
    for index, (parent, field, position, function) in places:
        node = _get(parent, field, position)
        before = ast.unparse(node)
        for variant, new in enumerate(_variants(node)):
            after = ast.unparse(ast.fix_missing_locations(new))
            yield Mutation(node.lineno, function, before, after, index, variant)


def _variants(node: ast.AST) -> list[ast.AST]:
    """What may stand in a node's place."""
    node = copy.deepcopy(node)
    if isinstance(node, (ast.BinOp, ast.AugAssign, ast.BoolOp)):
        if isinstance(node.op, ast.MatMult):
            node.left, node.right = node.right, node.left
        else:
            node.op = OPERATORS[type(node.op)]()
        return [node]
    if isinstance(node, ast.Compare):
        node.ops[0] = OPERATORS[type(node.ops[0])]()
        return [node]
    if isinstance(node, ast.UnaryOp):
        return [node.operand]
    if isinstance(node, ast.Constant):
        return _other_constants(node)
    if isinstance(node, ast.IfExp):
        return [node.body, node.orelse]
    if isinstance(node, (ast.Expr, ast.Assign, ast.Raise)):
        return [ast.copy_location(ast.Pass(), node)]
    if isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Load):
        first, second, *_ = [*node.elts, None, None]
        if second is not None and ast.dump(first) != ast.dump(second):
            node.elts[0], node.elts[1] = second, first
            return [node]
    return []


def _other_constants(node: ast.Constant) -> list[ast.AST]:
    value = node.value
    if isinstance(value, bool):
        others = [not value]
    elif isinstance(value, int):
        others = [value + 1, value - 1]
    elif isinstance(value, float):
        others = [value + 1.0, value * 0.5] if value else [1.0]
    else:
        others = []
    return [ast.copy_location(ast.Constant(other), node) for other in others]


def _places(tree: ast.Module) -> Iterator[tuple[ast.AST, str, int | None, str]]:
    """Where a mutation is possible: parent, its field, the index in it, function."""
    stack: list[tuple[ast.AST, str]] = [(tree, "")]
    while stack:
        parent, function = stack.pop()
        inner = function
        if isinstance(parent, (ast.FunctionDef, ast.ClassDef)):
            inner = f"{function}.{parent.name}".lstrip(".")
        for field, position, child in _children(parent):
            if _is_left_alone(parent, field, child):
                continue
            if _variants(child):
                yield parent, field, position, inner
            stack.append((child, inner))


def _children(parent: ast.AST) -> Iterator[tuple[str, int | None, ast.AST]]:
    for field, value in ast.iter_fields(parent):
        if isinstance(value, ast.AST):
            yield field, None, value
        elif isinstance(value, list):
            for position, item in enumerate(value):
                if isinstance(item, ast.AST):
                    yield field, position, item


def _is_left_alone(parent: ast.AST, field: str, child: ast.AST) -> bool:
    if isinstance(child, (ast.Import, ast.ImportFrom, ast.JoinedStr)):
        return True
    if field in {"annotation", "returns", "decorator_list", "bases", "targets"}:
        return True
    is_text = isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
    is_raised = isinstance(parent, ast.Raise)  # the words of a message
    is_type = isinstance(parent, ast.Module) and isinstance(child, ast.Assign)
    is_strict = isinstance(parent, ast.keyword) and parent.arg == "strict"  # of zip
    # To −1 goes 1; that −2 means the same to reshape shows nothing.
    is_signed = isinstance(parent, ast.UnaryOp) and isinstance(child, ast.Constant)
    return is_text or is_raised or is_type or is_strict or is_signed


def _get(parent: ast.AST, field: str, position: int | None) -> ast.AST:
    value = getattr(parent, field)
    return value if position is None else value[position]


def _set(parent: ast.AST, field: str, position: int | None, new: ast.AST) -> None:
    if position is None:
        setattr(parent, field, new)
    else:
        getattr(parent, field)[position] = new
