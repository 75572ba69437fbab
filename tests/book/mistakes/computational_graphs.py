"""Wrong graphs and operations that the chapter on computational graphs notices."""

# By name: the file in course_lib, the text to replace, its replacement, and the start
# of the cell that must notice it first.
MISTAKES = {
    "gradient assigned, not accumulated": (
        "graph.py",
        "sums[node] + dx if node in sums else dx",
        "dx",
        "def rises",
    ),
    "visited as met, not in topological order": (
        "graph.py",
        """            entered.add(call)
            stack += [x.call for x in reversed(call.inputs) if x.call]
        else:  # on the way out: all that it needs is in order
            order[stack.pop()] = None
    return list(order)""",
        """            entered.add(call)
            order[call] = None
            stack += [x.call for x in reversed(call.inputs) if x.call]
        else:
            stack.pop()
    return list(order)[::-1]""",
        "def diamonds",
    ),
    "recursion": (
        "graph.py",
        "    while stack:\n        call = stack[-1]\n",
        """
    def visit(call):
        if call not in order:
            for x in call.inputs:
                if x.call:
                    visit(x.call)
            order[call] = None

    for call in stack:
        visit(call)
    return list(order)
    while stack:
        call = stack[-1]
""",
        "deep = start",
    ),
    "the root is not 1": (
        "graph.py",
        "np.ones_like(loss.value)",
        "2 * np.ones_like(loss.value)",
        "def rises",
    ),
    "multiplication does not swap": (
        "operations/elementwise.py",
        "sum_to_shape(dy * b, a.shape), sum_to_shape(dy * a, b.shape)",
        "sum_to_shape(dy * a, a.shape), sum_to_shape(dy * b, b.shape)",
        "def rises",
    ),
    "maximum routes to the smaller": (
        "operations/elementwise.py",
        "da, db = _route(dy, a > b, a == b)",
        "da, db = _route(dy, a < b, a == b)",
        "def difference",
    ),
    "sigmoid's derivative from its input": (
        "operations/activations.py",
        "lambda dy: dy * (y * (1 - y))",
        "lambda dy: dy * (x * (1 - x))",
        "from course_lib.operations.activations",
    ),
    "sigmoid overflows": (
        "operations/activations.py",
        "    y = np.where(x >= 0, 1, z) / (1 + z)\n    return y, lambda dy",
        "    y = 1 / (1 + np.exp(-x))\n    return y, lambda dy",
        "def value_and_gradient",
    ),
    "weight gradient transposed": (
        "operations/matrices.py",
        "dy.T @ x",
        "(dy.T @ x).T.reshape(w.shape)",
        "from course_lib.operations.matrices",
    ),
}
