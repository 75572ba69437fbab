// Adam's first steps without the bias correction, in units of the corrected step, for
// any two decay rates. The gradient is constant; the corrected step is then the rate η.
(function (root) {
  "use strict";

  const RATES = {
    b1: [0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99],
    b2: [0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999],
  };
  const DEFAULTS = { b1: 0.9, b2: 0.999 };
  const LAST_STEP = 10000;
  const AXIS = { least: 0.01, most: 100 }; // all that the rates allow
  const NEAR = 0.05; // within 5 % of the corrected step

  // 1 − βᵗ, exact for β close to 1 too.
  function filled(beta, t) {
    return -Math.expm1(t * Math.log(beta));
  }

  // Uncorrected step / corrected step, at step t.
  function ratio(beta1, beta2, t) {
    return filled(beta1, t) / Math.sqrt(filled(beta2, t));
  }

  // The first step, the one farthest from the corrected step, and the first step from
  // which on all are near it.
  function summary(beta1, beta2) {
    const result = { first: ratio(beta1, beta2, 1), farthest: 1, at: 1, near: 1 };
    let distance = -1;
    for (let t = 1; t <= LAST_STEP; t += 1) {
      const value = ratio(beta1, beta2, t);
      if (Math.abs(Math.log(value)) > distance) {
        distance = Math.abs(Math.log(value));
        Object.assign(result, { farthest: value, at: t });
      }
      if (Math.abs(value - 1) >= NEAR) result.near = t + 1;
    }
    return result;
  }

  // The rate of the list that is nearest to what a link asks for.
  function known(rates, value, otherwise) {
    const wanted = value === undefined || value === "" ? NaN : Number(value);
    if (Number.isNaN(wanted)) return otherwise;
    return rates.reduce((a, b) => (Math.abs(b - wanted) < Math.abs(a - wanted) ? b : a));
  }

  function describe({ b1, b2 }, number) {
    const { first, farthest, at, near } = summary(b1, b2);
    const size = Math.abs(first - 1) < 1e-9 ? "right" : first > 1 ? "too large" : "too small";
    const sentences = [
      `β₁ = ${b1}, β₂ = ${b2}. Without correction the first step is ` +
        `${number(first, 3)} times the corrected one: ${size}.`,
    ];
    if (at > 1) sentences.push(`Step ${at} is the farthest off, at ${number(farthest, 3)} times.`);
    sentences.push(
      near > 1
        ? `From step ${near.toLocaleString("en-US")} on the two differ by less than 5 %.`
        : "All steps are within 5 % of it."
    );
    return sentences.join(" ");
  }

  function draw(svg, width, { b1, b2 }, { el, logAxis }) {
    const height = Math.min(300, Math.max(230, width * 0.5));
    const x = logAxis(1, LAST_STEP, 58, width - 30);
    const y = logAxis(AXIS.least, AXIS.most, height - 42, 12);
    const text = (px, py, label, anchor = "middle") =>
      el("text", { x: px, y: py, "font-size": 14, "text-anchor": anchor }, label);
    const line = (points, attributes) =>
      el("polyline", {
        points: points.map(([t, value]) => `${x.place(t)},${y.place(value)}`).join(" "),
        fill: "none",
        ...attributes,
      });
    const grid = { stroke: "currentColor", "stroke-width": 0.5, "stroke-opacity": 0.3 };
    const times = [...Array(161).keys()].map((i) => Math.round(10 ** (i / 40)));
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.replaceChildren(
      ...x.ticks().map((t) => line([[t, AXIS.least], [t, AXIS.most]], grid)),
      ...y.ticks().map((value) => line([[1, value], [LAST_STEP, value]], grid)),
      ...x.ticks().map((t) => text(x.place(t), height - 24, t.toLocaleString("en-US"))),
      ...y.ticks().map((value) => text(50, y.place(value) + 5, value, "end")),
      text((58 + width - 30) / 2, height - 6, "step t"),
      line([[1, 1], [LAST_STEP, 1]], {
        stroke: "var(--figure-orange)", "stroke-width": 2.5, "stroke-dasharray": "7 5",
      }),
      line(times.map((t) => [t, ratio(b1, b2, t)]), {
        stroke: "var(--figure-blue)", "stroke-width": 3,
      }),
      el("circle", {
        cx: x.place(1), cy: y.place(ratio(b1, b2, 1)), r: 6, fill: "var(--figure-blue)",
      })
    );
  }

  function build(host, record, save) {
    const tools = root.courseFigure;
    const { el, number, gate } = tools;
    const state = { ...DEFAULTS };
    const svg = el("svg", { role: "img" });
    const status = el("p", { role: "status", class: "figure-status" });
    const sliders = { b1: slider("b1", "β₁"), b2: slider("b2", "β₂") };
    const body = el(
      "div",
      {},
      el("p", {}, "step / η: solid blue without correction, dashed orange with it"),
      svg,
      el("div", { class: "figure-controls" }, sliders.b1.label, sliders.b2.label),
      status
    );

    function slider(key, symbol) {
      const value = el("span", {}); // an <output> would take the label from the input
      const input = el("input", {
        type: "range", min: 0, max: RATES[key].length - 1, step: 1,
        oninput: () => {
          state[key] = RATES[key][Number(input.value)];
          refresh();
          save(state);
        },
      });
      const label = el("label", { style: "flex: 1 1 9rem" }, el("span", {}, `${symbol} = `, value), input);
      return { input, value, label };
    }

    function refresh() {
      for (const [key, { input, value }] of Object.entries(sliders)) {
        input.value = RATES[key].indexOf(state[key]);
        input.setAttribute("aria-valuetext", state[key]);
        value.textContent = state[key];
      }
      status.textContent = describe(state, number);
      svg.setAttribute("aria-label", status.textContent);
      if (!body.hidden) draw(svg, Math.min(640, host.clientWidth || 640), state, tools);
    }

    host.append(
      gate({
        question: "Adam's averages start at zero. Without the correction, its first step is …",
        choices: [
          { value: "small", label: "too small" },
          { value: "right", label: "as with it" },
          { value: "large", label: "too large" },
        ],
        answer: (value) =>
          (value === "large"
            ? "So it is, with the usual rates: "
            : "With the usual rates it is too large: ") +
          `${number(ratio(DEFAULTS.b1, DEFAULTS.b2, 1), 3)} times. Move the two rates: can you make it too small?`,
        body,
      }),
      body
    );
    new ResizeObserver(refresh).observe(host);
    record(state);
    refresh();
    return (given) => {
      for (const key of Object.keys(DEFAULTS)) {
        state[key] = known(RATES[key], given[key], state[key]);
      }
      record(state);
      refresh();
    };
  }

  const api = { RATES, DEFAULTS, AXIS, ratio, summary, known, describe };
  if (typeof module === "object" && module.exports) module.exports = api;
  else root.courseFigure.mount("fig-adam-first-steps", build);
})(typeof self === "object" ? self : this);
