"""Rates drawn by the units, and copies of the output layer that are weighed."""

import math

import numpy as np
import pytest

from course_lib.graph import Node, Parameter, apply, backpropagate
from course_lib.layers import Dense, ReLU, Sequential
from course_lib.operations.classification_losses import cross_entropy
from course_lib.operations.reductions import logsumexp, mean
from course_lib.operations.shapes import concatenate, getitem, reshape
from course_lib.operations.softmax import log_softmax, softmax
from course_lib.optimizers import SGD, ModelAverage, RandomRates


def rates_of(optimizer: RandomRates) -> list[np.ndarray]:
    return [state["rate"] for state in optimizer.states]


def parameters(*shapes: tuple[int, ...]) -> list[Parameter]:
    return [Parameter(np.zeros(shape)) for shape in shapes]


def test_a_unit_has_one_rate_with_its_bias_scale_and_shift() -> None:
    optimizer = RandomRates(
        parameters((6, 4), (6,), (8, 6, 3, 3), (8,), (8,), (8, 8), (7,), (), (1, 2)),
        rng=np.random.default_rng(0),
    )
    dense, bias, kernel, scale, shift, square, other, number, row = rates_of(optimizer)
    for weight, *vectors in [(dense, bias), (kernel, scale, shift)]:
        first = weight.reshape(len(weight), -1)[:, 0]
        assert len(set(first)) == len(first)
        columns = (1,) * (weight.ndim - 1)
        np.testing.assert_array_equal(weight, first.reshape(-1, *columns) + 0 * weight)
        for vector in vectors:
            np.testing.assert_array_equal(vector, first)
    assert not set(square[:, 0]) & set(shift)  # a matrix has units of its own
    assert not set(other) & set(square[:, 0])  # and so has a vector of another length
    assert number.shape == ()
    assert row[0, 0] == row[0, 1] != number


def test_a_bias_in_another_group_draws_anew() -> None:
    weight, bias = parameters((3, 2), (3,))
    optimizer = RandomRates(
        [{"params": [weight]}, {"params": [bias], "lowest": 0.5, "highest": 0.5}],
        rng=np.random.default_rng(0),
        highest=0.25,
    )
    rates = rates_of(optimizer)
    assert rates[0].max() < 0.25
    np.testing.assert_allclose(rates[1], 0.5)


def test_the_logarithms_are_spread_evenly() -> None:
    optimizer = RandomRates(
        parameters((20_000, 1)), rng=np.random.default_rng(0), lowest=1e-4, highest=0.1
    )
    position = (np.log10(np.sort(rates_of(optimizer)[0][:, 0])) + 4) / 3
    # the distance between the distributions exceeds 1.95/√n once in a thousand draws
    steps = np.arange(1, 20_001) / 20_000
    assert np.abs(position - steps).max() < 1.95 / math.sqrt(20_000)
    assert 0 < position[0] < 1e-3
    assert 1 - 1e-3 < position[-1] < 1


def test_the_default_interval_is_the_papers() -> None:
    (group,) = RandomRates(parameters((2, 2)), rng=np.random.default_rng(0)).groups
    assert (group.lowest, group.highest, group.lr) == (1e-5, 10.0, 1.0)


def test_the_rates_come_from_rng_and_return_with_the_state() -> None:
    def make(seed: int) -> RandomRates:
        return RandomRates(parameters((3, 2)), rng=np.random.default_rng(seed))

    one, same, other = make(1), make(1), make(2)
    np.testing.assert_array_equal(rates_of(one)[0], rates_of(same)[0])
    assert (rates_of(one)[0] != rates_of(other)[0]).all()
    other.load_state_dict(one.state_dict())
    np.testing.assert_array_equal(rates_of(one)[0], rates_of(other)[0])


