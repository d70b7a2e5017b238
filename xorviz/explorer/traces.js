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
  // The longest title that leaves room for the curves' names; else these stand below it.
  const heading = (context, width) => {
    const { theme } = state, spans = (texts, font) => { context.font = font; return texts.map((text) => context.measureText(text).width); };
    const names = lines.filter((line) => line.name), widths = spans(names.map((line) => line.name), `600 13px ${FACE}`);
    const titles = spans(trace.titles, `600 15px ${FACE}`), room = width - 12 - box.x, named = widths.reduce((sum, one) => sum + one + 12, 0);
    let chosen = titles.findIndex((one) => one + named <= room);
    const isBeside = chosen >= 0;
    if (!isBeside) chosen = 0;
    write(context, trace.titles[chosen], box.x, 18, { size: 15, weight: 600, color: theme.ink });
    let right = width - 12;
    for (let k = names.length - 1; k >= 0 && right - widths[k] > 0; k -= 1) {
      write(context, names[k].name, right, isBeside ? 18 : 36, { size: 13, weight: 600, color: names[k].text_colors[theme.name], align: "right" });
      right -= widths[k] + 12;
    }
    return isBeside || !names.length ? 34 : 52;
  };
  const drawn = (context, width, height) => {
    box = { x: 44, w: width - 56 };
    box.y = heading(context, width);
    box.h = height - 26 - box.y;
    const { theme, snapshot } = state, style = { size: 13, color: theme.muted }, [low, high] = trace.limits;
    const color = (line) => line.colors[theme.name];
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
