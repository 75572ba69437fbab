"""FCN: a map as large as any image, dense layers as convolutions, coarse and fine."""

import numpy as np
import pytest
import torch

from course_lib.analysis.receptive_field import receptive_fields
from course_lib.backbones import VGG, fcn
from course_lib.backbones.fcn import bilinear
from course_lib.backbones.vgg import D
from course_lib.layers import ConvTranspose2d, Layer, Upsample
from tests.course_lib.backbones.tables.fcn import (
    key,
    parameters,
    small,
    torch_small,
)


@pytest.mark.parametrize("stride", [32, 16])
def test_the_coarser_networks_are_torchs_too(stride):
    rng = np.random.default_rng(stride)
    torch.manual_seed(stride)
    theirs, ours = torch_small(stride).double(), small(stride, rng)
    ours.load_state_dict({key(k): v for k, v in theirs.state_dict().items()})
    x = rng.normal(size=(2, 3, 50, 67))
    expected = theirs(torch.tensor(x)).detach().numpy()
    np.testing.assert_allclose(ours.predict(x), expected, rtol=0, atol=1e-13)


@pytest.mark.parametrize("stride", [8, 16, 32])
def test_a_map_is_as_large_as_its_image(stride):
    network = small(stride, np.random.default_rng(0))
    for h, w in [(17, 31), (32, 32), (33, 70), (47, 64)]:
        assert network.predict(np.ones((1, 3, h, w))).shape == (1, 4, h, w)
    with pytest.raises(ValueError, match="halved too often"):
        network.predict(np.ones((1, 3, 40, 16)))


def test_fewer_stages_and_the_strides_that_they_have():
    rng = np.random.default_rng(0)
    network = fcn(width=2, depths=(1, 1, 1), hidden=3, stride=2, rng=rng)
    assert network.predict(np.ones((1, 3, 9, 6))).shape == (1, 21, 9, 6)
    assert [layer.channels[0] for layer in network.finer_scores] == [4, 2]
    with pytest.raises(ValueError, match=r"stride is 16, expected one of \[2, 4, 8\]"):
        fcn(width=2, depths=(1, 1, 1), hidden=3, stride=16, rng=rng)


def test_the_papers_counts():
    """134 M in table 1, with any stride; and 21 classes of 4,096 features."""
    assert [parameters(s) for s in (8, 16, 32)] == [
        134_376_863,
        134_364_410,
        134_346_581,
    ]


def test_the_papers_receptive_field_and_stride():
    """Table 1: 404 pixels, and 32."""
    network = fcn(width=1, hidden=2, stride=32, rng=np.random.default_rng(0))
    field = {f.name: f for f in receptive_fields(network, (1, 3, 64, 64))}["score"]
    assert (field.size, field.jump) == ((404, 404), (32, 32))


def test_scores_start_at_zero_and_doublings_as_interpolation():
    network = fcn(num_classes=3, width=1, hidden=2, rng=np.random.default_rng(0))
    for layer in (network.score, *network.finer_scores):
        assert not np.any(layer.weight.value)
    for layer in network.doublings:
        np.testing.assert_array_equal(
            layer.weight.value, bilinear((3, 3, 4, 4), np.random.default_rng(0))
        )


def test_a_convolution_that_sees_the_whole_map_is_a_dense_layer():
    """VGG's weights, its dense ones as kernels of 7×7 and 1×1: in the middle of the
    last map, where the kernel covers the 7×7 of a 224×224 image, VGG's logits."""
    rng = np.random.default_rng(0)
    sizes = {"width": 1, "hidden": 6, "num_classes": 4, "dropout": 0.0}
    vgg, network = VGG(D, **sizes, rng=rng), fcn(stride=32, **sizes, rng=rng)
    theirs = [p for stage in network.stages for p in stage.parameters()]
    for mine, its in zip(vgg.features.parameters(), theirs, strict=True):
        its.value[...] = mine.value
    for index, layer in ((0, network.fc6), (3, network.fc7), (6, network.score)):
        dense = vgg.classifier[index]
        layer.weight.value[...] = dense.weight.value.reshape(layer.weight.shape)
        layer.bias.value[...] = dense.bias.value = rng.normal(size=dense.bias.shape)
    x = rng.normal(size=(1, 3, 224, 224))
    features = x
    for stage in network.stages:
        features = network.pool(stage(features))
    hidden = network.relu(network.fc7(network.relu(network.fc6(features))))
    middle = network.score(hidden).value[:, :, 3, 3]
    np.testing.assert_allclose(middle, vgg.predict(x), rtol=1e-12)


@pytest.mark.parametrize("factor", [2, 4, 8])
def test_the_first_doubling_is_bilinear_interpolation(factor):
    """But at the border, beyond which a map counts as zero."""
    rng = np.random.default_rng(0)
    up = ConvTranspose2d(
        3,
        3,
        2 * factor,
        factor,
        padding=factor // 2,
        initializer=bilinear,
        rng=rng,
    )
    x = rng.normal(size=(2, 3, 5, 6))
    expected = Upsample(scale_factor=factor, mode="bilinear").predict(x)
    border = slice(factor // 2, -(factor // 2))
    np.testing.assert_allclose(
        up.predict(x)[:, :, border, border], expected[:, :, border, border], atol=1e-14
    )


class Halve(Layer):
    """In dropout's place: what passes it twice is a quarter."""

    def __call__(self, x):
        return x * 0.5


def test_dropout_follows_both_hidden_convolutions():
    network = small(32, np.random.default_rng(0))
    x = np.random.default_rng(1).normal(size=(1, 3, 33, 40))
    whole = network.predict(x)
    network.dropout = Halve()
    np.testing.assert_array_equal(network.predict(x), whole / 4)  # biases are zero
