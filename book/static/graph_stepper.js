// A computational graph, one operation at a time: values on the way forward, gradients on
// the way back. The reader may pick any operation; one that can't go yet says why.
(function (root) {
  "use strict";

  const OPERATIONS = {
    add: {
      symbol: "+",
      value: (a, b) => a + b,
      backward: (dy) => [dy, dy],
    },
    multiply: {
      symbol: "×",
      value: (a, b) => a * b,
      backward: (dy, [a, b]) => [dy * b, dy * a],
    },
    sigmoid: {
      symbol: "σ",
      // No exponential of a positive number, as in course_lib.
      value: (z) => {
        const small = Math.exp(-Math.abs(z));
        return (z >= 0 ? 1 : small) / (1 + small);
      },
      backward: (dy, inputs, y) => [dy * (y * (1 - y))],
    },
  };

  // operations: name → [operation, inputs], in one possible order. places: centers in a
  // drawing 480 wide. shares: where the share of an edge stands, for values used twice.
  const GRAPHS = {
    diamond: {
      formula: "e = (a + b)(b + 1)",
      inputs: { a: 2, b: 1 },
      constants: { 1: 1 },
      operations: {
        c: ["add", ["a", "b"]],
        d: ["add", ["b", "1"]],
        e: ["multiply", ["c", "d"]],
      },
      places: { a: [50, 40], b: [50, 125], 1: [118, 215], c: [220, 60], d: [220, 190], e: [350, 125] },
      shares: { "b>c": [172, 112], "b>d": [172, 150] },
      height: 250,
    },
    product: {
      formula: "O = (A + B) C",
      inputs: { A: 2, B: 1, C: 4 },
      constants: {},
      operations: { S: ["add", ["A", "B"]], O: ["multiply", ["S", "C"]] },
      places: { A: [70, 40], B: [70, 130], S: [190, 85], C: [190, 190], O: [320, 135] },
      shares: {},
      height: 230,
    },
    neuron: {
      formula: "y = σ(w₀x₀ + w₁x₁ + w₂)",
      inputs: { "w₀": 2, "x₀": -1, "w₁": -3, "x₁": -2, "w₂": -3 },
      constants: {},
      operations: {
        p: ["multiply", ["w₀", "x₀"]],
        q: ["multiply", ["w₁", "x₁"]],
        r: ["add", ["p", "q"]],
        z: ["add", ["r", "w₂"]],
        y: ["sigmoid", ["z"]],
      },
      places: {
        "w₀": [28, 34], "x₀": [28, 100], "w₁": [28, 166], "x₁": [28, 232],
        p: [128, 67], q: [128, 199], r: [220, 133], "w₂": [220, 215], z: [312, 155], y: [400, 155],
      },
      shares: {},
      height: 262,
    },
  };

  const names = (graph) => Object.keys(graph.operations);
  const users = (graph, name) =>
    names(graph).filter((user) => graph.operations[user][1].includes(name));

  // Why an operation can't go next, or null if it can. Forward it needs its inputs;
  // backward it needs every user of its value to have gone.
  function obstacle(graph, done, name) {
    const count = names(graph).length;
    const forward = done.length < count;
    const gone = forward ? done : done.slice(count);
    if (done.length === 2 * count) return "All is done.";
    if (gone.includes(name)) return `${name} has gone already.`;
    const needed = forward
      ? graph.operations[name][1].filter((input) => input in graph.operations)
      : users(graph, name);
    const missing = needed.filter((other) => !gone.includes(other));
    if (missing.length === 0) return null;
    return forward
      ? `${name} can’t go yet: it waits for the value of ${missing.join(" and ")}.`
      : `${name} can’t go yet: its gradient lacks a share from ${missing.join(" and ")}.`;
  }

  // The operation that Next takes.
  function next(graph, done) {
    const order = names(graph);
    if (done.length >= order.length) order.reverse();
    return order.find((name) => obstacle(graph, done, name) === null);
  }

  // All that is known after the moves `done`: values, the gradients so far, whether they
  // are complete, and the share on each edge, "input>operation".
  function play(graph, inputs, done) {
    const count = names(graph).length;
    const values = { ...graph.constants, ...inputs };
    for (const name of done.slice(0, count)) {
      const [operation, from] = graph.operations[name];
      values[name] = OPERATIONS[operation].value(...from.map((input) => values[input]));
    }
    const output = names(graph)[count - 1];
    const gradients = {};
    const shares = {};
    if (done.length >= count) gradients[output] = 1;
    for (const name of done.slice(count)) {
      const [operation, from] = graph.operations[name];
      const sent = OPERATIONS[operation].backward(
        gradients[name], from.map((input) => values[input]), values[name]
      );
      from.forEach((input, i) => {
        shares[`${input}>${name}`] = sent[i];
        gradients[input] = (gradients[input] || 0) + sent[i];
      });
    }
    const back = done.slice(count);
    const complete = (name) => users(graph, name).every((user) => back.includes(user));
    return { values, gradients, shares, complete, output };
  }

  // The moves that a text such as "cdee" stands for, as far as they are possible.
  function readMoves(graph, text) {
    const done = [];
    for (const name of text || "") {
      if (!(name in graph.operations) || obstacle(graph, done, name) !== null) break;
      done.push(name);
    }
    return done;
  }

  // What the last move did, in words.
  function describe(graph, inputs, done, number) {
    const count = names(graph).length;
    const { values, gradients, shares, complete, output } = play(graph, inputs, done);
    const name = done[done.length - 1];
    if (name === undefined) return "Which operation can go first? Press Next, or pick one.";
    const [operation, from] = graph.operations[name];
    const known = from.map((input) => number(values[input]));
    if (done.length <= count) {
      const formula = operation === "sigmoid" ? `σ(${known})` : known.join(` ${OPERATIONS[operation].symbol} `);
      const text = `${name} = ${formula} = ${number(values[name])}.`;
      return done.length < count
        ? text
        : `${text} All values are known; ${output} starts the way back with gradient 1.`;
    }
    const sent = from
      .filter((input) => !(input in graph.constants))
      .map((input) => {
        const arrived = users(graph, input).filter((user) => `${input}>${user}` in shares);
        const sum = arrived.map((user) => number(shares[`${input}>${user}`])).join(" + ");
        const share = `${number(shares[`${input}>${name}`])} to ${input}`;
        if (!complete(input)) return `${share}, where more will arrive`;
        return arrived.length > 1 ? `${share}, which has ${sum} = ${number(gradients[input])}` : share;
      });
    const rule = { add: "copies", multiply: "swaps", sigmoid: "multiplies by y(1 − y)" }[operation];
    const text = `${name} has gradient ${number(gradients[name])} and ${rule}: it sends ${sent.join(", and ")}.`;
    return done.length < 2 * count ? text : `${text} Every edge was used once.`;
  }

  const api = { GRAPHS, obstacle, next, play, readMoves, describe };
  if (typeof module === "object" && module.exports) {
    module.exports = api;
    return;
  }

  const { el, number, gate, mount } = root.courseFigure;
  const RADIUS = 17;
  const STUB = 52; // the straight part of an edge, which carries the labels
  const VERDICTS = {
    0.02: "You predicted 0.02. That is the share through c alone; the one through d adds to it.",
    0.03: "You predicted 0.03. That is the share through d alone; the one through c adds to it.",
    0.05: "You predicted 0.05, and so it is: 2 + 3 = 5 for each unit.",
    0.06: "You predicted 0.06, the product of the shares. They add: 2 + 3 = 5 for each unit.",
  };

  function edge(from, to, port) {
    const [x0, y0] = [from[0] + RADIUS, from[1]];
    const [x1, y1] = [to[0] - RADIUS - 8, to[1] + port];
    const bend = Math.min(x0 + STUB, x1 - 14);
    const middle = (bend + x1) / 2;
    return el(
      "g",
      {},
      el("path", {
        d: `M${x0} ${y0}H${bend}C${middle} ${y0} ${middle} ${y1} ${x1} ${y1}`,
        fill: "none",
        stroke: "currentColor",
      }),
      el("path", { d: `M${x1 + 8} ${y1}l-8 -3.5v7z`, fill: "currentColor" })
    );
  }

  function label(text, x, y, kind) {
    return el("text", { x, y, class: `figure-${kind}`, "text-anchor": "middle" }, text);
  }

  function draw(graph, inputs, done, pick) {
    const { values, gradients, shares, complete, output } = play(graph, inputs, done);
    const svg = el("svg", {
      viewBox: `0 0 480 ${graph.height}`,
      class: "figure-graph",
      role: "group",
      "aria-label": `The graph of ${graph.formula}. Its operations are buttons.`,
    });
    for (const [name, [, from]] of Object.entries(graph.operations)) {
      const arriving = [...from].sort((a, b) => graph.places[a][1] - graph.places[b][1]);
      for (const input of from) {
        const port = arriving.length > 1 ? (arriving.indexOf(input) ? 6 : -6) : 0;
        svg.append(edge(graph.places[input], graph.places[name], port));
      }
    }
    const end = graph.places[output];
    svg.append(edge(end, [end[0] + RADIUS * 2 + STUB + 8, end[1]], 0));
    for (const [name, [x, y]] of Object.entries(graph.places)) {
      if (name in graph.constants) {
        svg.append(label(name, x + 8, y + 5, "name"));
        continue;
      }
      const middle = x + RADIUS + STUB / 2;
      if (name in values) svg.append(label(number(values[name], 3), middle, y - 6, "value"));
      if (name in gradients) {
        const more = complete(name) ? "" : " + …";
        svg.append(label(number(gradients[name], 3) + more, middle, y + 18, "gradient"));
      }
      svg.append(name in graph.operations ? operation(graph, name, done, pick) : input(name, x, y));
    }
    for (const [key, [x, y]] of Object.entries(graph.shares)) {
      if (key in shares) svg.append(label(number(shares[key], 3), x, y, "gradient"));
    }
    return svg;
  }

  function input(name, x, y) {
    return el(
      "g",
      {},
      el("rect", { x: x - RADIUS, y: y - RADIUS, width: 2 * RADIUS, height: 2 * RADIUS, rx: 6, class: "figure-node" }),
      label(name, x, y + 5, "name")
    );
  }

  function operation(graph, name, done, pick) {
    const [x, y] = graph.places[name];
    const times = done.filter((other) => other === name).length;
    const go = () => pick(name);
    return el(
      "g",
      {
        role: "button",
        tabindex: 0,
        "data-operation": name,
        "aria-label": `${OPERATIONS[graph.operations[name][0]].symbol}, computes ${name}`,
        class: `figure-pick figure-times-${times}`,
        onclick: go,
        onkeydown: (event) => {
          if (event.key !== "Enter" && event.key !== " ") return;
          event.preventDefault();
          go();
        },
      },
      el("rect", { x: x - 34, y: y - 34, width: 68, height: 68, fill: "none", "pointer-events": "all" }),
      el("circle", { cx: x, cy: y, r: RADIUS, class: "figure-node" }),
      label(OPERATIONS[graph.operations[name][0]].symbol, x, y + 5, "name"),
      label(name, x, y - RADIUS - 6, "small")
    );
  }

  mount("fig-graph-stepper", (host, record, save) => {
    let name = "diamond";
    let inputs = { ...GRAPHS[name].inputs };
    let done = [];
    const picture = el("div", {});
    const fields = el("div", { class: "figure-controls" });
    const status = el("p", { role: "status", class: "figure-status" });
    const button = (text, onclick) => el("button", { type: "button", onclick }, text);
    const choice = el(
      "select",
      { onchange: () => choose(choice.value) },
      Object.entries(GRAPHS).map(([value, graph]) => el("option", { value }, graph.formula))
    );
    const state = () => ({ graph: name, ...inputs, done: done.join("") });

    function render(message) {
      const focused = picture.contains(document.activeElement)
        ? document.activeElement.dataset.operation
        : undefined;
      const graph = GRAPHS[name];
      picture.replaceChildren(draw(graph, inputs, done, pick));
      if (focused) picture.querySelector(`[data-operation="${focused}"]`)?.focus();
      status.textContent = message || describe(graph, inputs, done, number) + verdict();
    }

    function verdict() {
      const asked = name === "diamond" && inputs.a === 2 && inputs.b === 1;
      const finished = done.length === 2 * names(GRAPHS[name]).length;
      return asked && finished ? ` ${VERDICTS[question.dataset.prediction] || ""}` : "";
    }

    function change(moves, message) {
      done = moves;
      render(message);
      save(state());
    }

    function pick(operation) {
      const reason = obstacle(GRAPHS[name], done, operation);
      if (reason) render(reason);
      else change([...done, operation]);
    }

    function forward() {
      const operation = next(GRAPHS[name], done);
      if (operation) change([...done, operation]);
      else render("All is done. Go back, or change a number.");
    }

    function choose(graph) {
      name = graph;
      inputs = { ...GRAPHS[name].inputs };
      showFields();
      change([]);
    }

    function showFields() {
      choice.value = name;
      fields.replaceChildren(
        el("label", {}, "Formula", choice),
        ...Object.keys(inputs).map((key) => {
          const field = el("input", {
            type: "number",
            step: "any",
            value: inputs[key],
            oninput: () => {
              const value = Number(field.value);
              if (field.value === "" || !Number.isFinite(value)) return;
              inputs[key] = value;
              change(done);
            },
          });
          return el("label", {}, key, field);
        })
      );
    }

    const body = el(
      "div",
      {},
      fields,
      picture,
      status,
      el(
        "div",
        { class: "figure-controls" },
        button("Back", () => change(done.slice(0, -1))),
        button("Next", forward),
        button("Start again", () => change([]))
      )
    );
    const question = gate({
      question: "e = (a + b)(b + 1), a = 2, b = 1. If b rises by 0.01, about how much does e rise?",
      choices: ["0.02", "0.03", "0.05", "0.06"].map((value) => ({ value, label: value })),
      answer: (value) => `You say ${value}. Step through the graph, and read the gradient below b.`,
      body,
    });
    host.append(question, body);
    showFields();
    render();
    record(state());

    return (given) => {
      name = given.graph in GRAPHS ? given.graph : "diamond";
      inputs = { ...GRAPHS[name].inputs };
      for (const key of Object.keys(inputs)) {
        const value = Number(given[key]);
        if (given[key] && Number.isFinite(value)) inputs[key] = value;
      }
      done = readMoves(GRAPHS[name], given.done);
      showFields();
      render();
      record(state());
    };
  });
})(typeof self === "object" ? self : this);
