"""Mutants that change nothing that can be observed, each with the reason.

By (file, function, before, after), as tools/mutants.py prints them.
"""

ONLY_BLOCKS = "the blocks get another size, which changes the time alone"
ONLY_MEMORY = "an array is copied, or takes other memory, with the same values"
ONLY_ENTRY = "the tuple has one entry"

EQUIVALENT: dict[tuple[str, str, str, str], str] = {
    ("gradients.py", "GradientError.__str__", "0", "-1"): ONLY_ENTRY,
    ("graph.py", "Node", "__slots__ = ('call', 'index', 'name', 'value')", "pass"): (
        ONLY_MEMORY
    ),
    ("graph.py", "Parameter", "__slots__ = ()", "pass"): ONLY_MEMORY,
    (
        "call.py",
        "Call",
        "__slots__ = ('backward', 'inputs', 'operation', 'outputs')",
        "pass",
    ): ONLY_MEMORY,
    ("operations/labels.py", "as_probabilities", "False", "True"): ONLY_MEMORY,
    ("operations/convolution_products.py", "Sliding.blocks", "1", "2"): ONLY_BLOCKS,
    (
        "operations/angle_losses.py",
        "von_mises",
        "((), mean.shape)",
        "(mean.shape, ())",
    ): "what is a member is so in any order",
    ("operations/padding.py", "_copies", "i < first", "i <= first"): (
        "no entry of the border is the first inside"
    ),
    ("operations/bessel.py", "scaled_bessel", "x < BORDER", "x <= BORDER"): (
        "at the border both series round to the same"
    ),
    **{
        ("operations/fast_batch_norm.py", function, before, after): reason
        for function, before, after, reason in [
            ("fast_batch_norm", "STRIP // n", "STRIP * n", ONLY_BLOCKS),
            ("fast_batch_norm", "1", "2", ONLY_BLOCKS),
            ("fast_batch_norm", "1", "0", ONLY_BLOCKS),
            ("fast_batch_norm", "width > 1", "width >= 1", ONLY_BLOCKS),
            (
                "fast_batch_norm",
                "strips = [slice(c, c + width) for c in range(0, x.shape[1], width)]",
                "pass",
                ONLY_BLOCKS,
            ),
            (
                "fast_batch_norm",
                "len(x_rows) == 1",
                "len(x_rows) != 1",
                ONLY_MEMORY,
            ),
            (
                "fast_batch_norm",
                "y_strip if in_place else None",
                "y_strip",
                ONLY_MEMORY,
            ),
            ("fast_batch_norm", "y_strip if in_place else None", "None", ONLY_MEMORY),
            (
                "fast_batch_norm.backward",
                "dx_strip if in_place else None",
                "dx_strip",
                ONLY_MEMORY,
            ),
            (
                "fast_batch_norm.backward",
                "dx_strip if in_place else None",
                "None",
                ONLY_MEMORY,
            ),
        ]
    },
}
