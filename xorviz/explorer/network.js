// The network: a map of what each unit says over the plane, lines as strong as the weights between them.
const networkView = (state) => {
  const { data, model } = state, MOST = 8, SIDE = 24;
  const shown = model.widths.map((width) => Math.min(width, MOST));
  const strongest = model.layers.map((layer) => {
    let most = 0;
    const every = Math.ceil(model.nSnapshots / 200);
    for (let s = 0; s < model.nSnapshots; s += every) {
      for (let k = layer.weights; k < layer.biases; k += 1) {
        const size = Math.abs(model.parameter(s, k));
        if (Number.isFinite(size)) most = Math.max(most, size);
      }
    }
    return most || 1;
  });
  const tile = document.createElement("canvas");
  tile.width = tile.height = SIDE;
  // What every unit says on a coarse grid: inputs as shares of the plane, others as they are or as far as they reach.
  const maps = () => {
    const found = model.forward(state.snapshot, ...gridOf(SIDE, data.bounds)).map((layer, l) => layer.slice(0, shown[l]));
    found[0] = gridOf(SIDE, [[0, 1], [0, 1]]);
    found.slice(1).forEach((layer, l) => layer.forEach((map) => {
      if (data.network.activations[l] === "sigmoid" || l + 2 === found.length) return;
      const reach = map.reduce((most, v) => Math.max(most, Math.abs(v)), 1e-9);
      map.forEach((v, k) => { map[k] = 0.5 + (0.5 * v) / (data.network.activations[l] === "tanh" ? 1 : reach); });
    }));
    return found;
  };
  const drawn = (context, width, height) => {
    const { theme, snapshot } = state, most = Math.max(...shown), top = 40, bottom = model.hasBiases ? 34 : 22;
    const pitch = (height - top - bottom) / most, side = Math.max(Math.min(0.62 * pitch, 56, width / (2.4 * shown.length)), 8);
    const center = (l, j) => [
      14 + side / 2 + ((width - 28 - side) * l) / (shown.length - 1),
      top + (height - top - bottom) / 2 + (j - (shown[l] - 1) / 2) * pitch,
    ];
    write(context, "network", 14, 18, { size: 15, weight: 600, color: theme.ink });
    const room = width - 26 - context.measureText("network").width;
    context.font = `600 13px ${FACE}`;
    const names = ["positive", "negative"].map((name) => [name, context.measureText(name).width]);
    // Samples of the lines only where they do not run into the title.
    const sample = names[0][1] + names[1][1] + 84 < room ? 20 : 0;
    let right = width - 12;
    for (const k of [0, 1]) {
      const [name, wide] = names[1 - k];
      write(context, name, right, 18, { size: 13, weight: 600, color: theme.class_texts[k], align: "right" });
      right -= wide + (sample ? 8 : 0);
      if (sample) stroke(context, [[right - sample, 14, right, 14]], theme.classes[k], 3, { dash: k ? [] : [6, 5] });
      right -= sample + 14;
    }
    const nEdges = shown.slice(1).reduce((sum, to, l) => sum + to * shown[l], 0), texts = [];
    // Many lines are a thicket unless they are thin.
    const widest = Math.min(7, 24 / Math.sqrt(nEdges)), thinnest = Math.min(1, 0.25 * widest);
    for (let l = 0; l + 1 < shown.length; l += 1) {
      for (let i = 0; i < shown[l]; i += 1) {
        for (let j = 0; j < shown[l + 1]; j += 1) {
          const weight = model.parameter(snapshot, model.layers[l].weights + i * model.widths[l + 1] + j);
          const [a, b] = [center(l, i), center(l + 1, j)], strength = Math.min(Math.abs(weight) / strongest[l], 1) || 0;
          stroke(context, [[...a, ...b]], theme.classes[weight > 0 ? 1 : 0], thinnest + (widest - thinnest) * strength, { dash: weight > 0 ? [] : [7, 6], alpha: 0.9 });
          const at = i === j || shown[l + 1] === 1 ? 0.5 : 0.32;
          texts.push([valueText(weight, 1), a[0] + (b[0] - a[0]) * at, a[1] + (b[1] - a[1]) * at + 4]);
        }
      }
    }
    if (nEdges <= 12) {
      for (const [text, x, y] of texts) {
        context.font = `400 12.5px ${FACE}`;
        const half = context.measureText(text).width / 2 + 3;
        context.fillStyle = theme.paper;
        context.beginPath();
        context.roundRect(x - half, y - 12, 2 * half, 16, 4);
        context.fill();
        write(context, text, x, y, { size: 12.5, color: theme.ink, align: "center" });
      }
    }
    maps().forEach((layer, l) => layer.forEach((map, j) => {
      // Of several outputs the one that the other panels show.
      const isShown = model.nOutputs > 1 && l + 1 === shown.length && j === state.output;
      const [x, y] = center(l, j), inner = tile.getContext("2d"), image = inner.createImageData(SIDE, SIDE);
      paint(map, SIDE, SIDE, state.palette, image);
      inner.putImageData(image, 0, 0);
      context.save();
      context.beginPath();
      context.roundRect(x - side / 2, y - side / 2, side, side, 0.2 * side);
      context.clip();
      context.drawImage(tile, 0.5, 0.5, SIDE - 1, SIDE - 1, x - side / 2, y - side / 2, side, side);
      context.restore();
      Object.assign(context, { strokeStyle: theme.ink, lineWidth: isShown ? 3.5 : 1.5 });
      context.stroke();
      const isBiased = model.hasBiases && l > 0 && pitch > 46;
      const bias = isBiased ? `b ${valueText(model.parameter(snapshot, model.layers[l - 1].biases + j), 1)}` : l === 0 ? data.names[j] : "";
      if (pitch > 46) write(context, bias, x, y + side / 2 + 16, { size: 12.5, color: theme.muted, align: "center", halo: theme.paper });
    }));
    model.widths.forEach((n, l) => {
      if (n > shown[l]) write(context, `+ ${n - shown[l]}`, center(l, 0)[0], height - 6, { size: 12.5, color: theme.muted, align: "center" });
    });
  };
  return viewOf("network", drawn);
};
