// The output as a height over the plane, column by column from front to back: Wright's floating horizon (1973).
const surfaceView = (state) => {
  const { data, model } = state;
  const HEIGHT = 0.54, DEPTHS = 120, AMBIENT = 0.92, DIM = 0.72;
  const picture = document.createElement("canvas");
  let camera = { azimuth: -60, elevation: 26 }, seen = null;

  const looking = (width, height) => {
    const [a, e] = [camera.azimuth, camera.elevation].map((degrees) => (degrees * Math.PI) / 180);
    const view = { tx: Math.cos(a), ty: Math.sin(a), sin: Math.sin(e), cos: Math.cos(e) };
    // One size from every side, so that nothing grows while it turns.
    view.scale = Math.min((width - 70) / Math.SQRT2, (height - 40) / (1.3 * view.sin + HEIGHT * view.cos));
    [view.x, view.y] = [width / 2, height / 2 - 4];
    return view;
  };
  const project = (view, x, y, z) => [
    view.x + view.scale * (y * view.tx - x * view.ty),
    view.y - view.scale * (z * HEIGHT * view.cos - (x * view.tx + y * view.ty) * view.sin),
  ];
  // Where a line of sight enters the floor, counted away from the viewer, and where it leaves it.
  const span = (view, u) => {
    let near = -Infinity, far = Infinity;
    for (const [direction, offset] of [[-view.tx, -u * view.ty], [-view.ty, u * view.tx]]) {
      if (Math.abs(direction) < 1e-9) continue;
      const a = (-0.5 - offset) / direction, b = (0.5 - offset) / direction;
      near = Math.max(near, Math.min(a, b));
      far = Math.min(far, Math.max(a, b));
    }
    return [near, far];
  };
  // Height in the box and light, 0..1, of every grid point.
  const lit = (view) => {
    const { grid, n, heights: [low, high] } = state, z = new Float32Array(n * n), light = new Float32Array(n * n);
    for (let k = 0; k < z.length; k += 1) {
      const value = Number.isFinite(grid[k]) ? grid[k] : 0.5;
      z[k] = (Math.min(Math.max(value, low), high) - low) / (high - low) - 0.5;
    }
    for (let r = 0; r < n; r += 1) {
      for (let c = 0; c < n; c += 1) {
        const [c0, c1, r0, r1] = [Math.max(c - 1, 0), Math.min(c + 1, n - 1), Math.max(r - 1, 0), Math.min(r + 1, n - 1)];
        const zx = ((z[r * n + c1] - z[r * n + c0]) / (c1 - c0)) * (n - 1) * HEIGHT;
        const zy = ((z[r1 * n + c] - z[r0 * n + c]) / (r1 - r0)) * (n - 1) * HEIGHT;
        const right = zy * view.tx - zx * view.ty, away = -zx * view.tx - zy * view.ty;
        const cosine = (0.82 + 0.42 * right + 0.38 * away) / Math.sqrt(1 + right * right + away * away);
        light[r * n + c] = AMBIENT + (1 - AMBIENT) * Math.min(Math.max(cosine, 0), 1);
      }
    }
    return { z, light };
  };

  const rendered = (view, width, height, ratio) => {
    const key = [state.key({ w: width, h: height }, ratio), camera.azimuth, camera.elevation].join();
    if (seen && seen.key === key) return;
    const { n, rgb, heights: [low, high] } = state, { z, light } = lit(view);
    const [columns, rows] = [Math.round(width * ratio), Math.round(height * ratio)];
    const image = new ImageData(columns, rows), pixels = image.data;
    const nSub = ratio < 1.5 ? 2 : 1, upper = new Float32Array(columns * DEPTHS), lower = new Float32Array(columns * DEPTHS);
    const sum = new Float32Array(rows * 4), row = new Float32Array(DEPTHS), level = new Float32Array(DEPTHS), shade = new Float32Array(DEPTHS);
    // A stretch of a column between two depths, as much of each pixel as it covers.
    const lay = (from, to, k, dim) => {
      const [top, bottom] = from < to ? [from, to] : [to, from];
      const first = Math.max(Math.floor(top), 0), last = Math.min(Math.ceil(bottom), rows);
      const rise = row[k + 1] - row[k];
      for (let p = first; p < last; p += 1) {
        const cover = Math.min(p + 1, bottom) - Math.max(p, top);
        if (cover <= 0) continue;
        const t = Math.abs(rise) < 1e-6 ? 0.5 : Math.min(Math.max((p + 0.5 - row[k]) / rise, 0), 1);
        const index = 3 * Math.round(level[k] + (level[k + 1] - level[k]) * t);
        const weight = (cover * dim * (shade[k] + (shade[k + 1] - shade[k]) * t)) / nSub;
        sum[4 * p] += rgb[index] * weight;
        sum[4 * p + 1] += rgb[index + 1] * weight;
        sum[4 * p + 2] += rgb[index + 2] * weight;
        sum[4 * p + 3] += cover / nSub;
      }
    };
    const reach = (Math.abs(view.tx) + Math.abs(view.ty)) / 2;
    const [begin, end] = [-reach, reach].map((u) => (view.x + view.scale * u) * ratio);
    const [start, stop] = [Math.max(Math.floor(begin), 0), Math.min(Math.ceil(end), columns)];
    for (let column = start; column < stop; column += 1) {
      sum.fill(0);
      for (let sub = 0; sub < nSub; sub += 1) {
        const u = ((column + (sub + 0.5) / nSub) / ratio - view.x) / view.scale;
        if (Math.abs(u) >= reach) continue;
        const [near, far] = span(view, u);
        for (let k = 0; k < DEPTHS; k += 1) {
          const away = near + ((far - near) * k) / (DEPTHS - 1);
          const x = Math.min(Math.max((-u * view.ty - away * view.tx + 0.5) * (n - 1), 0), n - 1.000001);
          const y = Math.min(Math.max((u * view.tx - away * view.ty + 0.5) * (n - 1), 0), n - 1.000001);
          const c = Math.floor(x), r = Math.floor(y), a = x - c, b = y - r, at = r * n + c;
          const w0 = (1 - a) * (1 - b), w1 = a * (1 - b), w2 = (1 - a) * b, w3 = a * b;
          const raised = z[at] * w0 + z[at + 1] * w1 + z[at + n] * w2 + z[at + n + 1] * w3;
          level[k] = 255 * Math.min(Math.max((raised + 0.5) * (high - low) + low, 0), 1);
          shade[k] = light[at] * w0 + light[at + 1] * w1 + light[at + n] * w2 + light[at + n + 1] * w3;
          row[k] = (view.y - view.scale * (raised * HEIGHT * view.cos + away * view.sin)) * ratio;
        }
        let [highest, lowest] = [row[0], row[0]];
        for (let k = 0; k + 1 < DEPTHS; k += 1) {
          const next = row[k + 1];
          if (next < highest) { lay(highest, next, k, 1); highest = next; }
          else if (next > lowest) { lay(lowest, next, k, DIM); lowest = next; }
          upper[column * DEPTHS + k + 1] = highest;
          lower[column * DEPTHS + k + 1] = lowest;
        }
        upper[column * DEPTHS] = lower[column * DEPTHS] = row[0];
      }
      for (let p = 0; p < rows; p += 1) {
        const cover = sum[4 * p + 3];
        if (cover <= 0) continue;
        const at = 4 * (p * columns + column);
        pixels[at] = sum[4 * p] / cover;
        pixels[at + 1] = sum[4 * p + 1] / cover;
        pixels[at + 2] = sum[4 * p + 2] / cover;
        pixels[at + 3] = 255 * Math.min(cover, 1);
      }
    }
    [picture.width, picture.height] = [columns, rows];
    picture.getContext("2d").putImageData(image, 0, 0);
    seen = { view, upper, lower, columns, ratio, key };
  };
  // Whether a point of the surface is seen, or hidden by no more than rounding.
  const isSeen = (x, y, z) => {
    const { view, upper, lower, columns, ratio } = seen, [px, py] = project(view, x, y, z);
    const u = y * view.tx - x * view.ty, [near, far] = span(view, u), away = -(x * view.tx + y * view.ty);
    // Not the sample just in front: on a cliff it may stand above the point already.
    const k = Math.min(Math.max(Math.floor(((away - near) / Math.max(far - near, 1e-9)) * (DEPTHS - 1)) - 2, 0), DEPTHS - 1);
    const at = Math.min(Math.max(Math.floor(px * ratio), 0), columns - 1) * DEPTHS + k;
    return py * ratio <= upper[at] + 3 * ratio || py * ratio >= lower[at] - 3 * ratio;
  };

  const boxed = (x, y) => data.bounds.map(([low, high], axis) => ([x, y][axis] - low) / (high - low) - 0.5);
  const rise = (value) => {
    const [low, high] = state.heights;
    return (Math.min(Math.max(Number.isFinite(value) ? value : 0.5, low), high) - low) / (high - low) - 0.5;
  };
  const drawn = (context, width, height) => {
    const view = looking(width, height);
    rendered(view, width, height, context.fine);
    box(context, view);
    context.drawImage(picture, 0, 0, width, height);
    const { theme, output, snapshot, n } = state, middle = rise(0.5);
    const lines = [];
    for (const [x0, y0, x1, y1] of state.pieces) {
      const ends = [[x0, y0], [x1, y1]].map((end) => end.map((v) => v / (n - 1) - 0.5));
      if (ends.every(([x, y]) => isSeen(x, y, middle))) lines.push(ends.flatMap(([x, y]) => project(view, x, y, middle)));
    }
    stroke(context, lines, theme.boundary, 2);
    const values = model.atPoints(snapshot, output);
    for (let i = 0; i < model.nPoints; i += 1) {
      const [px, py] = [model.points[2 * i], model.points[2 * i + 1]], [x, y] = boxed(px, py), { shape, isUp } = state.classOf(i);
      const at = project(view, x, y, rise(model.wanted[i * model.nOutputs + output]));
      const now = project(view, x, y, rise(values[i]));
      if (model.nPoints <= 24) stroke(context, [[...at, ...now]], theme.ink, 1.2, { alpha: 0.75 });
      marker(context, shape, ...at, model.nPoints > 24 ? 6 : 11, theme.classes[isUp ? 1 : 0], theme.marker_edge);
    }
    if (state.probe) {
      const [x, y] = boxed(state.probe.x, state.probe.y), foot = project(view, x, y, -0.5), top = project(view, x, y, rise(state.probe.value));
      stroke(context, [[...foot, ...top]], theme.ink, 1, { alpha: 0.5, dash: [1, 4] });
      marker(context, 1, ...top, 11, state.cssPalette[levelIndex(state.probe.value)], theme.ink);
    }
  };
  // Floor, the two walls behind, and numbers along the near edges.
  const box = (context, view) => {
    const { theme, heights } = state, style = { size: 13, color: theme.muted };
    const ticks = [0, 1].map((axis) => inputTicks(Array.from(model.points).filter((_, k) => k % 2 === axis), data.bounds[axis], 3));
    const at = ticks.map((of, axis) => of.map((v) => (v - data.bounds[axis][0]) / (data.bounds[axis][1] - data.bounds[axis][0]) - 0.5));
    const levels = roundNumbers(...heights, 2), zs = levels.map(rise);
    const near = [view.tx, view.ty].map((t) => (t > 0 ? 0.5 : -0.5)), lines = [];
    const join = (...ends) => lines.push(ends.flatMap((end) => project(view, ...end)));
    for (const x of [-0.5, ...at[0], 0.5]) join([x, -0.5, -0.5], [x, 0.5, -0.5]);
    for (const y of [-0.5, ...at[1], 0.5]) join([-0.5, y, -0.5], [0.5, y, -0.5]);
    for (const z of zs) join([-near[0], -0.5, z], [-near[0], 0.5, z]);
    for (const z of zs) join([-0.5, -near[1], z], [0.5, -near[1], z]);
    join([-near[0], -near[1], -0.5], [-near[0], -near[1], 0.5]);
    stroke(context, lines, theme.faint, 1);
    const out = 1 + 26 / view.scale, clear = [Math.abs(view.ty), Math.abs(view.tx)];
    [at[0].map((x) => [x, near[1] * out, -0.5]), at[1].map((y) => [near[0] * out, y, -0.5])].forEach((spots, axis) => {
      // An axis seen from its end has its numbers in one place.
      context.globalAlpha = Math.min(Math.max(6 * clear[axis] - 0.6, 0), 1);
      const ends = spots.map((spot) => project(view, ...spot));
      ends.forEach(([x, y], k) => write(context, tickText(ticks[axis][k]), x, y + 4, { ...style, align: "center" }));
      if (ends.length > 1) {
        const [x, y] = [0, 1].map((k) => (ends.at(-1)[k] + ends.at(-2)[k]) / 2);
        write(context, data.names[axis], x, y + 4, { ...style, weight: 600, align: "center" });
      }
    });
    context.globalAlpha = Math.min(Math.max(2 * view.cos - 0.4, 0), 1);
    const corners = [[-near[0], near[1]], [near[0], -near[1]]];
    const [left] = corners.sort((a, b) => project(view, ...a, 0)[0] - project(view, ...b, 0)[0]);
    levels.forEach((level, k) => {
      const [x, y] = project(view, ...left, zs[k]);
      write(context, tickText(level), x - 8, y + 4, { ...style, align: "right" });
    });
    context.globalAlpha = 1;
  };

  const view = viewOf("surface", drawn);
  view.turn = (azimuth, elevation) => {
    camera = { azimuth: camera.azimuth + azimuth, elevation: Math.min(Math.max(camera.elevation + elevation, 4), 88) };
    view.isDirty = true;
    redraw();
  };
  view.reset = () => {
    camera = { azimuth: -60, elevation: 26 };
    view.turn(0, 0);
  };
  view.camera = () => camera;
  // The inputs whose output is seen at a place of the picture.
  view.inputsAt = (px, py) => {
    if (!seen) return null;
    const { view: looked, upper, lower, columns, ratio } = seen, column = Math.floor(px * ratio), row = py * ratio;
    const u = (px - looked.x) / looked.scale, [near, far] = span(looked, u);
    if (column < 0 || column >= columns || far <= near) return null;
    for (let k = 0; k < DEPTHS; k += 1) {
      const at = column * DEPTHS + k;
      const isHere = (upper[at] <= row && row <= lower[at]) && (k === 0 || upper[at - 1] > row || lower[at - 1] < row);
      if (!isHere) continue;
      const away = near + ((far - near) * k) / (DEPTHS - 1);
      const spot = [-u * looked.ty - away * looked.tx, u * looked.tx - away * looked.ty];
      return spot.map((v, axis) => data.bounds[axis][0] + (v + 0.5) * (data.bounds[axis][1] - data.bounds[axis][0]));
    }
    return null;
  };
  return view;
};