def spirals(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Three arms, 80 points each."""
    labels = np.repeat(np.arange(3), 80)
    radius = rng.uniform(0.1, 1, size=240)
    angle = 3 * radius + labels * 2 * np.pi / 3 + rng.normal(scale=0.1, size=240)
    x = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    return 2 * x, labels


def network(rng: np.random.Generator) -> Sequential:
    return Sequential(Dense(2, 100, rng=rng), ReLU(), Dense(100, 3, rng=rng))


def final_loss(net: Sequential, optimizer: SGD | RandomRates) -> float:
    x, labels = spirals(np.random.default_rng(0))
    with np.errstate(all="ignore"):
        for _ in range(300):
            optimizer.step(backpropagate(apply(cross_entropy, net(x), labels=labels)))
        return float(cross_entropy(net.predict(x), labels=labels)[0])


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_trains_on_an_interval_whose_ends_do_not(seed: int) -> None:
    losses = {}
    for lr in (1e-4, 30.0):
        net = network(np.random.default_rng(seed))
        losses[lr] = final_loss(net, SGD(net.parameters(), lr=lr))
    net = network(np.random.default_rng(seed))
    rates = RandomRates(
        net.parameters(), rng=np.random.default_rng(seed), lowest=1e-4, highest=30.0
    )
    found = final_loss(net, rates)
    assert found < 0.35
    assert not losses[1e-4] < 1.0
    assert not losses[30.0] < 1.0


class TestModelAverage:
    def test_begins_even_and_averages(self) -> None:
        average = ModelAverage(4)
        np.testing.assert_array_equal(average.weights, [0.25] * 4)
        average.weights[...] = [0.5, 0.25, 0.125, 0.125]
        p = np.random.default_rng(0).random((4, 3, 2))
        expected = 0.5 * p[0] + 0.25 * p[1] + 0.125 * (p[2] + p[3])
        np.testing.assert_allclose(average.average(p), expected, rtol=1e-14)
        np.testing.assert_allclose(average.average([4, 8, 0, 16]), 6.0)

    def test_bayes_rule_by_hand(self) -> None:
        average = ModelAverage(2)
        average.update(np.log([0.9, 0.3]))
        np.testing.assert_allclose(average.weights, [0.75, 0.25], rtol=1e-14)
        average.update(np.log([0.2, 0.6]))
        np.testing.assert_allclose(average.weights, [0.5, 0.5], rtol=1e-14)

    def test_a_share_is_dealt_out_again(self) -> None:
        average = ModelAverage(2, share=0.4)
        average.update(np.log([0.9, 0.3]))
        np.testing.assert_allclose(average.weights, [0.65, 0.35], rtol=1e-14)

    def test_what_it_predicts_in_turn_is_the_mixture_of_all_it_saw(self) -> None:
        """Π of the average's probabilities = mean over the models of Π of theirs."""
        p = np.random.default_rng(0).uniform(0.1, 0.9, size=(50, 3))
        average, total = ModelAverage(3), 1.0
        for seen in p:
            total *= float(average.average(seen))
            average.update(np.log(seen))
        np.testing.assert_allclose(total, p.prod(axis=0).mean(), rtol=1e-12)

    def test_very_unlikely_data_do_not_vanish(self) -> None:
        average = ModelAverage(3)
        average.update([-1e5, -1e5 + math.log(3), -np.inf])
        np.testing.assert_allclose(average.weights, [0.25, 0.75, 0.0], rtol=1e-10)
        average.update([0.0, 0.0, 0.0])
        np.testing.assert_allclose(average.weights, [0.25, 0.75, 0.0], rtol=1e-10)

    def test_the_state_returns(self) -> None:
        average, other = ModelAverage(2), ModelAverage(2)
        average.update([0.0, 1.0])
        state = average.state_dict()
        kept = average.weights.copy()
        average.update([0.0, 1.0])
        other.load_state_dict(state)
        np.testing.assert_array_equal(other.weights, kept)
        with pytest.raises(ValueError, match=r"load_state_dict: .*\(2,\).*\(3,\)"):
            ModelAverage(3).load_state_dict(state)

    @pytest.mark.parametrize(
        ("log_p", "message"),
        [
            ([0.0], r"shape \(1,\), expected \(2,\)"),
            ([[0.0], [0.0]], r"shape \(2, 1\).*sum over the batch"),
            ([0.0, np.nan], "diverged"),
            ([-np.inf, -np.inf], "diverged"),
        ],
    )
    def test_faulty_likelihoods_are_refused(self, log_p: list, message: str) -> None:
        average = ModelAverage(2)
        with pytest.raises(ValueError, match=f"ModelAverage.update: .*{message}"):
            average.update(log_p)
        np.testing.assert_array_equal(average.weights, [0.5, 0.5])

    def test_other_faults_are_refused(self) -> None:
        with pytest.raises(ValueError, match="models is 0, expected at least 1"):
            ModelAverage(0)
        with pytest.raises(ValueError, match=r"share is 1\.5"):
            ModelAverage(2, share=1.5)
        with pytest.raises(ValueError, match=r"average: .*\(3, 2\), expected \(2, …\)"):
            ModelAverage(2).average(np.ones((3, 2)))
        np.testing.assert_array_equal(ModelAverage(1, share=1).weights, [1.0])


def test_all_of_alrao() -> None:
    """Random rates below, and six copies of the output layer above, as in the paper."""
    x, labels = spirals(np.random.default_rng(0))
    rng = np.random.default_rng(1)
    below = Sequential(Dense(2, 100, rng=rng), ReLU())
    copies = [Dense(100, 3, rng=rng) for _ in range(6)]
    rates = np.geomspace(1e-4, 30.0, len(copies))
    groups = [{"params": below.parameters()}] + [
        {"params": copy.parameters(), "lowest": rate, "highest": rate}
        for copy, rate in zip(copies, rates, strict=True)
    ]
    optimizer = RandomRates(groups, rng=rng, lowest=1e-4, highest=30.0)
    average = ModelAverage(len(copies), share=1e-3)

    def log_likelihoods(features: Node) -> Node:
        """log p(y) of each copy and sample, of shape (copies, N)."""
        rows = []
        for copy in copies:
            log_p = apply(log_softmax, copy(features))
            right = apply(getitem, log_p, index=(np.arange(len(x)), labels))
            rows.append(apply(reshape, right, shape=(1, -1)))
        return apply(concatenate, *rows)

    with np.errstate(all="ignore"):
        for _ in range(300):
            features = below(x)
            log_p = log_likelihoods(features)
            log_a = np.log(average.weights)[:, None]
            mixture = -apply(mean, apply(logsumexp, log_p + log_a, axis=0))
            own = -apply(mean, log_likelihoods(Node(features.value)), axis=1)
            from_average = backpropagate(mixture)
            from_own = backpropagate(own, gradient=np.ones(len(copies)))
            optimizer.step(
                {p: from_average[p] for p in below.parameters()}
                | {p: from_own[p] for copy in copies for p in copy.parameters()}
            )
            average.update(log_p.value.mean(axis=1))
    features = below.predict(x)
    p = average.average([softmax(copy.predict(features))[0] for copy in copies])
    np.testing.assert_allclose(p.sum(axis=1), 1.0)
    assert -np.log(p[np.arange(len(x)), labels]).mean() < 0.35
    assert (p.argmax(axis=1) == labels).mean() > 0.9
    assert average.weights.argmax() not in (0, 5)  # neither the slowest nor the fastest
