"""Wrong graphs and operations that the chapter on computational graphs notices."""

# By name: the file in course_lib, the text to replace, its replacement, and the start
# of the cell that must notice it first.
MISTAKES = {
    "gradient assigned, not accumulated": (
        "graph.py",
        "sums[x] + dx if x in sums else dx",
        "dx",
        "def rises",
    ),
    "visited as met, not in topological order": (
        "graph.py",
        "        if call not in entered:  # on the way in: what it needs comes first\n",
        """        if call not in entered:
            order = {call: {node: None}, **order}
""",
        "def diamonds",
    ),
    "recursion": (
        "graph.py",
        "    while stack:\n        node = stack[-1]\n",
        """
    def visit(node):
        if node.call and node.call not in order:
            for x in node.call.inputs:
                visit(x)
            order[node.call] = {node: None}

    for node in stack:
        visit(node)
    return order
    while stack:
        node = stack[-1]
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
        "y = np.exp(np.minimum(x, 0)) / (1 + np.exp(-np.abs(x)))",
        "y = 1 / (1 + np.exp(-x))",
        "def value_and_gradient",
    ),
    "weight gradient transposed": (
        "operations/matrices.py",
        "dy.T @ rows",
        "(dy.T @ rows).T.reshape(w.shape)",
        "from course_lib.operations.matrices",
    ),
}
