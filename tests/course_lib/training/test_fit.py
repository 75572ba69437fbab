"""Training: what it measures, what it leaves behind, and how it says no."""

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import torch

from course_lib.data import batches, load_digits, split
from course_lib.graph import Node, apply, backpropagate
from course_lib.initializers import he_normal
from course_lib.layers import Dense, Layer, ReLU, Sequential
from course_lib.operations.losses import cross_entropy, mse
from course_lib.optimizers import SGD, Adam
from course_lib.optimizers.clipping import clip_grad_norm
from course_lib.schedules import Plateau, Scheduler
from course_lib.training import EVALUATION_BATCH, History, evaluate, fit
from course_lib.training.evaluation import accuracy

FEATURES, CLASSES = 5, 3


def make_network(seed: int = 0) -> Sequential:
    rng = np.random.default_rng(seed)
    return Sequential(Dense(FEATURES, 7, rng=rng), ReLU(), Dense(7, CLASSES, rng=rng))


def make_samples(n: int = 10) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    return rng.normal(size=(n, FEATURES)), rng.integers(CLASSES, size=n)


def train(network: Layer, *, lr: float = 0.1, **settings: Any) -> History:
    """fit with what most tests need; `settings` replace it."""
    x, labels = make_samples()
    arguments = {
        "loss": cross_entropy,
        "optimizer": SGD(network.parameters(), lr=lr),
        "x": x,
        "labels": labels,
        "epochs": 3,
        "batch_size": 4,
        "rng": np.random.default_rng(2),
        "progress": False,
    }
    return fit(network, **(arguments | settings))


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_small_network_learns_the_digits(seed: int) -> None:
    """Over 20 seeds the test accuracy was 0.979 on average, with a standard deviation
    of 0.010 and a minimum of 0.958: the bound lies three of these below the mean."""
    rng = np.random.default_rng(seed)
    images, labels = load_digits()
    training, test = split(images.reshape(-1, 64), labels, rng=rng)
    network = Sequential(
        Dense(64, 256, initializer=he_normal, rng=rng), ReLU(), Dense(256, 10, rng=rng)
    )
    optimizer = Adam(network.parameters(), lr=3e-3)
    history = fit(
        network,
        cross_entropy,
        optimizer,
        *training,
        epochs=15,
        batch_size=32,
        rng=rng,
        progress=False,
    )
    assert evaluate(network, cross_entropy, *test).accuracy >= 0.95
    assert history.loss[-1] < 0.1 * history.loss[0]


def test_ends_where_the_same_loop_in_torch_ends() -> None:
    x, labels = make_samples()
    network = make_network()
    reference = torch.nn.Sequential(
        torch.nn.Linear(FEATURES, 7), torch.nn.ReLU(), torch.nn.Linear(7, CLASSES)
    ).double()
    reference.load_state_dict(
        {name: torch.tensor(array) for name, array in network.state_dict().items()}
    )
    optimizer = torch.optim.SGD(reference.parameters(), lr=0.1)
    rng, losses = np.random.default_rng(2), []
    for _ in range(3):
        total = 0.0
        for batch_x, batch_labels in batches(x, labels, batch_size=4, rng=rng):
            optimizer.zero_grad()
            logits = reference(torch.tensor(batch_x))
            loss = torch.nn.functional.cross_entropy(logits, torch.tensor(batch_labels))
            loss.backward()
            optimizer.step()
            total += float(loss.detach()) * len(batch_x)
        losses.append(total / len(x))

    history = train(network, lr=0.1)
    np.testing.assert_allclose(history.loss, losses, rtol=1e-12)
    for name, array in network.state_dict().items():
        np.testing.assert_allclose(array, reference.state_dict()[name], rtol=1e-11)


def test_means_are_over_samples_and_not_over_batches() -> None:
    """Batches of 4, 4 and 2; at a rate of zero each sees the same network."""
    network = make_network()
    x, labels = make_samples()
    logits = network.predict(x)
    loss, _ = cross_entropy(logits, labels=labels)
    history = train(network, lr=0.0, validation=(x, labels))
    np.testing.assert_allclose(history.loss, [loss] * 3, rtol=1e-14)
    np.testing.assert_allclose(history.validation_loss, [loss] * 3, rtol=1e-14)
    right = np.mean(
        [row.argmax() == label for row, label in zip(logits, labels, strict=True)]
    )
    assert 0 < right < 1
    np.testing.assert_allclose(history.accuracy, [right] * 3, rtol=1e-14)
    np.testing.assert_allclose(history.validation_accuracy, [right] * 3, rtol=1e-14)


