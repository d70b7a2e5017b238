// Curves over steps: the whole faint, the part already reached strong, a dot at the present.
const traceView = (state, id, trace) => {
  const { data } = state;
  const lines = trace.lines.map((line) => ({ ...line, steps: decoded(line.steps, Float64Array), values: decoded(line.values, Float64Array), at: decoded(line.at, Float64Array) }));
  const isLogSteps = trace.steps === "log", isLog = trace.scale === "log", last = trace.last_step;
  let box = { x: 44, y: 34, w: 1, h: 1 };
  const share = (step) => (isLogSteps ? Math.log(Math.max(step, 1)) / Math.log(last) : step / last);
  const xOf = (step) => box.x + share(step) * box.w;
  const yOf = (value) => {
    const [low, high] = trace.limits, v = Math.min(Math.max(value, low), high);
    const up = isLog ? Math.log(v / low) / Math.log(high / low) : (v - low) / (high - low);
    return box.y + box.h * (1 - up);
  };
  const curve = (steps, values, until = Infinity) => {
    const pieces = [];
    let piece = [];
    for (let k = 0; k < steps.length && steps[k] <= until; k += 1) {
      if (Number.isFinite(values[k])) piece.push(xOf(steps[k]), yOf(values[k]));
      else if (piece.length) { pieces.push(piece); piece = []; }
    }
    return [...pieces, piece].filter((one) => one.length > 2);
  };
  const drawn = (context, width, height) => {
    box = { x: 44, y: 34, w: width - 56, h: height - 60 };
    const { theme, snapshot } = state, style = { size: 13, color: theme.muted }, [low, high] = trace.limits;
    const color = (line, isText) => (line.tone < 0 ? theme.ink : (isText ? theme.class_texts : theme.classes)[line.tone % 2]);
    const rows = Math.min(Math.max(Math.floor(box.h / 34), 2), 5);
    for (const tick of isLog ? powersOfTen(low, high, rows) : roundNumbers(low, high, rows)) {
      stroke(context, [[box.x, yOf(tick), box.x + box.w, yOf(tick)]], theme.faint, 1);
      write(context, tickText(tick), box.x - 8, yOf(tick) + 4, { ...style, align: "right" });
    }
    const columns = Math.max(Math.floor(box.w / 80), 1);
    for (const tick of isLogSteps ? powersOfTen(1, last, columns + 2) : roundNumbers(0, last, columns)) {
      write(context, tickText(tick), xOf(tick), box.y + box.h + 19, { ...style, align: "center" });
    }
    write(context, "step", box.x - 8, box.y + box.h + 19, { ...style, align: "right" });
    write(context, trace.title, box.x, 18, { size: 15, weight: 600, color: theme.ink });
    let right = width - 12;
    for (const line of [...lines].reverse().filter((one) => one.name && lines.length < 5)) {
      write(context, line.name, right, 18, { size: 13, weight: 600, color: color(line, true), align: "right" });
      right -= context.measureText(line.name).width + 12;
    }
    const step = state.steps[snapshot];
    for (const line of lines) {
      stroke(context, curve(line.steps, line.values), color(line), 1.4, { alpha: 0.25 });
      // What is reached ends where the dot is.
      const reached = curve([...line.steps.filter((one) => one < step), step], [...line.values.subarray(0, line.steps.findIndex((one) => one >= step)), line.at[snapshot]]);
      stroke(context, reached, color(line), 2.6);
    }
    for (const line of lines) {
      if (Number.isFinite(line.at[snapshot])) marker(context, 1, xOf(step), yOf(line.at[snapshot]), 9, color(line), theme.paper);
    }
  };
  const view = viewOf(id, drawn);
  view.stepAt = (x) => {
    const at = Math.min(Math.max((x - box.x) / box.w, 0), 1);
    return isLogSteps ? last ** at : at * last;
  };
  return view;
};
