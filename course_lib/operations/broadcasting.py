"""How a gradient finds its way back through broadcasting."""

from course_lib.types import Array


def check_broadcast(name: str, a: tuple[int, ...], b: tuple[int, ...]) -> None:
    """Raise a ValueError that names the operation unless shapes a and b broadcast."""
    if a == b:
        return  # the common case costs nothing
    for m, n in zip(a[::-1], b[::-1], strict=False):
        if m != n and 1 not in (m, n):
            raise ValueError(
                f"{name}: a has shape {a} and b {b}, which do not broadcast: counted "
                "from the last, two axes must be equal or one of them 1. Is an axis "
                "missing, or a keepdims=True?"
            )


def sum_to_shape(dy: Array, shape: tuple[int, ...]) -> Array:
    """Sum `dy` over the axes along which an input of `shape` was broadcast.

    Broadcasting copies an entry along an axis, and the gradients of copies add up:
    where an entry was used n times, its gradient is the sum of n entries of `dy`.

    Args:
        dy: gradient of the broadcast result.
        shape: shape of the input; it broadcasts to `dy.shape`.

    Returns:
        An array of `shape`.
    """
    if dy.shape == shape:
        return dy
    new = dy.ndim - len(shape)
    axes = (i for i, n in enumerate(shape, start=new) if n == 1)
    return dy.sum(axis=(*range(new), *axes)).reshape(shape)