def test_evaluation_in_parts_is_evaluation_of_all() -> None:
    network = make_network()
    x, labels = make_samples(2 * EVALUATION_BATCH + 9)
    logits = network.predict(x)
    scores = evaluate(network, cross_entropy, x, labels)
    loss, _ = cross_entropy(logits, labels=labels)
    np.testing.assert_allclose(scores.loss, loss, rtol=1e-13)
    np.testing.assert_allclose(scores.accuracy, np.mean(logits.argmax(1) == labels))


def test_validation_is_measured_after_the_epoch_and_not_trained_on() -> None:
    x, labels = make_samples()
    with_validation, without = make_network(), make_network()
    history = train(with_validation, validation=(x[:6], labels[:6]))
    assert train(without).loss == history.loss
    for name, array in without.state_dict().items():
        np.testing.assert_array_equal(with_validation.state_dict()[name], array)
    last = evaluate(without, cross_entropy, x[:6], labels[:6])
    assert history.validation_loss[-1] == last.loss
    assert history.validation_accuracy[-1] == last.accuracy


def test_going_on_with_the_same_generator_changes_nothing() -> None:
    network, in_two_parts = make_network(), make_network()
    uninterrupted = train(network, epochs=5)
    rng = np.random.default_rng(2)
    optimizer = SGD(in_two_parts.parameters(), lr=0.1)
    parts = [
        train(in_two_parts, epochs=epochs, optimizer=optimizer, rng=rng)
        for epochs in (2, 3)
    ]
    assert parts[0].loss + parts[1].loss == uninterrupted.loss


class Spy(Layer):
    """Passes its input on, and remembers each in which mode."""

    def __init__(self) -> None:
        self.seen: list[tuple[bool, np.ndarray]] = []

    def __call__(self, x: Any) -> Any:
        x = x if isinstance(x, Node) else Node(x)
        self.seen.append((self.training, x.value.copy()))
        return x


def test_every_epoch_has_every_sample_in_a_new_order() -> None:
    spy = Spy()
    train(Sequential(spy, make_network()))
    x, _ = make_samples()
    dealt = [batch for training, batch in spy.seen if training]
    assert [len(batch) for batch in dealt] == [4, 4, 2] * 3
    epochs = [np.concatenate(dealt[i : i + 3]) for i in (0, 3, 6)]
    for epoch in epochs:
        np.testing.assert_array_equal(np.sort(epoch, axis=0), np.sort(x, axis=0))
    assert not np.array_equal(epochs[0], epochs[1])


def test_layers_train_in_training_mode_and_are_evaluated_in_the_other() -> None:
    spy, frozen = Spy(), Spy()
    network = Sequential(spy, frozen, make_network())
    frozen.eval()
    train(network, epochs=1, validation=make_samples())
    modes = [training for training, batch in spy.seen if len(batch) > 1]
    assert modes == [True, True, True, False]
    assert [training for training, batch in frozen.seen if len(batch) > 1] == modes
    assert (network.training, spy.training, frozen.training) == (True, True, False)


def test_modes_are_put_back_after_an_error() -> None:
    network = make_network().eval()
    with pytest.raises(FloatingPointError):
        train(network, lr=1e300)
    assert not any(layer.training for layer in network.layers())


def test_stopping_by_hand_keeps_the_epochs_that_were_finished() -> None:
    calls = 0

    def impatient(logits: np.ndarray, *, labels: np.ndarray) -> Any:
        nonlocal calls
        calls += 1
        if calls == 8:  # the second batch of the third epoch
            raise KeyboardInterrupt
        return cross_entropy(logits, labels=labels)

    stopped, finished = make_network(), make_network()
    history = train(stopped, loss=impatient, epochs=5)
    assert history.interrupted
    expected = train(finished, epochs=2)
    assert not expected.interrupted
    assert history.loss == expected.loss
    assert len(history.accuracy) == 2


def test_values_are_learned_as_well_as_classes() -> None:
    x, _ = make_samples()
    targets = np.stack([x[:, 0], -x[:, 1], 0.5 * x[:, 2]], axis=1)
    network = make_network()
    history = train(
        network, loss=mse, labels=targets, epochs=60, validation=(x, targets)
    )
    assert history.loss[-1] < 0.2 * history.loss[0]
    assert np.isnan(history.accuracy).all()
    assert np.isnan(history.validation_accuracy).all()


def hinge(scores: np.ndarray, *, labels: np.ndarray) -> Any:
    """max(0, 1 − ts), for targets t of ±1 and one score a sample."""
    t = labels[:, None]
    active = t * scores < 1
    loss = np.mean(np.where(active, 1 - t * scores, 0))
    return loss, lambda dy: np.where(active, -t, 0) * (dy / len(t))


