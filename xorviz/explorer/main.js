// The page: what is shown at the moment, what redraws when, and what pointer and keys do.
const data = JSON.parse(document.getElementById("data").textContent);
const model = modelOf(data);
const find = (selector) => document.querySelector(selector);
const steps = decoded(data.steps, Float64Array), losses = decoded(data.losses, Float64Array);
const playable = decoded(data.playable, Uint8Array);
const clocks = Object.fromEntries(Object.entries(data.clocks).map(([name, text]) => [name, decoded(text, Float32Array)]));
const views = [];
const state = {
  data, model, steps, snapshot: 0, output: 0, probe: null,
  n: Math.round(Math.min(Math.max(Math.sqrt(1.5e6 / model.cost), 33), 161)),
  key: (box, fine) => [state.snapshot, state.output, state.name, box.w, box.h, fine].join(),
  classOf(i) {
    const target = Array.from(model.wanted.subarray(i * model.nOutputs, (i + 1) * model.nOutputs));
    const isUp = target[state.output] > 0.5;
    return { isUp, shape: data.task === "multiclass" ? target.indexOf(1) : Number(isUp) };
  },
};
// Each output has one scale for the whole run: 0 to 1, or as far as −1 to 2 where it leaves that.
const heightsOf = (output) => {
  let [low, high] = [0, 1];
  const every = Math.ceil(model.nSnapshots / 40);
  for (let s = model.nSnapshots - 1; s >= 0; s -= every) {
    for (const value of model.grid(s, output, 21, data.bounds)) {
      if (!Number.isFinite(value)) continue;
      low = Math.min(low, Math.max(value, -1));
      high = Math.max(high, Math.min(value, 2));
    }
  }
  return [low, high];
};

let ticket = 0, resting = 0;
const redraw = () => {
  ticket ||= requestAnimationFrame(() => {
    ticket = 0;
    for (const view of views) if (view.isDirty) view.draw();
    clearTimeout(resting);
    resting = setTimeout(() => views[0].refine(), 120);
  });
};
const all = () => {
  for (const view of views) view.isDirty = true;
  redraw();
};
const evaluate = () => {
  state.grid = model.grid(state.snapshot, state.output, state.n, data.bounds);
  state.pieces = levelPieces(state.grid, state.n, 0.5);
  if (state.probe) probeAt(state.probe.x, state.probe.y);
};
const probeAt = (x, y) => {
  const value = model.outputs(state.snapshot, x, y)[state.output];
  state.probe = { x, y, value };
  find("#probe").textContent = `${data.names[0]} ${valueText(x)}   ${data.names[1]} ${valueText(y)}   output ${valueText(value, 4)}`;
};
const probe = (spot) => {
  if (spot) probeAt(...spot);
  else {
    state.probe = null;
    find("#probe").textContent = "Point to read the output; drag the surface to turn it.";
  }
  for (const view of [field, surface]) view.isDirty = true;
  redraw();
};
const dress = () => {
  const chosen = find("#theme").value, isDark = matchMedia("(prefers-color-scheme: dark)").matches;
  state.name = chosen === "system" ? (isDark ? "dark" : "light") : chosen;
  document.documentElement.dataset.theme = chosen;
  state.theme = data.themes[state.name];
  const bytes = decoded(state.theme.palette, Uint8Array);
  state.palette = new Uint32Array(bytes.buffer);
  state.rgb = new Uint8Array(768);
  state.cssPalette = [];
  for (let k = 0; k < 256; k += 1) {
    state.rgb.set(bytes.subarray(4 * k, 4 * k + 3), 3 * k);
    state.cssPalette.push(`rgb(${bytes.subarray(4 * k, 4 * k + 3).join()})`);
  }
};
const choose = (output) => {
  state.output = output;
  state.heights = heightsOf(output);
  evaluate();
};

// The snapshots that a clock shows, at its times; the end stays for a while.
const lineOf = (name) => {
  const positions = Array.from(steps.keys()).filter((k) => playable[k]);
  return { positions, starts: positions.map((k) => 400 + 4600 * clocks[name][k]).with(0, 0), total: 6500 };
};
const slider = {
  max: 10000,
  value: (position) => Math.round(10000 * clocks[find("#clock").value][position]),
  position(value) {
    const at = clocks[find("#clock").value];
    let best = 0;
    for (let k = 1; k < at.length; k += 1) if (Math.abs(at[k] - value / 10000) <= Math.abs(at[best] - value / 10000)) best = k;
    return best;
  },
};
const show = (position) => {
  if (position !== state.snapshot || !state.pieces) {
    state.snapshot = position;
    evaluate();
    all();
  }
  const correct = data.task === "regression" ? "" : ` · ${model.nCorrect(position)}/${model.nPoints} correct`;
  return {
    text: `step ${steps[position].toLocaleString("en")} · loss ${lossText(losses[position])}${correct}`,
    of: `${position + 1} / ${steps.length}`,
  };
};

