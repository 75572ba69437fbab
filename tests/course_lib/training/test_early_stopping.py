"""Training ends when it gets no better, and the best weights return, not the last."""

import numpy as np
import pytest

from course_lib.layers import Dense, Sequential
from course_lib.operations.losses import cross_entropy, mse
from course_lib.optimizers import SGD
from course_lib.training import evaluate, fit
from tests.course_lib.training.layers import (
    assert_same,
    make_network,
    make_samples,
)


def train(network, losses=None, *, patience, epochs=50, **settings):
    """With `losses`, what the validation gives in each epoch is decided beforehand."""
    script = iter(losses or [])

    def loss(logits, *, labels):
        value, backward = cross_entropy(logits, labels=labels)
        is_validation = losses is not None and len(labels) == 7
        return np.array(next(script)) if is_validation else value, backward

    x, labels = make_samples()
    return fit(
        network,
        loss,
        SGD(network.parameters(), lr=0.1),
        x,
        labels,
        epochs=epochs,
        batch_size=4,
        rng=np.random.default_rng(2),
        validation=make_samples(7, seed=8),
        patience=patience,
        progress=False,
        **settings,
    )


@pytest.mark.parametrize(
    ("losses", "patience", "min_delta", "epochs", "best"),
    [
        ([5, 4, 3, 4, 4], 2, 0.0, 5, 3),
        ([5, 4, 4, 4], 2, 0.0, 4, 2),  # no better is not better
        ([5, 6, 4, 6, 3, 6, 6], 2, 0.0, 7, 5),  # what was waited is forgotten
        ([5, 6], 1, 0.0, 2, 1),
        ([5, 4.5, 4.0, 3.5, 3.4], 2, 0.9, 5, 3),  # 4.0 is 1 below 5, 3.4 not 0.9 below
        ([5, float("nan"), 4, float("nan"), float("nan")], 2, 0.0, 5, 3),
        ([float("nan")] * 3, 3, 0.0, 3, None),
    ],
)
def test_stops_after_so_many_epochs_without_a_new_lowest(
    losses, patience, min_delta, epochs, best
):
    network = make_network()
    history = train(network, losses, patience=patience, min_delta=min_delta)
    assert history.stopped_early
    assert len(history.loss) == len(history.validation_loss) == epochs
    assert history.best_epoch == best
    assert_same(network.state_dict(), state_after(best or epochs))


def state_after(epochs):
    """The network's arrays, buffers too, after so many epochs of plain training."""
    network = make_network()
    x, labels = make_samples()
    fit(
        network,
        cross_entropy,
        SGD(network.parameters(), lr=0.1),
        x,
        labels,
        epochs=epochs,
        batch_size=4,
        rng=np.random.default_rng(2),
        progress=False,
    )
    return network.state_dict()


def test_the_best_weights_return_where_all_epochs_are_used_up():
    network = make_network()
    history = train(network, [3, 2, 4, 5], patience=9, epochs=4)
    assert not history.stopped_early
    assert history.best_epoch == 2
    assert_same(network.state_dict(), state_after(2))


def test_the_network_scores_what_its_best_epoch_scored():
    """On noise: the validation loss falls, and rises as the noise is learned."""
    rng = np.random.default_rng(0)
    x, held_out = rng.normal(size=(12, 9)), rng.normal(size=(40, 9))
    target = lambda x: x[:, :1] + 0.8 * rng.normal(size=(len(x), 1))  # noqa: E731
    y, wanted = target(x), target(held_out)
    network = Sequential(Dense(9, 1, rng=rng))
    history = fit(
        network,
        mse,
        SGD(network.parameters(), lr=0.05),
        x,
        y,
        epochs=300,
        batch_size=12,
        rng=rng,
        validation=(held_out, wanted),
        patience=20,
        progress=False,
    )
    assert history.stopped_early
    lowest = min(history.validation_loss)
    assert history.validation_loss[-1] > lowest
    assert history.validation_loss.index(lowest) + 1 == history.best_epoch
    assert evaluate(network, mse, held_out, wanted).loss == lowest
    assert np.isnan(history.accuracy).all()


def test_without_patience_the_last_weights_stay():
    network = make_network()
    history = train(network, [3, 2, 4, 5], patience=None, epochs=4)
    assert (history.best_epoch, history.stopped_early) == (None, False)
    assert_same(network.state_dict(), state_after(4))


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"patience": 0}, "^fit: patience is 0"),
        ({"patience": 2, "min_delta": -0.1}, "min_delta -0.1"),
        ({"patience": 2, "min_delta": float("nan")}, "min_delta nan"),
        ({"patience": 2, "validation": None}, "^fit: patience is 2, but there are no"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings, expected):
    network = make_network()
    x, labels = make_samples()
    arguments = {"validation": (x, labels), "epochs": 1, "batch_size": 4} | settings
    with pytest.raises(ValueError, match=expected):
        fit(
            network,
            cross_entropy,
            SGD(network.parameters(), lr=0.1),
            x,
            labels,
            rng=np.random.default_rng(2),
            **arguments,
        )
    assert_same(network.state_dict(), make_network().state_dict())
