// The output as colour over the plane of the two inputs, its boundary, the data; what is under the pointer.
const fieldView = (state) => {
  const { data, model } = state;
  const small = document.createElement("canvas"), fine = document.createElement("canvas");
  let fineOf = "";
  const place = (width, height) => {
    const [[left, right], [low, high]] = data.bounds, ratio = (right - left) / (high - low);
    const isAlike = ratio <= 2 && ratio >= 0.5, left_px = 30, bottom_px = 24, top_px = 6, right_px = 46;
    let w = width - left_px - right_px, h = height - top_px - bottom_px;
    if (isAlike) [w, h] = w / h > ratio ? [h * ratio, h] : [w, w / ratio];
    w = Math.round(w); h = Math.round(h);
    return { x: left_px, y: top_px, w, h };
  };
  let box = place(1, 1);
  const toPx = (x, y) => {
    const [[left, right], [low, high]] = data.bounds;
    return [box.x + ((x - left) / (right - left)) * box.w, box.y + box.h - ((y - low) / (high - low)) * box.h];
  };

  const drawn = (context, width, height) => {
    box = place(width, height);
    const { theme, palette, grid, n } = state, key = state.key(box, context.fine);
    if (fineOf === key) {
      context.imageSmoothingEnabled = false;
      context.drawImage(fine, box.x, box.y, box.w, box.h);
      context.imageSmoothingEnabled = true;
    } else {
      small.width = small.height = n;
      const inner = small.getContext("2d"), image = inner.createImageData(n, n);
      paint(grid, n, n, palette, image);
      inner.putImageData(image, 0, 0);
      context.imageSmoothingQuality = "high";
      // The outer grid points stand on the edges.
      context.drawImage(small, 0.5, 0.5, n - 1, n - 1, box.x, box.y, box.w, box.h);
    }
    const scale = [box.w / (n - 1), box.h / (n - 1)];
    const lines = state.pieces.map((piece) => piece.map((v, k) => (k % 2 ? box.y + box.h - v * scale[1] : box.x + v * scale[0])));
    context.save();
    context.beginPath();
    context.rect(box.x, box.y, box.w, box.h);
    context.clip();
    stroke(context, lines, theme.boundary, 2.4);
    context.restore();
    furniture(context);
    points(context);
    if (state.probe) crosshair(context);
  };
  const furniture = (context) => {
    const { theme } = state, style = { size: 13, color: theme.muted };
    const ticks = [0, 1].map((axis) => inputTicks(Array.from(model.points).filter((_, k) => k % 2 === axis), data.bounds[axis]));
    for (const tick of ticks[0]) write(context, tickText(tick), toPx(tick, 0)[0], box.y + box.h + 18, { ...style, align: "center" });
    for (const tick of ticks[1]) write(context, tickText(tick), box.x - 9, toPx(0, tick)[1] + 4, { ...style, align: "right" });
    const [xs, ys] = ticks;
    if (xs.length > 1) write(context, data.names[0], toPx((xs.at(-1) + xs.at(-2)) / 2, 0)[0], box.y + box.h + 18, { ...style, weight: 600, align: "center" });
    if (ys.length > 1) write(context, data.names[1], box.x - 9, toPx(0, (ys.at(-1) + ys.at(-2)) / 2)[1] + 4, { ...style, weight: 600, align: "right" });
    const left = box.x + box.w + 9;
    for (let r = 0; r < box.h; r += 1) {
      context.fillStyle = state.cssPalette[Math.round(255 * (1 - r / (box.h - 1)))];
      context.fillRect(left, box.y + r, 7, 1.5);
    }
    stroke(context, [[left, box.y + box.h / 2, left + 7, box.y + box.h / 2]], theme.boundary, 2.4);
    for (const [share, text] of [[0, "0"], [0.5, "0.5"], [1, "1"]]) {
      write(context, text, left + 13, Math.min(Math.max(box.y + box.h * (1 - share) + 4, box.y + 9), box.y + box.h), style);
    }
  };
  const points = (context) => {
    const { theme, output, snapshot } = state, many = model.nPoints > 24;
    const size = Math.min(many ? 9 : 19, 0.1 * box.w);
    const values = many ? [] : model.atPoints(snapshot, output);
    for (let i = 0; i < model.nPoints; i += 1) {
      const [x, y] = toPx(model.points[2 * i], model.points[2 * i + 1]), { shape, isUp } = state.classOf(i);
      marker(context, shape, Math.floor(x) + 0.5, Math.floor(y) + 0.5, size, theme.classes[isUp ? 1 : 0], theme.marker_edge);
      if (many) continue;
      const below = y + 29 < box.y + box.h - 4;
      const at = Math.min(Math.max(x, box.x + 18), box.x + box.w - 18);
      write(context, valueText(values[i]), at, below ? y + 29 : y - 17, { size: 14, weight: 600, color: theme.ink, halo: theme.halo, align: "center" });
    }
  };
  const crosshair = (context) => {
    const { theme, probe } = state, [x, y] = toPx(probe.x, probe.y);
    stroke(context, [[box.x, y, box.x + box.w, y], [x, box.y, x, box.y + box.h]], theme.ink, 1, { alpha: 0.5, dash: [1, 4] });
    marker(context, 1, x, y, 11, state.cssPalette[levelIndex(probe.value)], theme.ink);
  };

  const view = viewOf("field", drawn);
  // The last picture again with a value for every pixel of the screen, in pieces of a few milliseconds.
  view.refine = () => {
    const ratio = zoom() * (window.devicePixelRatio || 1), key = state.key(box, ratio);
    const [columns, rows] = [Math.round(box.w * ratio), Math.round(box.h * ratio)];
    if (fineOf === key || columns < 2 || rows < 2 || columns * rows * model.cost > 4e8) return;
    const [[left, right], [low, high]] = data.bounds, { snapshot, output, palette } = state;
    const image = new ImageData(columns, rows), target = new Uint32Array(image.data.buffer);
    const xs = Float64Array.from({ length: columns }, (_, c) => left + ((right - left) * (c + 0.5)) / columns);
    let row = 0;
    const go = () => {
      if (state.key(box, ratio) !== key) return;
      const until = performance.now() + 8;
      while (row < rows && performance.now() < until) {
        const ys = new Float64Array(columns).fill(high - ((high - low) * (row + 0.5)) / rows);
        const values = model.forward(snapshot, xs, ys).at(-1)[output];
        for (let c = 0; c < columns; c += 1) target[row * columns + c] = palette[levelIndex(values[c])];
        row += 1;
      }
      if (row < rows) return void requestAnimationFrame(go);
      [fine.width, fine.height] = [columns, rows];
      fine.getContext("2d").putImageData(image, 0, 0);
      fineOf = key;
      view.isDirty = true;
      redraw();
    };
    go();
  };
  view.inputsAt = (x, y) => {
    const [[left, right], [low, high]] = data.bounds;
    const across = (x - box.x) / box.w, up = (box.y + box.h - y) / box.h;
    return across < 0 || across > 1 || up < 0 || up > 1 ? null : [left + across * (right - left), low + up * (high - low)];
  };
  return view;
};
