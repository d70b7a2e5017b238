// What every view is drawn with: a canvas as fine as the screen, text, markers, round numbers.
const FACE = '"Source Sans Pro", system-ui, sans-serif';

// How many CSS pixels one of ours has: pictures grow with the page's type.
const zoom = () => parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
// A canvas that fills its figure; draw(context, width, height) in our pixels, with context.fine screen pixels in each.
const viewOf = (id, draw) => {
  const canvas = document.querySelector(`#${id} canvas`), context = canvas.getContext("2d");
  const view = {
    canvas, width: 0, height: 0, isDirty: true,
    draw() {
      const rectangle = canvas.getBoundingClientRect(), fine = zoom() * (window.devicePixelRatio || 1);
      if (!rectangle.width || !rectangle.height) return;
      const [width, height] = [rectangle.width / zoom(), rectangle.height / zoom()];
      const [columns, rows] = [Math.round(width * fine), Math.round(height * fine)];
      if (canvas.width !== columns || canvas.height !== rows) [canvas.width, canvas.height] = [columns, rows];
      Object.assign(view, { width, height, isDirty: false });
      context.fine = fine;
      context.setTransform(fine, 0, 0, fine, 0, 0);
      context.clearRect(0, 0, width, height);
      draw(context, width, height);
    },
  };
  new ResizeObserver(() => { view.isDirty = true; redraw(); }).observe(canvas);
  return view;
};

const write = (context, text, x, y, { size = 13, weight = 400, color, align = "left", halo = "" } = {}) => {
  context.font = `${weight} ${size}px ${FACE}`;
  context.textAlign = align;
  context.textBaseline = "alphabetic";
  if (halo) {
    Object.assign(context, { strokeStyle: halo, lineWidth: 4, lineJoin: "round" });
    context.strokeText(text, x, y);
  }
  context.fillStyle = color;
  context.fillText(text, x, y);
};

// Class by shape as well as by colour: square, circle, then triangle, diamond and so on.
const marker = (context, shape, x, y, size, color, edge) => {
  const r = size / 2;
  context.beginPath();
  if (shape === 0) context.rect(x - 0.88 * r, y - 0.88 * r, 1.76 * r, 1.76 * r);
  else if (shape === 1) context.arc(x, y, r, 0, 2 * Math.PI);
  else {
    const n = [3, 4, 5, 6][(shape - 2) % 4];
    for (let k = 0; k < n; k += 1) {
      const angle = (2 * Math.PI * k) / n - Math.PI / 2;
      context.lineTo(x + 1.1 * r * Math.cos(angle), y + 1.1 * r * Math.sin(angle));
    }
    context.closePath();
  }
  Object.assign(context, { fillStyle: color, strokeStyle: edge, lineWidth: Math.max(0.13 * size, 1), lineJoin: "miter" });
  context.fill();
  context.stroke();
};

const stroke = (context, lines, color, width, { alpha = 1, dash = [] } = {}) => {
  Object.assign(context, { strokeStyle: color, lineWidth: width, lineCap: "round", lineJoin: "round", globalAlpha: alpha });
  context.setLineDash(dash);
  context.beginPath();
  for (const line of lines) {
    context.moveTo(line[0], line[1]);
    for (let k = 2; k < line.length; k += 2) context.lineTo(line[k], line[k + 1]);
  }
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
};

// Multiples of 1, 2 or 5 times a power of ten, about so many.
const roundNumbers = (low, high, about) => {
  const raw = (high - low) / Math.max(about, 1), power = 10 ** Math.floor(Math.log10(raw));
  const far = (factor) => Math.abs(Math.log((factor * power) / raw));
  const step = power * [1, 2, 5, 10].reduce((best, one) => (far(one) < far(best) ? one : best));
  const found = [];
  for (let k = Math.ceil(low / step - 1e-9); k <= Math.floor(high / step + 1e-9); k += 1) found.push(Number((k * step).toPrecision(12)));
  return found;
};
const powersOfTen = (low, high, most) => {
  const first = Math.ceil(Math.log10(low) - 1e-9), last = Math.floor(Math.log10(high) + 1e-9);
  if (last <= first) return roundNumbers(low, high, 2).filter((one) => one > 0);
  const every = Math.ceil((last - first + 1) / Math.max(most, 1)), found = [];
  for (let k = last; k >= first; k -= every) found.push(10 ** k);
  return found.reverse();
};
// The values that points take where these are few, round numbers otherwise.
const inputTicks = (values, [low, high], about = 4) => {
  const found = [...new Set(values)].filter((one) => one >= low && one <= high).sort((a, b) => a - b);
  return found.length > 1 && found.length <= 3 ? found : roundNumbers(low, high, about);
};
const minus = (text) => text.replaceAll("-", "−");
const tickText = (value) => {
  const size = Math.abs(value);
  if (size && (size < 0.001 || size >= 1e7)) {
    const exponent = Math.floor(Math.log10(size) + 1e-9);
    return minus(`${Number((value / 10 ** exponent).toPrecision(6))}e${exponent}`);
  }
  if (size >= 1e6) return minus(`${Number((value / 1e6).toPrecision(6))}M`);
  if (size >= 1e3) return minus(`${Number((value / 1e3).toPrecision(6))}k`);
  return minus(String(Number(value.toPrecision(6))));
};
const valueText = (value, places = 2) => {
  if (!Number.isFinite(value)) return "–";
  if (Math.abs(value) >= 1e4) return minus(value.toExponential(1).replace("e+", "e"));
  const text = value.toFixed(places);
  return Number(text) === 0 ? text.replace("-", "") : minus(text);
};
const lossText = (value) => (value > 0 && value < 0.001 ? minus(value.toExponential(1)) : valueText(value, 3));

// Opaque colours of levels 0..1 for the pixels of a picture: index 0 at 0.
const levelIndex = (value) => (Number.isFinite(value) ? Math.round(255 * Math.min(Math.max(value, 0), 1)) : 128);
const paint = (values, n_columns, n_rows, palette, image) => {
  const target = new Uint32Array(image.data.buffer);
  for (let r = 0; r < n_rows; r += 1) {
    const from = (n_rows - 1 - r) * n_columns;
    for (let c = 0; c < n_columns; c += 1) target[r * n_columns + c] = palette[levelIndex(values[from + c])];
  }
};