dress();
choose(0);
const field = fieldView(state), surface = surfaceView(state);
views.push(field, surface, traceView(state, "loss", data.traces[0]), traceView(state, "gradients", data.traces[1]), networkView(state));
state.snapshot = model.nSnapshots - 1;
evaluate();
const player = transport({ n: model.nSnapshots, loops: 1, line: lineOf("change"), slider, show });
const nearestTo = (step) => steps.reduce((best, one, k) => (Math.abs(one - step) < Math.abs(steps[best] - step) ? k : best), 0);

// Pointers: the field and the surface are read, the surface turns, the curves scrub.
const at = (event) => {
  const { left, top } = event.target.getBoundingClientRect();
  return [(event.clientX - left) / zoom(), (event.clientY - top) / zoom()];
};
for (const view of [field, surface]) {
  view.canvas.addEventListener("pointermove", (event) => {
    if (view === surface && event.buttons) surface.turn(-0.4 * event.movementX, event.pointerType === "mouse" ? 0.3 * event.movementY : 0);
    else probe(view.inputsAt(...at(event)));
  });
  view.canvas.addEventListener("pointerdown", (event) => {
    if (view === surface) view.canvas.setPointerCapture(event.pointerId);
    else probe(view.inputsAt(...at(event)));
  });
  view.canvas.addEventListener("pointerleave", () => probe(null));
}
for (const view of views.slice(2, 4)) {
  const scrub = (event) => player.go(nearestTo(view.stepAt(at(event)[0])));
  view.canvas.addEventListener("pointerdown", (event) => {
    view.canvas.setPointerCapture(event.pointerId);
    scrub(event);
  });
  view.canvas.addEventListener("pointermove", (event) => event.buttons && scrub(event));
}
// Keys, where one of the two has the focus; elsewhere they step.
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const arrows = (view, move, away) => view.canvas.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (ARROWS[event.key]) move(...ARROWS[event.key]);
  else if (event.key === "Escape") away();
  else return;
  event.preventDefault();
});
arrows(field, (dx, dy) => {
  const [[left, right], [low, high]] = data.bounds, { x, y } = state.probe || { x: (left + right) / 2, y: (low + high) / 2 };
  const within = (v, least, most) => Math.min(Math.max(v, least), most);
  probe([within(x + (dx * (right - left)) / 50, left, right), within(y + (dy * (high - low)) / 50, low, high)]);
}, () => probe(null));
arrows(surface, (dx, dy) => surface.turn(-5 * dx, 4 * dy), surface.reset);

// Options.
const arrange = () => {
  for (const box of document.querySelectorAll("#options input")) find(`#${box.value}`).hidden = !box.checked;
  const others = Array.from(document.querySelectorAll("#others figure")), shown = others.filter((figure) => !figure.hidden);
  // Of an odd number the first takes a row of its own.
  for (const figure of others) figure.classList.toggle("is-wide", figure === shown[0] && shown.length % 2 === 1);
  find("#others").hidden = !shown.length;
  find("#others").classList.toggle("is-low", shown.length < 3);
  find("main").classList.toggle("is-single", find("#field").hidden || find("#others").hidden);
  all();
};
for (let k = 0; k < model.nOutputs && model.nOutputs > 1; k += 1) {
  find("#output").add(new Option(data.class_names[k] || String(k + 1), k));
  find("#output").parentElement.hidden = false;
}
find("#options").addEventListener("submit", (event) => event.preventDefault());
find("#options").addEventListener("change", ({ target }) => {
  if (target.id === "theme") dress();
  else if (target.id === "output") choose(Number(target.value));
  else if (target.id === "clock") return player.setLine(lineOf(target.value));
  arrange();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { dress(); all(); });

probe(null);
arrange();
player.go(model.nSnapshots - 1);
document.fonts.ready.then(all);
if (!isCalm() && model.nSnapshots > 1) {
  player.go(0);
  player.start();
}
// For whoever wants the numbers: the console of the browser, and our tests.
globalThis.xorviz = {
  outputs: (x, y, snapshot = state.snapshot) => model.outputs(snapshot, x, y),
  field: () => ({ n: state.n, snapshot: state.snapshot, output: state.output, values: state.grid.slice() }),
  go: player.go,
  camera: () => surface.camera(),
  pieces: () => state.pieces,
};