@pytest.mark.parametrize(
    ("loss", "outputs", "labels"),
    [
        (hinge, 1, np.where(np.arange(10) < 5, 1.0, -1.0)),
        (mse, CLASSES, np.arange(10 * CLASSES).reshape(10, CLASSES)),
    ],
    ids=["signs", "whole numbers"],
)
def test_there_is_no_accuracy_where_labels_are_not_classes(
    loss: Any, outputs: int, labels: np.ndarray
) -> None:
    network = Sequential(Dense(FEATURES, outputs, rng=np.random.default_rng(0)))
    history = train(network, loss=loss, labels=labels, lr=0.01)
    assert history.loss[-1] < history.loss[0]
    assert np.isnan(history.accuracy).all()


def test_samples_are_only_read() -> None:
    x, labels = make_samples()
    x.flags.writeable = labels.flags.writeable = False
    train(make_network(), x=x, labels=labels, validation=(x, labels))


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"epochs": 0}, "fit: epochs is 0"),
        ({"batch_size": 0}, "batch_size 0"),
        ({"labels": np.zeros(9, int)}, r"fit: samples have shape \(10, 5\)"),
        ({"x": 3.0}, r"^fit: samples have shape \(\), labels \(10,\)"),
        ({"labels": 3}, r"^fit: samples have shape \(10, 5\), labels \(\)"),
        ({"x": np.zeros((0, 5)), "labels": np.zeros(0, int)}, "^fit: .*at least 1"),
        (
            {"labels": np.full(10, 3)},
            "^fit: labels run from 3 to 3.*Do the labels start",
        ),
        ({"labels": np.full(10, -1)}, "^fit: labels run from -1 to -1"),
        (
            {"validation": (np.zeros((4, 5)), np.full(4, 3))},
            "fit: validation: labels run from 3 to 3",
        ),
        (
            {"validation": (np.zeros((4, 5)), np.zeros(5, int))},
            r"fit: validation: samples have shape \(4, 5\), labels \(5,\)",
        ),
    ],
)
def test_faulty_input_is_refused_before_anything_moves(
    settings: dict[str, Any], expected: str
) -> None:
    network = make_network()
    before = network.state_dict()
    with pytest.raises(ValueError, match=expected):
        train(network, **settings)
    for name, array in network.state_dict().items():
        np.testing.assert_array_equal(array, before[name])


def test_a_rate_that_is_too_large_is_named() -> None:
    network = make_network()
    expected = (
        r"loss is (nan|inf) in epoch 1, after \d+ steps.*rate of 1e\+300.*smaller"
    )
    with pytest.raises(FloatingPointError, match=expected):
        train(network, lr=1e300)


def test_a_sample_that_is_not_a_number_moves_nothing() -> None:
    x, _ = make_samples()
    x[3, 2] = np.nan
    network = make_network()
    before = network.state_dict()
    with pytest.raises(
        FloatingPointError,
        match=r"after 0 steps.*The samples hold nan \(at \(\d, 2\)\)",
    ):
        train(network, x=x, batch_size=10)
    for name, array in network.state_dict().items():
        np.testing.assert_array_equal(array, before[name])


def test_progress_goes_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    train(make_network(), progress=True, validation=make_samples())
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "epoch 3/3: 100%" in printed.err
    assert "9/9" in printed.err
    assert "validation_accuracy=" in printed.err


def test_no_progress_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    train(make_network(), progress=False)
    assert capsys.readouterr() == ("", "")


def test_works_where_tqdm_is_not_installed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "tqdm", None)
    assert len(train(make_network(), progress=True).loss) == 3
    assert capsys.readouterr() == ("", "")


def test_tqdm_is_imported_only_for_a_bar() -> None:
    code = "import course_lib.training, sys; sys.exit('tqdm' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_gradients_are_clipped_together_and_their_norm_is_kept() -> None:
    x, labels = make_samples()
    network, reference = make_network(), make_network()
    history = train(network, max_norm=0.8)
    optimizer = SGD(reference.parameters(), lr=0.1)
    rng, norms = np.random.default_rng(2), []
    for _ in range(3):
        for part, wanted in batches(x, labels, batch_size=4, rng=rng):
            gradients = backpropagate(
                apply(cross_entropy, reference(part), labels=wanted)
            )
            clipped, norm = clip_grad_norm(gradients, 0.8)
            optimizer.step(clipped)
            norms.append(norm)
    assert min(norms) < 0.8 < max(norms)
    np.testing.assert_allclose(history.gradient_norm, norms, rtol=1e-13)
    for name, array in reference.state_dict().items():
        np.testing.assert_allclose(network.state_dict()[name], array, rtol=1e-12)


