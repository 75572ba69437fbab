"""Random graphs: what defines each model, in numbers of edges and their places."""

from collections import Counter

import numpy as np
import pytest

from course_lib.backbones.random_graphs import (
    RandomGraph,
    barabasi_albert,
    erdos_renyi,
    watts_strogatz,
)

GENERATORS = [erdos_renyi, barabasi_albert, watts_strogatz]


def generator(seed):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("draw", GENERATORS)
def test_a_seed_gives_the_same_wiring_and_another_another(draw):
    assert draw(rng=generator(3)) == draw(rng=generator(3))
    assert draw(rng=generator(3)) != draw(rng=generator(4))


@pytest.mark.parametrize("draw", GENERATORS)
def test_edges_lead_forward_and_each_is_there_once(draw):
    graph = draw(rng=generator(0))
    assert graph.nodes == 32
    assert all(0 <= i < j < 32 for i, j in graph.edges)
    assert sorted(set(graph.edges)) == list(graph.edges)
    assert all(isinstance(n, int) for edge in graph.edges for n in edge)


def test_a_graph_knows_what_leads_where():
    graph = RandomGraph(6, ((0, 2), (0, 4), (1, 4), (2, 4)))
    assert [graph.sources(i) for i in range(6)] == [[], [], [0], [], [0, 1, 2], []]
    assert graph.inputs == [0, 1, 3, 5]
    assert graph.outputs == [3, 4, 5]


@pytest.mark.parametrize(
    "edges",
    [((1, 0),), ((1, 1),), ((0, 3),), ((-1, 1),), ((0, 1), (0, 1)), ((1, 2), (0, 1))],
)
def test_edges_that_are_none_are_refused(edges):
    with pytest.raises(ValueError, match="expected pairs i < j < 3, each once"):
        RandomGraph(3, edges)


def test_erdos_renyi_connects_each_pair_with_the_probability():
    counts = Counter()
    for seed in range(400):
        counts.update(erdos_renyi(5, probability=0.3, rng=generator(seed)).edges)
    assert len(counts) == 10
    # Three standard deviations of each share, √(0.3·0.7/400), and some.
    assert all(abs(count / 400 - 0.3) < 0.08 for count in counts.values())
    assert abs(sum(counts.values()) / 4000 - 0.3) < 0.025


@pytest.mark.parametrize(("probability", "edges"), [(0.0, 0), (1.0, 10)])
def test_erdos_renyi_at_its_ends(probability, edges):
    graph = erdos_renyi(5, probability=probability, rng=generator(0))
    assert len(graph.edges) == edges


@pytest.mark.parametrize(("nodes", "links"), [(32, 5), (7, 1), (4, 3)])
def test_in_barabasi_albert_each_newcomer_finds_as_many(nodes, links):
    graph = barabasi_albert(nodes, links=links, rng=generator(0))
    found = [len(graph.sources(i)) for i in range(nodes)]
    assert found == [0] * links + [links] * (nodes - links)
    assert graph.sources(links) == list(range(links))


def test_in_barabasi_albert_who_has_gets():
    """With one link each, nodes 0, 1 and 2 make a path, whose middle has two of the
    four ends: node 3 finds it in half of all cases, an end in a quarter."""
    middle, ends = 0, Counter()
    for seed in range(1000):
        graph = barabasi_albert(4, links=1, rng=generator(seed))
        hub = graph.sources(2)[0]
        [target] = graph.sources(3)
        middle += target == hub
        ends[target == 2] += target != hub
    assert abs(middle / 1000 - 1 / 2) < 0.05
    assert abs(ends[True] / 1000 - 1 / 4) < 0.05


@pytest.mark.parametrize("links", [0, 4, 5])
def test_barabasi_albert_refuses_other_numbers(links):
    with pytest.raises(ValueError, match=f"links is {links}, expected 1 to 3"):
        barabasi_albert(4, links=links, rng=generator(0))


def test_watts_strogatz_begins_as_a_ring():
    graph = watts_strogatz(7, neighbors=4, probability=0.0, rng=generator(0))
    ring = {tuple(sorted((v, (v + d) % 7))) for v in range(7) for d in (1, 2)}
    assert set(graph.edges) == ring


@pytest.mark.parametrize(("nodes", "neighbors"), [(32, 4), (9, 6), (20, 2)])
@pytest.mark.parametrize("probability", [0.0, 0.5, 1.0])
def test_watts_strogatz_has_as_many_edges_wherever_they_lead(
    nodes, neighbors, probability
):
    graph = watts_strogatz(
        nodes, neighbors=neighbors, probability=probability, rng=generator(0)
    )
    assert len(graph.edges) == nodes * neighbors // 2


def test_watts_strogatz_rewires_with_the_probability():
    graph = watts_strogatz(600, neighbors=2, probability=0.3, rng=generator(0))
    ring = {tuple(sorted((v, (v + 1) % 600))) for v in range(600)}
    assert abs(len(ring & set(graph.edges)) / 600 - 0.7) < 0.06


def test_in_watts_strogatz_a_rewired_edge_keeps_its_node():
    """All rewired, each node still holds the edges that began with it, and its share of
    the others' is what varies."""
    degrees = np.zeros(30)
    graph = watts_strogatz(30, neighbors=6, probability=1.0, rng=generator(0))
    for i, j in graph.edges:
        degrees[[i, j]] += 1
    assert degrees.min() >= 3
    assert degrees.max() > 6


def test_in_watts_strogatz_an_edge_without_another_place_stays():
    graph = watts_strogatz(5, neighbors=4, probability=1.0, rng=generator(0))
    assert len(graph.edges) == 10  # each with each


class OneMove:
    """A generator by which the first edge is rewired, and no other."""

    def __init__(self, seed):
        self.chances = iter([0.0])
        self.choice = generator(seed).choice

    def random(self):
        return next(self.chances, 1.0)


def test_in_watts_strogatz_a_far_end_may_be_anywhere():
    """From 0 to 1 led the edge of a ring of 12 that moves: each of 2, …, 10 finds it
    about as often as any other."""
    ring = {(0, 11), *((v, v + 1) for v in range(1, 11))}
    found = Counter()
    for seed in range(600):
        graph = watts_strogatz(12, neighbors=2, probability=0.5, rng=OneMove(seed))
        [(start, end)] = set(graph.edges) - ring
        assert start == 0
        found[end] += 1
    assert sorted(found) == list(range(2, 11))
    assert max(abs(count / (600 / 9) - 1) for count in found.values()) < 0.4


@pytest.mark.parametrize("neighbors", [3, 0, 6, 8])
def test_watts_strogatz_refuses_other_numbers(neighbors):
    with pytest.raises(ValueError, match=f"neighbors is {neighbors}, expected an even"):
        watts_strogatz(6, neighbors=neighbors, rng=generator(0))
