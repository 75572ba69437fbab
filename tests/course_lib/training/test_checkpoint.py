"""A run that was cut short and goes on ends as one that was not: to the same bits."""

import os

import numpy as np
import pytest

from course_lib.operations.losses import cross_entropy
from course_lib.optimizers import SGD, Adam, Momentum
from course_lib.schedules import Plateau, Scheduler, cosine
from course_lib.training import fit
from tests.course_lib.training.layers import assert_same, make_network, make_samples


class Session:
    """What a Python session holds that trains: new objects, of the same seeds."""

    def __init__(self, bits=np.random.PCG64, optimizer=Adam, seed=0):
        self.network = make_network(seed)
        self.optimizer = optimizer(self.network.parameters(), lr=0.05)
        self.rng = np.random.Generator(bits(seed + 2))
        self.network[0].rng = np.random.Generator(bits(seed + 3))

    def train(self, loss=cross_entropy, **settings):
        x, labels = make_samples()
        arguments = {
            "epochs": 5,
            "batch_size": 4,
            "rng": self.rng,
            "validation": make_samples(6, seed=8),
            "augment": jitter,
            "progress": False,
        }
        self.history = fit(
            self.network, loss, self.optimizer, x, labels, **(arguments | settings)
        )
        return self.history

    def assert_equal(self, other):
        assert_same(self.network.state_dict(), other.network.state_dict())
        assert_same(self.optimizer.state_dict(), other.optimizer.state_dict())
        assert self.history == other.history
        for mine, theirs in [
            (self.rng, other.rng),
            (self.network[0].rng, other.network[0].rng),
        ]:
            np.testing.assert_equal(
                mine.bit_generator.state, theirs.bit_generator.state
            )


def jitter(x, *, rng):
    return x + 0.1 * rng.normal(size=x.shape)


class PowerCut(BaseException):
    """Ends a session where it stands; nothing in the library expects it."""


def failing_loss(step):
    """A loss that fails at a step, counted from 1."""
    calls = 0

    def loss(logits, *, labels):
        nonlocal calls
        calls += len(labels) in (4, 2)  # and not those of the validation samples
        if calls == step:
            raise PowerCut
        return cross_entropy(logits, labels=labels)

    return loss


@pytest.fixture
def path(tmp_path):
    return tmp_path / "run.npz"


@pytest.mark.parametrize("bits", ["PCG64", "MT19937", "Philox", "SFC64", "PCG64DXSM"])
@pytest.mark.parametrize("optimizer", [SGD, Momentum, Adam])
@pytest.mark.parametrize("seed", [0, 1])
def test_a_run_goes_on_to_the_same_bits(bits, optimizer, seed, path):
    kind = {"bits": getattr(np.random, bits), "optimizer": optimizer, "seed": seed}
    whole, cut, resumed = Session(**kind), Session(**kind), Session(**kind)
    whole.train()
    with pytest.raises(PowerCut):
        cut.train(failing_loss(step=3 * 2 + 2), checkpoint=path)  # in the third epoch
    resumed.rng.random(5)  # where the generators are does not matter
    resumed.network[0].rng.random(7)
    resumed.train(checkpoint=path, resume=True)
    resumed.assert_equal(whole)
    assert len(resumed.history.loss) == 5
    assert len(resumed.history.step_loss) == 15


@pytest.mark.parametrize("epoch_schedule", [True, False])
def test_schedules_go_on_too(epoch_schedule, path):
    def session():
        new = Session()
        if epoch_schedule:
            new.schedules = {
                "epoch_schedule": Plateau(new.optimizer, patience=0, threshold=0.2)
            }
        else:
            schedule = cosine(steps=15)
            new.schedules = {"step_schedule": Scheduler(new.optimizer, schedule)}
        return new

    whole, cut, resumed = session(), session(), session()
    whole.train(**whole.schedules)
    with pytest.raises(PowerCut):
        cut.train(failing_loss(3 * 3 + 2), checkpoint=path, **cut.schedules)
    resumed.train(checkpoint=path, resume=True, **resumed.schedules)
    resumed.assert_equal(whole)
    assert len(set(resumed.history.learning_rate)) > 2
    with pytest.raises(ValueError, match=r"with schedules \{.* this run has \{\}"):
        Session().train(checkpoint=path, resume=True)


def test_it_matters_that_all_is_restored(path):
    """Each of the states that a checkpoint holds changes how the run ends."""
    whole = Session()
    whole.train()
    Session().train(epochs=2, checkpoint=path)
    for spoil in [
        lambda session: session.rng.random(),
        lambda session: session.network[0].rng.random(),
        lambda session: session.network[2].running_mean.__iadd__(1e-3),
        lambda session: session.optimizer.states[0]["m"].__iadd__(1e-3),
    ]:
        session = Session()
        session.train(epochs=2)
        spoil(session)
        session.train(epochs=3)
        assert not np.array_equal(
            session.network[1].weight.value, whole.network[1].weight.value
        )


def test_early_stopping_goes_on_to_the_same_bits(path):
    """With what it has waited, and the best weights, of which epoch they are."""
    x, labels = make_samples()
    settings = {"patience": 2, "epochs": 40, "validation": (x[:6], labels[:6])}
    whole, cut, resumed, again = (Session(seed=2) for _ in range(4))
    whole.train(**settings)
    last = len(whole.history.loss)
    assert whole.history.stopped_early
    assert 2 < whole.history.best_epoch == last - 2
    settings |= {"checkpoint": path, "resume": True}
    with pytest.raises(PowerCut):  # in the last epoch
        cut.train(failing_loss(step=3 * (last - 1) + 1), **settings)
    resumed.train(**settings)
    resumed.assert_equal(whole)
    again.train(**settings)  # nothing is left to do
    again.assert_equal(resumed)


