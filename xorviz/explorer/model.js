"use strict";
// The recorded network, run again in float64: what it says anywhere, at any snapshot.
const decoded = (text, Type) => new Type(Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)).buffer);

const ACTIVATIONS = {
  sigmoid: (z) => 1 / (1 + Math.exp(-z)),
  tanh: Math.tanh,
  relu: (z) => Math.max(z, 0),
  linear: (z) => z,
};

const modelOf = ({ network, parameters, task, inputs, targets }) => {
  const { widths, activations, biases } = network;
  const flat = decoded(parameters, Float64Array);
  const layers = activations.map((name, l) => ({ fanIn: widths[l], fanOut: widths[l + 1], f: ACTIVATIONS[name] }));
  let size = 0;
  for (const layer of layers) {
    layer.weights = size;
    layer.biases = size + layer.fanIn * layer.fanOut;
    size = layer.biases + (biases ? layer.fanOut : 0);
  }
  const values = widths.map((width) => new Float64Array(width));
  const nOutputs = widths.at(-1), nUnits = widths.reduce((sum, width) => sum + width);
  const points = decoded(inputs, Float64Array), wanted = decoded(targets, Float64Array);

  // Fills values with every layer's activations at one point; returns the outputs.
  const forward = (snapshot, x, y) => {
    const start = snapshot * size;
    values[0][0] = x;
    values[0][1] = y;
    for (let l = 0; l < layers.length; l += 1) {
      const { fanIn, fanOut, f } = layers[l], from = values[l], to = values[l + 1];
      for (let j = 0; j < fanOut; j += 1) {
        let z = 0;
        for (let i = 0, at = start + layers[l].weights + j; i < fanIn; i += 1, at += fanOut) z += from[i] * flat[at];
        to[j] = f(biases ? z + flat[start + layers[l].biases + j] : z);
      }
    }
    return values.at(-1);
  };
  const isCorrect = (outputs, target) => {
    if (task === "multiclass") {
      const own = target.indexOf(1);
      return outputs.every((one, k) => Number.isFinite(one) && (k === own || outputs[own] > one));
    }
    return outputs.every((one, k) => Number.isFinite(one) && (one - 0.5) * (target[k] - 0.5) > 0);
  };
  return {
    widths, layers, size, values, forward, points, wanted, nOutputs,
    hasBiases: biases,
    nPoints: points.length / 2,
    nSnapshots: flat.length / size,
    // What one point costs, in multiplications.
    cost: size + 8 * nUnits,
    parameter: (snapshot, index) => flat[snapshot * size + index],
    // One output on n × n points of the bounds, the first row at the lowest second input.
    grid(snapshot, output, n, [[left, right], [low, high]]) {
      const found = new Float64Array(n * n);
      for (let r = 0, at = 0; r < n; r += 1) {
        const y = low + ((high - low) * r) / (n - 1);
        for (let c = 0; c < n; c += 1, at += 1) {
          found[at] = forward(snapshot, left + ((right - left) * c) / (n - 1), y)[output];
        }
      }
      return found;
    },
    nCorrect(snapshot) {
      let count = 0;
      for (let i = 0; i < points.length / 2; i += 1) {
        const outputs = Array.from(forward(snapshot, points[2 * i], points[2 * i + 1]));
        count += isCorrect(outputs, Array.from(wanted.subarray(i * nOutputs, (i + 1) * nOutputs)));
      }
      return count;
    },
  };
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
