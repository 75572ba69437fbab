"""How many multiplications, each with its addition, an operation takes."""

from __future__ import annotations

import math

from course_lib.graph import Node


def mult_adds(node: Node) -> int:
    """The multiply-adds of the call that computed a node, from the shapes alone.

    Counted is what papers count: the products of weights and inputs in convolutions,
    dense and recurrent layers, and those of attention. Biases, normalization,
    activations, pooling and sums count 0.
    """
    if node.call is None:
        return 0
    y, shapes = node.shape, [x.shape for x in node.call.inputs]
    match node.call.name:
        case "matmul":  # (…, m, k) and (…, k, n): k products an entry
            return math.prod(y) * shapes[0][-1]
        case "dense" | "conv1d" | "conv2d" | "conv3d":
            # A weight (out, in, …kernel) or (out, in/groups, …kernel): all of a row of
            # it for each entry of the output.
            return math.prod(y) * math.prod(shapes[1][1:])
        case "conv_transpose1d" | "conv_transpose2d" | "conv_transpose3d":
            # The other way round: (in, out/groups, …kernel), for each of the input.
            return math.prod(shapes[0]) * math.prod(shapes[1][1:])
        case "rnn" | "gru" | "lstm":
            # x (T, N, D) and states (N, H), then the weights of both: each weight is
            # used once a step and sample.
            weights = [shape for shape in shapes if len(shape) == 2][-2:]
            return math.prod(shapes[0][:2]) * sum(map(math.prod, weights))
        case "scaled_dot_product_attention":
            # Queries (…, L, E), keys (…, S, E), values (…, S, V): L·S·(E + V).
            keys, size = shapes[1][-2:]
            return math.prod(y[:-1]) * keys * (size + y[-1])
    return 0