def test_more_epochs_can_follow_the_last(path):
    whole, first, second = Session(), Session(), Session()
    whole.train(epochs=4)
    first.train(epochs=1, checkpoint=path)
    second.train(epochs=4, checkpoint=path, resume=True)
    second.assert_equal(whole)


def test_best_weights_are_not_what_a_run_goes_on_from(path):
    whole, first, second = Session(), Session(), Session()
    whole.train(epochs=9, patience=9)
    first.train(epochs=5, patience=9, checkpoint=path, min_delta=10.0)
    assert first.history.best_epoch == 1
    second.train(epochs=9, patience=9, checkpoint=path, resume=True)
    assert second.history.loss == whole.history.loss


def test_a_run_begins_where_there_is_no_checkpoint(path):
    whole, resumed = Session(), Session()
    whole.train()
    resumed.train(checkpoint=str(path), resume=True)
    resumed.assert_equal(whole)
    assert path.exists()


def test_without_resume_a_run_begins_anew(path):
    Session(seed=1).train(checkpoint=path)
    whole, again = Session(), Session()
    whole.train()
    again.train(checkpoint=path)
    again.assert_equal(whole)


def test_a_stopped_run_goes_on_from_its_last_epoch(path):
    def stopped(logits, *, labels):
        nonlocal calls
        calls += 1
        if calls == 9:
            raise KeyboardInterrupt
        return cross_entropy(logits, labels=labels)

    calls = 0
    whole, first, second = Session(), Session(), Session()
    whole.train()
    assert first.train(stopped, checkpoint=path).interrupted
    second.train(checkpoint=path, resume=True)
    second.assert_equal(whole)
    assert not second.history.interrupted


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_write_that_is_cut_short_leaves_the_old_file(failing, path, monkeypatch):
    Session().train(epochs=1, checkpoint=path)
    before = path.read_bytes()

    def fail(*_):
        raise PowerCut

    monkeypatch.setattr(os, failing, fail)
    with pytest.raises(PowerCut):
        Session(seed=1).train(epochs=1, checkpoint=path)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["run.npz"]


def test_the_file_holds_arrays_and_text_only(path):
    Session().train(epochs=1, checkpoint=path)
    with np.load(path, allow_pickle=False) as archive:
        kinds = {archive[name].dtype.kind for name in archive.files}
    assert kinds <= set("iufbU")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: b"",
        lambda content: b"not a checkpoint",
        lambda content: content[: len(content) // 2],
        lambda content: content[:700] + bytes(40) + content[740:],
    ],
    ids=["empty", "text", "truncated", "damaged"],
)
def test_a_damaged_file_is_named_and_changes_nothing(spoil, path):
    Session().train(epochs=1, checkpoint=path)
    path.write_bytes(spoil(path.read_bytes()))
    session, untouched = Session(), Session()
    with pytest.raises(ValueError, match=r"^fit: .*run\.npz is not a checkpoint"):
        session.train(checkpoint=path, resume=True)
    assert_same(session.network.state_dict(), untouched.network.state_dict())


def test_other_archives_are_no_checkpoints(path):
    np.savez(path, weight=np.ones(3))
    with pytest.raises(ValueError, match="is not a checkpoint"):
        Session().train(checkpoint=path, resume=True)
    with open(path, "wb") as file:
        np.save(file, np.ones(3))
    with pytest.raises(ValueError, match="is not a checkpoint"):
        Session().train(checkpoint=path, resume=True)


@pytest.mark.parametrize(
    ("kind", "settings", "expected"),
    [
        ({}, {"batch_size": 5}, "with batch_size 4, this run has 5"),
        ({"optimizer": SGD}, {}, "with optimizer Adam, this run has SGD"),
        ({"bits": np.random.SFC64}, {}, "with generators .*PCG64.* has .*SFC64"),
    ],
)
def test_another_runs_checkpoint_is_refused(kind, settings, expected, path):
    Session().train(epochs=1, checkpoint=path)
    session, untouched = Session(**kind), Session(**kind)
    with pytest.raises(ValueError, match=rf"^fit: the checkpoint .* {expected}"):
        session.train(checkpoint=path, resume=True, **settings)
    assert_same(session.network.state_dict(), untouched.network.state_dict())


def test_a_generator_that_was_shared_has_to_be_shared_again(path):
    shared, resumed, apart = Session(), Session(), Session()
    for session in [shared, resumed]:
        session.network[0].rng = session.rng
    shared.train(epochs=2, checkpoint=path)
    shared.train(epochs=5, checkpoint=path, resume=True)
    whole = Session()
    whole.network[0].rng = whole.rng
    whole.train()
    shared.assert_equal(whole)
    resumed.train(checkpoint=path, resume=True)
    resumed.assert_equal(whole)
    expected = r"network\.0\.rng': 'PCG64 of fit'.* has .*PCG64 of network\.0\.rng"
    with pytest.raises(ValueError, match=expected):
        apart.train(checkpoint=path, resume=True)


def test_another_networks_checkpoint_is_refused(path):
    Session().train(epochs=1, checkpoint=path)
    session = Session()
    session.network[2].extra = np.zeros(2)
    with pytest.raises(ValueError, match=r"with parameters .* has .*2\.extra"):
        session.train(checkpoint=path, resume=True)


def test_to_go_on_takes_a_checkpoint():
    with pytest.raises(ValueError, match=r"^fit: resume is True, but there is no"):
        Session().train(resume=True)
