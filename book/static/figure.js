// What every interactive figure needs: elements, axes, a gate, a state that a link can set.
//
// A chapter draws a static picture in a cell whose figure has a name, `fig-x`, and says in
// a raw html block which script belongs to the page:
//   <span data-figure="x" hidden></span>
// The site then loads figure.js and x.js, which calls courseFigure.mount("fig-x", build).
// Without JavaScript the static picture stays. Classic scripts: over file:// a module
// would not load.
(function (root) {
  "use strict";

  const SVG = new Set(
    "svg g path line polyline polygon rect circle ellipse text tspan defs marker title".split(" ")
  );

  // An HTML or SVG element: el("button", { onclick: next }, "Next").
  function el(name, attributes, ...children) {
    const element = SVG.has(name)
      ? document.createElementNS("http://www.w3.org/2000/svg", name)
      : document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (typeof value === "function") element.addEventListener(key.slice(2), value);
      else if (value === true) element.setAttribute(key, "");
      else if (value !== false && value !== undefined) element.setAttribute(key, value);
    }
    element.append(...children.flat());
    return element;
  }

  // An axis maps values [from, to] to pixels [start, end], and knows round ticks.
  function linearAxis(from, to, start, end) {
    return {
      place: (value) => start + ((value - from) / (to - from)) * (end - start),
      value: (pixel) => from + ((pixel - start) / (end - start)) * (to - from),
      ticks: (count = 5) => {
        const rough = (to - from) / count;
        const power = 10 ** Math.floor(Math.log10(rough));
        const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999);
        const first = Math.ceil(from / step - 1e-9);
        const last = Math.floor(to / step + 1e-9);
        return Array.from({ length: last - first + 1 }, (_, i) =>
          Number(((first + i) * step).toPrecision(12))
        );
      },
    };
  }

  function logAxis(from, to, start, end) {
    const linear = linearAxis(Math.log10(from), Math.log10(to), start, end);
    return {
      place: (value) => linear.place(Math.log10(value)),
      value: (pixel) => 10 ** linear.value(pixel),
      ticks: () => {
        const first = Math.ceil(Math.log10(from) - 1e-9);
        const last = Math.floor(Math.log10(to) + 1e-9);
        return Array.from({ length: last - first + 1 }, (_, i) =>
          Number(`1e${first + i}`)
        );
      },
    };
  }

  // A number as the book prints it, with a true minus sign.
  function number(value, digits = 4) {
    return String(Number(value.toPrecision(digits))).replace("-", "−");
  }

  // The body stays hidden until the reader has committed to a prediction.
  //   choices: [{ value, label }]; answer: (value) => what to say once it is made.
  function gate({ question, choices, answer, body }) {
    const status = el("p", { role: "status", class: "figure-status" });
    const buttons = choices.map(({ value, label }) =>
      el("button", { type: "button", "aria-pressed": "false", onclick: () => commit(value) }, label)
    );
    const element = el(
      "div",
      { class: "figure-gate", role: "group", "aria-label": question },
      el("p", { class: "figure-question" }, question),
      el("div", { class: "figure-choices" }, buttons),
      status
    );
    body.hidden = true;
    function commit(value) {
      if (!body.hidden) return; // a prediction is made once
      body.hidden = false;
      element.dataset.prediction = value;
      buttons.forEach((button, i) => {
        const chosen = choices[i].value === value;
        button.setAttribute("aria-pressed", String(chosen));
        button.setAttribute("aria-disabled", "true");
      });
      status.textContent = answer(value);
    }
    return element;
  }

  // A flat state in the address and back: "#fig-x:graph=diamond&step=3".
  function parseHash(name, hash) {
    if (!hash.startsWith(`#${name}:`)) return null;
    return Object.fromEntries(new URLSearchParams(hash.slice(name.length + 2)));
  }

  function formatHash(name, state) {
    return `#${name}:${new URLSearchParams(state)}`;
  }

  // Put a figure in the place of the static picture of that name, above its caption.
  //   build(host, record, save): draws into host, calls record(state) once it stands and
  //   save(state) after each action of the reader, which also goes into the address; it
  //   returns a function that shows the state that an address asks for.
  function mount(name, build) {
    const figure = document.getElementById(name);
    if (!figure) return;
    const host = el("div", { class: "figure-interactive" });
    for (const child of figure.children) {
      if (!child.matches("figcaption, .caption, .legend")) child.hidden = true;
    }
    figure.prepend(host);
    function record(state) {
      host.dataset.state = new URLSearchParams(state).toString();
    }
    const show = build(host, record, (state) => {
      record(state);
      history.replaceState(null, "", formatHash(name, state));
    });
    function follow() {
      const state = parseHash(name, location.hash);
      if (!state) return;
      show(state);
      figure.scrollIntoView({ block: "nearest" });
    }
    // A link in the text: <a href="#fig-x" data-figure-state="a=2&step=3">…</a>.
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[data-figure-state]");
      if (!link || link.hash !== `#${name}`) return;
      event.preventDefault();
      history.pushState(null, "", `#${name}:${link.dataset.figureState}`);
      follow();
    });
    root.addEventListener("hashchange", follow);
    root.addEventListener("popstate", follow);
    follow();
  }

  const api = { el, linearAxis, logAxis, number, gate, parseHash, formatHash, mount };
  if (typeof module === "object" && module.exports) module.exports = api;
  else root.courseFigure = api;
})(typeof self === "object" ? self : this);
