"""Random graphs: three classical models, as wirings of a network.

Edges run from a smaller number to a larger, so that a wiring has no circle, whatever
was drawn: information flows in the order of the numbers.

Source of the models and of their settings: Xie, Kirillov, Girshick and He (2019),
"Exploring randomly wired neural networks for image recognition", section 3.3.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class RandomGraph:
    """A directed graph without circles: which node hands its output to which.

    Attributes:
        nodes: how many there are, numbered from 0.
        edges: pairs (from, to), the first smaller than the second, each once, sorted.

    Raises:
        ValueError: an edge runs backwards, to itself, or to no node, or comes twice.
    """

    nodes: int
    edges: tuple[tuple[int, int], ...]

    def __post_init__(self) -> None:
        ordered = all(0 <= i < j < self.nodes for i, j in self.edges)
        if not ordered or sorted(set(self.edges)) != list(self.edges):
            raise ValueError(
                f"RandomGraph: the edges of {self.nodes} nodes are {self.edges}; "
                f"expected pairs i < j < {self.nodes}, each once and sorted. Does an "
                "edge run backwards?"
            )

    def sources(self, node: int) -> list[int]:
        """The nodes from which an edge leads to this one."""
        return [i for i, j in self.edges if j == node]

    @property
    def inputs(self) -> list[int]:
        """The nodes to which no edge leads: they take what comes from outside."""
        return sorted(set(range(self.nodes)) - {j for _, j in self.edges})

    @property
    def outputs(self) -> list[int]:
        """The nodes from which no edge leads: what they compute goes outside."""
        return sorted(set(range(self.nodes)) - {i for i, _ in self.edges})


def erdos_renyi(
    nodes: int = 32, *, probability: float = 0.2, rng: np.random.Generator
) -> RandomGraph:
    """Each pair of nodes is connected with a probability, whatever the others are.

    Args:
        nodes: N.
        probability: P, from 0 to 1.
        rng: draws the edges.

    Source: Gilbert (1959), named after Erdős and Rényi (1960).
    """
    return _from_matrix(rng.random((nodes, nodes)) < probability)


def barabasi_albert(
    nodes: int = 32, *, links: int = 5, rng: np.random.Generator
) -> RandomGraph:
    """Nodes arrive one by one, and each is linked to M that are there, with
    probabilities in proportion to the links these have: who has many gets more.

    It begins with M nodes without a link, all of which the next is linked to. A node's
    number is when it came.

    Args:
        nodes: N.
        links: M, from 1 to N − 1.
        rng: draws the edges.

    Raises:
        ValueError: M is not between.

    Source: Barabási and Albert (1999).
    """
    if not 1 <= links < nodes:
        raise ValueError(
            f"barabasi_albert: links is {links}, expected 1 to {nodes - 1}"
        )
    linked = np.zeros((nodes, nodes), bool)
    linked[:links, links] = True
    for new in range(links + 1, nodes):
        degrees = linked[:new, :new].sum(axis=0) + linked[:new, :new].sum(axis=1)
        likely = degrees / degrees.sum()
        linked[rng.choice(new, size=links, replace=False, p=likely), new] = True
    return _from_matrix(linked)


def watts_strogatz(
    nodes: int = 32,
    *,
    neighbors: int = 4,
    probability: float = 0.75,
    rng: np.random.Generator,
) -> RandomGraph:
    """A ring in which each node is connected with its nearest neighbors, but each edge
    is rewired with a probability: its far end moves to a node drawn from all others
    that are not connected yet. A few such edges make a small world of a large one.

    The edges to the next node are tried first, once round the ring, then those to the
    next but one, and so on. Where all others are connected, the edge stays.

    Args:
        nodes: N.
        neighbors: K, even, half of them on each side, and fewer than N.
        probability: P, from 0, the ring, to 1.
        rng: draws the edges.

    Raises:
        ValueError: K is odd, too small or too large.

    Source: Watts and Strogatz (1998).
    """
    if neighbors % 2 or not 2 <= neighbors < nodes:
        raise ValueError(
            f"watts_strogatz: neighbors is {neighbors}, expected an even number from 2 "
            f"to {nodes - 1}: as many on both sides of the ring"
        )
    ring = [(v, d) for d in range(1, neighbors // 2 + 1) for v in range(nodes)]
    linked = np.eye(nodes, dtype=bool)  # nobody is to be connected with itself
    for v, distance in ring:
        w = (v + distance) % nodes
        linked[v, w] = linked[w, v] = True
    for v, distance in ring:
        free = np.flatnonzero(~linked[v])
        if free.size and rng.random() < probability:
            old, new = (v + distance) % nodes, rng.choice(free)
            linked[v, old] = linked[old, v] = False
            linked[v, new] = linked[new, v] = True
    return _from_matrix(linked)


def _from_matrix(linked: np.ndarray) -> RandomGraph:
    """The graph whose edges are the entries above the diagonal."""
    edges = np.argwhere(np.triu(linked, 1)).tolist()
    return RandomGraph(len(linked), tuple((i, j) for i, j in edges))
