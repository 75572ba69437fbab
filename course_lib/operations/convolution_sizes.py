"""How large the output of a convolution is."""


def output_size(
    n: int, kernel: int, *, stride: int = 1, padding: int = 0, dilation: int = 1
) -> int:
    """⌊(n + 2p − d(k − 1) − 1)/s⌋ + 1, along one axis: how many windows fit in.

    Where the stride does not divide, the last entries belong to no window. The sizes
    are less than 1 where not even one fits.

        >>> output_size(6, 3, stride=2)
        2
        >>> output_size(7, 3, stride=2)
        3

    Args:
        n: the input's size.
        kernel: the kernel's size k.
        stride: s, how far apart the windows begin.
        padding: p, how many entries are put before the input and after it.
        dilation: d, how far apart the entries of a window are.
    """
    return (n + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


def transposed_output_size(
    n: int,
    kernel: int,
    *,
    stride: int = 1,
    padding: int = 0,
    output_padding: int = 0,
    dilation: int = 1,
) -> int:
    """(n − 1)s − 2p + d(k − 1) + 1 + output_padding, along one axis.

    This undoes `output_size` where the stride divides. Else several sizes lead to n,
    and `output_padding` says which of them is meant.

        >>> output_size(7, 3, stride=2), output_size(8, 3, stride=2)
        (3, 3)
        >>> transposed_output_size(3, 3, stride=2)
        7
        >>> transposed_output_size(3, 3, stride=2, output_padding=1)
        8

    Args:
        n: the input's size.
        kernel: the kernel's size k.
        stride: s, how far apart the kernels are put.
        padding: p, how many entries are cut off at either end.
        output_padding: how many entries the output has more at its end.
        dilation: d, how far apart the entries of a kernel are put.
    """
    return (n - 1) * stride - 2 * padding + dilation * (kernel - 1) + 1 + output_padding
