"""The graph stepper's model, run in node, computes what course_lib computes."""

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
from playwright._impl._driver import compute_driver_executable

from course_lib.graph import Node, apply, backpropagate, topological_order
from course_lib.operations import activations

STATIC = Path(__file__).parents[2] / "book/static"


def node(program):
    """What an expression is, as JSON; `m` is the model and `f` is figure.js."""
    head = (
        f"const m = require({str(STATIC / 'graph_stepper.js')!r});"
        f"const f = require({str(STATIC / 'figure.js')!r});"
    )
    executable = compute_driver_executable()[0]
    run = subprocess.run(
        [executable, "-e", head + f"console.log(JSON.stringify({program}))"],
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(run.stdout)


def diamond(a, b):
    c, d = a + b, b + 1
    return {"c": c, "d": d, "e": c * d}


def product(A, B, C):
    S = A + B
    return {"S": S, "O": S * C}


def neuron(w0, x0, w1, x1, w2):
    p, q = w0 * x0, w1 * x1
    r = p + q
    z = r + w2
    return {"p": p, "q": q, "r": r, "z": z, "y": apply(activations.sigmoid, z)}


GRAPHS = {"diamond": diamond, "product": product, "neuron": neuron}


def library(name, inputs):
    """Values, gradients and shares of a graph, by the stepper's names."""
    nodes = {key: Node(value) for key, value in inputs.items()}
    nodes |= GRAPHS[name](*nodes.values())
    output = list(nodes.values())[-1]
    gradients = backpropagate(output, keep=True)
    keys = {node: key for key, node in nodes.items()}
    made = {node.call: key for node, key in keys.items() if node.call}
    shares = {}
    for call in topological_order(output):
        result = next(node for node in nodes.values() if node.call is call)
        sent = call.gradients({0: gradients[result]})
        for source, share in zip(call.inputs, sent, strict=True):
            if source in keys:  # a constant has no name
                shares[f"{keys[source]}>{made[call]}"] = float(share)
    return {
        "values": {key: float(node.value) for key, node in nodes.items()},
        "gradients": {key: float(gradients[node]) for key, node in nodes.items()},
        "shares": shares,
    }


def played(name, inputs):
    """The same from the model, when Next was pressed until nothing was left."""
    return node(
        f"""(() => {{
            const graph = m.GRAPHS[{name!r}], done = [];
            for (let go; (go = m.next(graph, done)); ) done.push(go);
            return {{ ...m.play(graph, {json.dumps(inputs)}, done), done }};
        }})()"""
    )


@pytest.mark.parametrize("name", GRAPHS)
def test_values_gradients_and_shares_are_the_librarys(name):
    rng = np.random.default_rng(0)
    standard = node(f"m.GRAPHS[{name!r}].inputs")
    for case in range(3):
        drawn = dict(zip(standard, rng.normal(size=len(standard)), strict=True))
        inputs = drawn if case else standard
        found = played(name, inputs)
        for kind, expected in library(name, inputs).items():
            for key, value in expected.items():
                assert found[kind][key] == pytest.approx(value, rel=1e-14, abs=1e-14)


def test_the_sigmoid_of_the_stepper_is_safe_too():
    inputs = {"w₀": 1, "x₀": -1000, "w₁": 0, "x₁": 0, "w₂": 0}
    found = played("neuron", inputs)
    assert found["values"]["y"] == 0
    assert found["gradients"]["z"] == 0


def test_the_default_diamond_has_the_shares_of_the_chapter():
    found = played("diamond", {"a": 2, "b": 1})
    assert found["done"] == list("cdeedc")
    assert found["shares"]["b>c"] == 2
    assert found["shares"]["b>d"] == 3
    assert found["gradients"]["b"] == 5


@pytest.mark.parametrize(
    ("graph", "done", "name", "reason"),
    [
        ("diamond", "", "e", "waits for the value of c and d"),
        ("diamond", "c", "e", "waits for the value of d"),
        ("diamond", "cd", "e", None),
        ("diamond", "c", "c", "c has gone already"),
        ("diamond", "cde", "c", "lacks a share from e"),
        ("diamond", "cdee", "c", None),
        ("diamond", "cdeedc", "c", "All is done"),
        ("neuron", "pqrzy", "q", "lacks a share from r"),
        ("neuron", "q", "p", None),
    ],
)
def test_an_operation_that_cannot_go_says_why(graph, done, name, reason):
    found = node(f"m.obstacle(m.GRAPHS[{graph!r}], [...{done!r}], {name!r})")
    assert found is None if reason is None else reason in found


def test_every_order_that_the_model_admits_gives_the_same_gradients():
    orders = node(
        """(() => {
            const graph = m.GRAPHS.diamond, all = [];
            const walk = (done) => {
                const ready = [..."cde"].filter((x) => !m.obstacle(graph, done, x));
                if (ready.length === 0) all.push([done.join(""),
                    m.play(graph, graph.inputs, done).gradients]);
                ready.forEach((x) => walk([...done, x]));
            };
            walk([]);
            return all;
        })()"""
    )
    assert sorted(order for order, _ in orders) == [
        "cdeecd",
        "cdeedc",
        "dceecd",
        "dceedc",
    ]
    for _, gradients in orders:
        assert gradients == {"a": 2, "b": 5, "1": 3, "c": 2, "d": 3, "e": 1}


def test_a_gradient_with_a_missing_share_is_not_complete():
    half = node("m.play(m.GRAPHS.diamond, {a: 2, b: 1}, [...'cdeed']).complete('b')")
    whole = node("m.play(m.GRAPHS.diamond, {a: 2, b: 1}, [...'cdeedc']).complete('b')")
    assert (half, whole) == (False, True)


def test_moves_in_an_address_are_followed_as_far_as_they_are_possible():
    assert node("m.readMoves(m.GRAPHS.diamond, 'cdeed')") == list("cdeed")
    assert node("m.readMoves(m.GRAPHS.diamond, 'cec')") == ["c"]
    assert node("m.readMoves(m.GRAPHS.diamond, undefined)") == []


def test_each_move_is_told_with_its_numbers():
    def told(done):
        return node(
            f"m.describe(m.GRAPHS.diamond, {{a: 2, b: 1}}, [...{done!r}], f.number)"
        )

    assert told("c") == "c = 2 + 1 = 3."
    assert told("cde").startswith("e = 3 × 2 = 6. All values are known")
    assert told("cdee") == "e has gradient 1 and swaps: it sends 2 to c, and 3 to d."
    assert "3 to b, where more will arrive" in told("cdeed")
    assert "2 to b, which has 2 + 3 = 5" in told("cdeedc")
