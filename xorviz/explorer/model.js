"use strict";
// The recorded network, run again in float64: what it says anywhere, at any snapshot.
const decoded = (text, Type) => new Type(Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)).buffer);

// In place, over all units of a layer and all points: a loop for each function, so that none is looked up for every value.
const each = (change) => (units) => units.forEach(change);
const ACTIVATE = {
  sigmoid: each((z) => { for (let k = 0; k < z.length; k += 1) z[k] = 1 / (1 + Math.exp(-z[k])); }),
  tanh: each((z) => { for (let k = 0; k < z.length; k += 1) z[k] = Math.tanh(z[k]); }),
  relu: each((z) => { for (let k = 0; k < z.length; k += 1) z[k] = Math.max(z[k], 0); }),
  linear() {},
  softmax(units) {
    for (let k = 0; k < units[0].length; k += 1) {
      const most = units.reduce((found, z) => Math.max(found, z[k]), -Infinity);
      let sum = 0;
      for (const z of units) sum += z[k] = Math.exp(z[k] - most);
      for (const z of units) z[k] /= sum;
    }
  },
};

const modelOf = ({ network, parameters, task, inputs, targets }) => {
  const { widths, activations, biases } = network;
  const flat = decoded(parameters, Float64Array);
  const layers = activations.map((name, l) => ({ fanIn: widths[l], fanOut: widths[l + 1], activate: ACTIVATE[name] }));
  let size = 0;
  for (const layer of layers) {
    layer.weights = size;
    layer.biases = size + layer.fanIn * layer.fanOut;
    size = layer.biases + (biases ? layer.fanOut : 0);
  }
  const nOutputs = widths.at(-1), nUnits = widths.reduce((sum, width) => sum + width);
  const points = decoded(inputs, Float64Array), wanted = decoded(targets, Float64Array);

  // Every layer's activations at some points: for each layer, and each of its units, a Float64Array of all points.
  const forward = (snapshot, xs, ys) => {
    const start = snapshot * size, found = [[xs, ys]];
    for (const { fanIn, fanOut, weights, biases: at, activate } of layers) {
      const from = found.at(-1), to = [];
      for (let j = 0; j < fanOut; j += 1) {
        const z = new Float64Array(xs.length);
        for (let i = 0; i < fanIn; i += 1) {
          const weight = flat[start + weights + i * fanOut + j], a = from[i];
          for (let k = 0; k < z.length; k += 1) z[k] += a[k] * weight;
        }
        if (biases) {
          const bias = flat[start + at + j];
          for (let k = 0; k < z.length; k += 1) z[k] += bias;
        }
        to.push(z);
      }
      activate(to);
      found.push(to);
    }
    return found;
  };
  const [pointsX, pointsY] = [0, 1].map((axis) => points.filter((_, k) => k % 2 === axis));
  const isCorrect = (outputs, target) => {
    if (task === "multiclass") {
      const own = target.indexOf(1);
      return outputs.every((one, k) => Number.isFinite(one) && (k === own || outputs[own] > one));
    }
    return outputs.every((one, k) => Number.isFinite(one) && (one - 0.5) * (target[k] - 0.5) > 0);
  };
  return {
    widths, layers, forward, points, wanted, nOutputs,
    hasBiases: biases,
    nPoints: points.length / 2,
    nSnapshots: flat.length / size,
    // What one point costs, in multiplications.
    cost: size + 8 * nUnits,
    parameter: (snapshot, index) => flat[snapshot * size + index],
    outputs: (snapshot, x, y) => forward(snapshot, [x], [y]).at(-1).map(([value]) => value),
    // One output at every training point.
    atPoints: (snapshot, output) => forward(snapshot, pointsX, pointsY).at(-1)[output],
    // One output on n × n points of the bounds, the first row at the lowest second input.
    grid(snapshot, output, n, bounds) {
      return forward(snapshot, ...gridOf(n, bounds)).at(-1)[output];
    },
    nCorrect(snapshot) {
      const outputs = forward(snapshot, pointsX, pointsY).at(-1);
      let count = 0;
      for (let i = 0; i < pointsX.length; i += 1) {
        count += isCorrect(outputs.map((of) => of[i]), Array.from(wanted.subarray(i * nOutputs, (i + 1) * nOutputs)));
      }
      return count;
    },
  };
};
const gridOf = (n, [[left, right], [low, high]]) => {
  const xs = new Float64Array(n * n), ys = new Float64Array(n * n);
  for (let k = 0; k < n * n; k += 1) {
    xs[k] = left + ((right - left) * (k % n)) / (n - 1);
    ys[k] = low + ((high - low) * Math.floor(k / n)) / (n - 1);
  }
  return [xs, ys];
};

// Pieces of the lines along which a grid takes a value, [x, y, x, y] in grid units.
const levelPieces = (values, n, level) => {
  const pieces = [];
  const cut = (a, b) => (level - a) / (b - a);
  for (let r = 0; r + 1 < n; r += 1) {
    for (let c = 0; c + 1 < n; c += 1) {
      const at = r * n + c, a = values[at], b = values[at + 1], d = values[at + n], e = values[at + n + 1];
      const isAbove = [a >= level, b >= level, e >= level, d >= level];
      const n_above = isAbove[0] + isAbove[1] + isAbove[2] + isAbove[3];
      if (n_above === 0 || n_above === 4 || !Number.isFinite(a + b + d + e)) continue;
      const ends = [];
      if (isAbove[0] !== isAbove[1]) ends.push(c + cut(a, b), r);
      if (isAbove[1] !== isAbove[2]) ends.push(c + 1, r + cut(b, e));
      if (isAbove[3] !== isAbove[2]) ends.push(c + cut(d, e), r + 1);
      if (isAbove[0] !== isAbove[3]) ends.push(c, r + cut(a, d));
      if (ends.length === 4) pieces.push(ends);
      else {
        // A saddle: the middle says which corners belong together.
        const [p, q, s, t] = [0, 2, 4, 6].map((k) => ends.slice(k, k + 2));
        const isMiddle = (a + b + d + e) / 4 >= level;
        if (isMiddle === isAbove[0]) pieces.push([...p, ...q], [...s, ...t]);
        else pieces.push([...p, ...t], [...q, ...s]);
      }
    }
  }
  return pieces;
};
