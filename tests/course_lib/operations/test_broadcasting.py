import numpy as np
import pytest

from course_lib.operations.broadcasting import check_broadcast, sum_to_shape


@pytest.mark.parametrize(
    "shape", [(), (1,), (4,), (1, 1), (3, 1), (1, 4), (3, 4), (1, 3, 1), (5, 3, 4)]
)
def test_sum_to_shape_is_the_adjoint_of_broadcasting(shape):
    """⟨broadcast x, dy⟩ = ⟨x, sum dy⟩ for every x: the sum is the transpose."""
    rng = np.random.default_rng(0)
    x, dy = rng.normal(size=shape), rng.normal(size=(5, 3, 4))
    dx = sum_to_shape(dy, shape)
    assert dx.shape == shape
    copies = np.sum(np.broadcast_to(x, dy.shape) * dy)
    np.testing.assert_allclose(np.sum(x * dx), copies, rtol=1e-12)


def test_an_axis_of_size_one_that_stays_is_not_summed_away():
    dy = np.ones((3, 1))
    assert sum_to_shape(dy, (1, 1)).shape == (1, 1)
    assert sum_to_shape(dy, (1,)).shape == (1,)
    assert sum_to_shape(np.ones((0, 4)), (1, 4)).tolist() == [[0, 0, 0, 0]]


def test_shapes_that_do_not_broadcast_are_refused():
    check_broadcast("add", (3, 1), (5, 1, 4))
    with pytest.raises(ValueError, match=r"add: a has shape \(3, 4\) and b \(3,\)"):
        check_broadcast("add", (3, 4), (3,))
