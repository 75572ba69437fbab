"""Randomly wired networks: the paper's figures over many wirings, stages by hand."""

import numpy as np
import pytest

from course_lib.analysis.summary import summary
from course_lib.backbones import RandomlyWired, randomly_wired
from course_lib.backbones.random_graphs import RandomGraph
from course_lib.backbones.wired_stages import WiredStage
from course_lib.graph import Node
from tests.course_lib.backbones.tables.randomly_wired import PUBLISHED, SMALL, drawn


def tiny(graphs, **settings):
    rng = np.random.default_rng(0)
    return RandomlyWired(graphs, width=4, head=5, num_classes=3, rng=rng, **settings)


def counts(graphs, c=78, head=1280, classes=1000):
    """Parameters and mult-adds for 224×224 pixels, by the shapes of table 1."""
    stem, second = 9 * 3 * c // 2, 9 * c // 2 * c
    parameters = stem + c + second + 2 * c
    mult_adds = stem * 112**2 + second * 56**2
    inputs = c
    for index, graph in enumerate(graphs):
        outputs = c * 2**index
        side = 28 // 2**index
        targets = {j for _, j in graph.edges}
        for node in range(graph.nodes):
            n = outputs if node in targets else inputs
            weights = 9 * n + n * outputs
            parameters += weights + 2 * outputs
            mult_adds += weights * side**2
        parameters += len(graph.edges)
        inputs = outputs
    parameters += inputs * head + 2 * head + (head + 1) * classes
    mult_adds += inputs * head * 7**2 + head * classes
    return parameters, mult_adds


def test_many_wirings_have_the_papers_mean_and_deviation():
    """Table 2, WS(4, 0.75): 5.6 ± 0.1 million parameters, 583 ± 6.2 million mult-adds,
    over five networks."""
    found = np.array([counts(drawn(seed)) for seed in range(60)]) / 1e6
    parameters, mult_adds = found.mean(axis=0)
    assert round(parameters, 1) == 5.6
    assert abs(mult_adds - 583) < 6.2
    parameters_std, mult_adds_std = found.std(axis=0)
    assert round(parameters_std, 1) == 0.1
    assert 5 < mult_adds_std < 7.5


def test_the_counts_are_those_of_the_network():
    network = RandomlyWired(PUBLISHED, rng=np.random.default_rng(0)).astype(np.float32)
    table = summary(network, (1, 3, 224, 224))
    assert (table.parameters, table.mult_adds) == counts(PUBLISHED)


def test_a_seed_gives_the_same_wiring():
    settings = {"width": 2, "head": 2, "num_classes": 2}
    first, again, other = (
        [
            stage.graph
            for stage in randomly_wired(
                rng=np.random.default_rng(seed), **settings
            ).stages
        ]
        for seed in (0, 0, 1)
    )
    assert first == again
    assert first != other
    assert first == drawn(0)
    assert len(set(first)) == 3


def test_maps_have_the_sizes_of_table_1():
    rows = summary(tiny(SMALL * 2), (1, 3, 224, 224), depth=1).rows
    shapes = {row.name: row.output_shapes[0][1:3] for row in rows}
    assert (shapes["conv1"], shapes["conv2"]) == ((2, 112), (4, 56))
    stages = [shapes[f"stages.{i}"] for i in range(4)]
    assert stages == [(4, 28), (8, 14), (16, 7), (32, 4)]
    assert shapes["conv3"] == (5, 4)


def test_for_small_images_the_first_maps_are_as_large_as_the_image():
    rows = summary(tiny(SMALL, small_images=True), (1, 3, 32, 30), depth=1).rows
    shapes = {row.name: row.output_shapes[0][2:] for row in rows}
    assert shapes["conv1"] == shapes["conv2"] == (32, 30)
    assert (shapes["stages.0"], shapes["stages.1"]) == ((16, 15), (8, 8))


@pytest.mark.parametrize("size", [(1, 1), (5, 9), (64, 33)])
def test_images_may_be_of_any_size(size):
    network = tiny(SMALL, in_channels=2)
    assert network.predict(np.ones((2, 2, *size))).shape == (2, 3)


def test_a_stage_is_what_its_edges_say():
    """Nodes 0 and 1 take the input; 2 takes half of each, as weights start at σ(0);
    3 takes shares of 0 and 2. The output is the mean of 1 and 3, which lead nowhere."""
    graph = RandomGraph(4, ((0, 2), (0, 3), (2, 3)))
    rng = np.random.default_rng(0)
    stage = WiredStage(graph, 3, 5, rng=rng)
    assert stage.graph is graph
    stage.nodes[3].weights.value[...] = [np.log(3), -np.log(3)]  # σ: 3/4 and 1/4
    x = Node(rng.normal(size=(3, 3, 6, 7)))

    def alone(node, x):
        """What the node computes of x, without weights."""
        y = node.depthwise(Node(np.maximum(x.value, 0)))
        return node.bn(node.pointwise(y))

    y0, y1 = (alone(stage.nodes[i], x) for i in (0, 1))
    y2 = alone(stage.nodes[2], y0 / 2)
    y3 = alone(stage.nodes[3], y0 * 0.75 + y2 * 0.25)
    expected = ((y1 + y3) / 2).value
    assert expected.shape == (3, 5, 3, 4)
    np.testing.assert_allclose(stage(x).value, expected, rtol=1e-12, atol=1e-12)