def test_each_step_is_recorded() -> None:
    network = make_network()
    history = train(network)
    assert len(history.step_loss) == 9
    np.testing.assert_allclose(
        history.loss,
        np.average(np.reshape(history.step_loss, (3, 3)), axis=1, weights=[4, 4, 2]),
    )
    assert history.learning_rate == [0.1] * 9
    assert history.gradient_norm == []


def test_a_schedule_by_step_comes_after_each_step() -> None:
    network = make_network()
    optimizer = SGD(network.parameters(), lr=0.5)
    schedule = Scheduler(optimizer, lambda t: 1 / (1 + t))
    history = train(network, optimizer=optimizer, step_schedule=schedule)
    np.testing.assert_allclose(history.learning_rate, 0.5 / np.arange(1, 10))


def test_a_schedule_by_epoch_comes_after_each_epoch() -> None:
    network = make_network()
    optimizer = SGD(network.parameters(), lr=0.5)
    schedule = Scheduler(optimizer, lambda t: 1 / (1 + t))
    history = train(network, optimizer=optimizer, epoch_schedule=schedule)
    expected = np.repeat([0.5, 0.25, 0.5 / 3], 3)
    np.testing.assert_allclose(history.learning_rate, expected)


@pytest.mark.parametrize("with_validation", [True, False])
def test_a_plateau_goes_by_the_validation_loss_if_there_is_one(
    with_validation: bool,
) -> None:
    """The one falls, the other does not: its labels are shifted."""
    x, labels = make_samples()
    network = make_network()
    optimizer = SGD(network.parameters(), lr=0.5)
    history = train(
        network,
        optimizer=optimizer,
        epoch_schedule=Plateau(optimizer, factor=0.1, patience=0),
        validation=(x, (labels + 1) % CLASSES) if with_validation else None,
    )
    measured = history.validation_loss or history.loss
    assert history.loss == sorted(history.loss, reverse=True)
    assert (measured[1] < measured[0]) != with_validation
    rates = [0.5, 0.5, 0.05] if with_validation else [0.5, 0.5, 0.5]
    np.testing.assert_allclose(history.learning_rate, np.repeat(rates, 3))


@pytest.mark.parametrize("name", ["step_schedule", "epoch_schedule"])
def test_another_optimizers_schedule_is_refused(name: str) -> None:
    network = make_network()
    schedule = Scheduler(SGD(network.parameters(), lr=0.1), lambda t: 1.0)
    with pytest.raises(ValueError, match=f"^fit: {name} was made for another"):
        train(network, **{name: schedule})


def test_a_plateau_needs_epochs() -> None:
    network = make_network()
    optimizer = SGD(network.parameters(), lr=0.1)
    with pytest.raises(ValueError, match=r"^fit: step_schedule is a Plateau"):
        train(network, optimizer=optimizer, step_schedule=Plateau(optimizer))


def test_augmentation_is_for_training_samples_only() -> None:
    """It draws from the generator of the run, and sees each batch once."""
    spy = Spy()
    network = Sequential(spy, make_network())
    drawn = []

    def shift(batch: np.ndarray, *, rng: np.random.Generator) -> np.ndarray:
        drawn.append(rng.normal(size=batch.shape))
        return batch + 100 + drawn[-1]

    x, labels = make_samples()
    train(network, augment=shift, validation=(x, labels), epochs=2)
    trained = [batch for training, batch in spy.seen if training]
    tested = [batch for training, batch in spy.seen if not training and len(batch) > 1]
    assert len(trained) == len(drawn) == 6
    assert not np.array_equal(drawn[0], drawn[1])
    for epoch in [0, 3]:
        before = np.concatenate(
            [trained[i] - drawn[i] - 100 for i in range(epoch, epoch + 3)]
        )
        np.testing.assert_allclose(
            np.sort(before, axis=0), np.sort(x, axis=0), atol=1e-12
        )
    for batch in tested:
        np.testing.assert_array_equal(batch, x)


def test_a_class_for_every_position_has_an_accuracy() -> None:
    logits = np.zeros((2, 3, 4, 5))
    labels = np.zeros((2, 4, 5), int)
    logits[:, 1] = 1
    labels[0, :, :2] = labels[1, 0] = 1
    assert accuracy(logits, labels) == (8 + 5) / 40
    assert np.isnan(accuracy(logits, labels[:, :3]))


def test_a_bar_begins_where_a_run_goes_on(
    tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "run"
    train(make_network(), epochs=2, checkpoint=path)
    train(make_network(), epochs=3, checkpoint=path, resume=True, progress=True)
    printed = capsys.readouterr().err
    assert " 6/9" in printed
    assert " 5/9" not in printed
    assert "9/9" in printed
