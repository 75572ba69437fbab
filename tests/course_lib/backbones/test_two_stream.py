"""Two streams: their maps, what each sees, and how they agree."""

import numpy as np
import pytest

from course_lib.analysis.summary import summary
from course_lib.backbones import two_stream
from course_lib.layers import Identity, Layer
from course_lib.operations.softmax import softmax
from tests.course_lib.backbones.tables.two_stream import parameters


def tiny(**settings):
    settings = {
        "num_classes": 4,
        "flow_frames": 2,
        "size": (32, 40),
        "widths": (2, 3, 2, 3, 2),
        "strides": (1, 1),
        "hidden": (5, 6),
        **settings,
    }
    return two_stream(**settings, rng=np.random.default_rng(0))


def inputs(n=2):
    rng = np.random.default_rng(1)
    return rng.normal(size=(n, 3, 32, 40)), rng.normal(size=(n, 4, 32, 40))


def test_the_counts_of_the_papers_widths():
    """90.6 M for a stream of 3 channels; 17 more channels of 7×7 for the other."""
    assert parameters() == 2 * 90_627_813 + 17 * 96 * 7 * 7 == 181_335_594


def test_maps_of_the_published_size():
    """CNN-M's: 109 and 54, 26 and 13, and 6 before the dense layers."""
    network = tiny(size=(224, 224), widths=(1,) * 5, strides=(2, 2)).spatial
    rows = summary(network, (1, 3, 224, 224)).rows
    sizes = [r.output_shapes[0][2] for r in rows if r.type in ("Conv2d", "MaxPool2d")]
    assert sizes == [109, 54, 26, 13, 13, 13, 13, 6]


def test_what_each_stream_believes_is_averaged():
    network = tiny()
    frame, flow = inputs()
    p = [
        softmax(stream.predict(x))[0]
        for stream, x in ((network.spatial, frame), (network.temporal, flow))
    ]
    y = network.predict(frame, flow)
    np.testing.assert_allclose(np.exp(y), (p[0] + p[1]) / 2, rtol=1e-13)
    np.testing.assert_allclose(softmax(y)[0], np.exp(y), rtol=1e-13)


def test_scores_stay_finite_where_both_streams_are_sure():
    network = tiny()
    for stream in (network.spatial, network.temporal):
        stream.full8.bias.value[0] = 2000
    y = network.predict(*inputs())
    assert np.all(np.isfinite(y))
    np.testing.assert_allclose(y[:, 0], 0, atol=1e-15)


def test_only_the_spatial_stream_normalizes_twice():
    network = tiny()
    assert not isinstance(network.spatial.norm2, Identity)
    assert isinstance(network.temporal.norm2, Identity)
    assert not isinstance(network.temporal.norm1, Identity)


@pytest.mark.parametrize("wrong", ["swapped", "transposed"])
def test_other_inputs_are_refused(wrong):
    frame, flow = inputs()
    frame = flow if wrong == "swapped" else frame.swapaxes(2, 3)
    with pytest.raises(ValueError, match=r"with \(3, 32, 40\) after N. Are frames"):
        tiny()(frame, flow)


class Halve(Layer):
    """In dropout's place: what passes it twice is a quarter."""

    def __call__(self, x):
        return x * 0.5


def test_dropout_follows_both_hidden_layers():
    stream, (frame, _) = tiny().spatial, inputs()
    whole = stream.predict(frame)
    stream.dropout = Halve()
    np.testing.assert_array_equal(stream.predict(frame), whole / 4)  # biases are zero
