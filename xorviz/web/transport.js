"use strict";
// Plays, steps and scrubs through positions 0 … n − 1, whatever they show.
//   n       how many positions there are
//   line    what plays: { positions, starts, total }, positions rising, starts and total in milliseconds
//   loops   how often it plays; 0 for ever
//   slider  { max, value(position), position(value) }: where the slider stands
//   show    called with the position to show; says what it shows, and how the slider reads
const transport = ({ n, line, loops, slider, show }) => {
  const [form, input, words, count, play, back, on, loop, speed] =
    ["form.transport", "#position", "#words", "#count", "#play", "#back", "#on", "#loop", "#speed"]
      .map((name) => document.querySelector(name));
  let shown = -1, isPlaying = false, time = 0, last = 0, played = 0, ticket = 0;

  const isLooped = () => loop.getAttribute("aria-pressed") === "true";
  const setLooped = (yes) => loop.setAttribute("aria-pressed", String(yes));
  const put = (position) => {
    if (position === shown) return;
    shown = position;
    say(show(position));
  };
  const say = ({ text, of }) => {
    input.max = slider.max;
    input.value = slider.value(shown);
    input.style.setProperty("--filled", `${(100 * slider.value(shown)) / Math.max(slider.max, 1)}%`);
    input.setAttribute("aria-valuetext", text ? `${text}, ${of}` : of);
    words.textContent = text;
    count.textContent = of;
  };
  const label = () => {
    play.toggleAttribute("data-playing", isPlaying);
    play.setAttribute("aria-label", isPlaying ? "Pause" : "Play");
  };
  const at = (milliseconds) => {
    let low = 0, high = line.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (line.starts[middle] <= milliseconds) low = middle; else high = middle - 1;
    }
    return low;
  };
  const timeOf = (position) => {
    let index = line.positions.findIndex((one) => one >= position);
    if (index < 0) index = line.positions.length - 1;
    return line.starts[index];
  };
  const pause = () => {
    isPlaying = false;
    cancelAnimationFrame(ticket);
    label();
  };
  const tick = () => {
    if (!isPlaying) return;
    const now = performance.now();
    // A page that was hidden does not hurry to catch up.
    time += Math.min(now - last, 250) * Number(speed.value);
    last = now;
    if (time >= line.total) {
      played += 1;
      if (!isLooped() && played >= Math.max(loops, 1)) {
        put(line.positions.at(-1));
        return pause();
      }
      time %= line.total;
    }
    put(line.positions[at(time)]);
    ticket = requestAnimationFrame(tick);
  };
  const start = () => {
    if (shown >= line.positions.at(-1)) put(line.positions[0]);
    [time, played, last, isPlaying] = [timeOf(shown), 0, performance.now(), true];
    label();
    ticket = requestAnimationFrame(tick);
  };
  const toggle = () => (isPlaying ? pause() : start());
  const go = (position) => {
    pause();
    put(Math.min(Math.max(position, 0), n - 1));
  };

  input.addEventListener("input", () => {
    go(slider.position(Number(input.value)));
    // The thumb stands where something is, not between.
    input.value = slider.value(shown);
  });
  play.addEventListener("click", toggle);
  back.addEventListener("click", () => go(shown - 1));
  on.addEventListener("click", () => go(shown + 1));
  loop.addEventListener("click", () => setLooped(!isLooped()));
  form.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const { tagName } = event.target;
    // On a button the space bar presses that button; a list has keys of its own.
    if (tagName === "SELECT" || (tagName === "BUTTON" && event.key === " ")) return;
    const keys = {
      " ": toggle,
      ArrowLeft: () => go(shown - 1),
      ArrowRight: () => go(shown + 1),
      ArrowDown: () => go(shown - 1),
      ArrowUp: () => go(shown + 1),
      ",": () => go(shown - 1),
      ".": () => go(shown + 1),
      PageDown: () => go(shown - 10),
      PageUp: () => go(shown + 10),
      Home: () => go(0),
      End: () => go(n - 1),
      l: () => setLooped(!isLooped()),
    };
    const isScroll = ["ArrowUp", "ArrowDown", "PageUp", "PageDown"].includes(event.key);
    // Elsewhere these scroll the page.
    if (!keys[event.key] || (isScroll && tagName !== "INPUT")) return;
    event.preventDefault();
    keys[event.key]();
  });
  setLooped(loops === 0);
  form.hidden = false;
  return {
    go, pause, start,
    shown: () => shown,
    // Another clock: the same positions at other times.
    setLine(other) {
      line = other;
      time = timeOf(shown);
      say(show(shown));
    },
  };
};
const isCalm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
