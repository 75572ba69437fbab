"""Numbers for a network: nothing wraps round, statistics are those handed in."""

import numpy as np
import pytest

from course_lib.data.pixels import channel_statistics, normalize, to_float, to_uint8

RNG = np.random.default_rng(0)
X = RNG.normal(size=(5, 3, 4, 7)) * [[[2.0]], [[3.0]], [[0.5]]] + [[[1]], [[0]], [[-9]]]


def test_bytes_become_floats_from_0_to_1() -> None:
    x = np.array([[0, 51, 255]], dtype=np.uint8)
    for dtype in (np.float32, np.float64):
        y = to_float(x, dtype=dtype)
        assert y.dtype == dtype
        np.testing.assert_array_equal(y, np.array([[0, 0.2, 1]], dtype=dtype))
    assert to_float(x).dtype == np.float32


def test_every_byte_survives_the_round_trip() -> None:
    every = np.arange(256, dtype=np.uint8)
    np.testing.assert_array_equal(to_uint8(to_float(every)), every)


def test_nothing_wraps_round() -> None:
    x = np.array([-0.1, 0, 0.001, 0.998, 1, 1.01])
    assert to_uint8(x).tolist() == [0, 0, 0, 254, 255, 255]


def test_floats_are_not_divided_twice() -> None:
    with pytest.raises(ValueError, match="to_float: x is of type float32"):
        to_float(to_float(np.zeros(3, dtype=np.uint8)))


@pytest.mark.parametrize("shape", [(5, 3, 4, 7), (5, 3, 28), (140, 3), (5, 3, 2, 2, 7)])
def test_statistics_are_over_all_but_the_channels(shape: tuple[int, ...]) -> None:
    x = np.moveaxis(np.moveaxis(X, 1, -1).reshape(-1, 3), -1, 0)
    arranged = x.reshape(3, shape[0], *shape[2:]).swapaxes(0, 1)
    mean, std = channel_statistics(arranged)
    np.testing.assert_allclose(mean, x.mean(axis=1), rtol=1e-14)
    np.testing.assert_allclose(std, x.std(axis=1), rtol=1e-14)


def test_normalizing_undoes_scale_and_shift_of_each_channel() -> None:
    mean, std = channel_statistics(X)
    y = normalize(X, mean=mean, std=std)
    np.testing.assert_allclose(y.mean(axis=(0, 2, 3)), 0, atol=1e-14)
    np.testing.assert_allclose(y.std(axis=(0, 2, 3)), 1, rtol=1e-14)
    scale = np.array([7.0, 0.1, 3.0])[:, None, None]
    again = normalize(
        X * scale + 5, mean=mean * scale[:, 0, 0] + 5, std=std * scale[:, 0, 0]
    )
    np.testing.assert_allclose(again, y, rtol=0, atol=1e-12)


def test_test_images_keep_their_difference_from_the_training_images() -> None:
    """Statistics of the test set would hide it."""
    mean, std = channel_statistics(X)
    y = normalize(X + 2 * std[:, None, None], mean=mean, std=std)
    np.testing.assert_allclose(y.mean(axis=(0, 2, 3)), 2, rtol=1e-13)


def test_statistics_of_small_floats_are_precise() -> None:
    x = np.full((4, 1, 300, 300), 0.1, dtype=np.float32)
    mean, _ = channel_statistics(x)
    assert mean[0] == pytest.approx(float(np.float32(0.1)), rel=1e-12)


def test_types_are_kept() -> None:
    x = X.astype(np.float32)
    before = x.copy()
    assert normalize(x, mean=[1, 2, 3], std=[1, 2, 3]).dtype == np.float32
    np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize(
    ("x", "mean", "std", "message"),
    [
        (np.zeros((2, 3, 4, 4), np.uint8), [0] * 3, [1] * 3, "Is to_float missing"),
        (np.zeros((2, 4, 4, 3)), [0] * 3, [1] * 3, r"\(2, 4, 4, 3\), mean \(3,\)"),
        (np.zeros((2, 3, 4, 4)), [0] * 3, [1], r"std \(1,\)"),
        (np.zeros((2, 3, 4, 4)), [0] * 3, [1, 0, 1], "Is a channel constant"),
    ],
)
def test_what_does_not_fit_is_refused(
    x: np.ndarray, mean: list[float], std: list[float], message: str
) -> None:
    with pytest.raises(ValueError, match=f"normalize: .*{message}"):
        normalize(x, mean=mean, std=std)
