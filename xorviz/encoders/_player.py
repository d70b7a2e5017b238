"""The page around the frames of an HTML file: what stands before them, and the program that shows them."""

from __future__ import annotations

BEFORE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{alt}</title>
<style>
:root {{ color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }}
body {{ max-width: {width_px}px; margin: 1rem auto; padding: 0 .5rem; background: Canvas; color: CanvasText; }}
canvas {{ display: block; width: 100%; height: auto; }}
form {{ display: flex; gap: .5rem; align-items: center; margin: .5rem 0; }}
button {{ font: inherit; min-width: 2.75rem; min-height: 2.75rem; }}
input {{ flex: 1; min-width: 4rem; }}
output {{ font-variant-numeric: tabular-nums; white-space: nowrap; }}
</style>
<canvas width="{width_px}" height="{height_px}" role="img" aria-label="{alt}"></canvas>
<form aria-label="Player">
<button type="button" id="play" aria-label="Play">▶</button>
<button type="button" id="back" aria-label="Previous frame">‹</button>
<button type="button" id="on" aria-label="Next frame">›</button>
<input type="range" id="frame" min="0" value="0" aria-label="Frame">
<output for="frame"></output>
</form>
<noscript>This animation needs JavaScript.</noscript>
<script type="application/json" id="frames">{{"loops": {n_loops}, "frames": [
"""
"""Formatted with width_px, height_px, n_loops and alt, which is escaped."""

AFTER = """
]}</script>
<script>
(async () => {
  const { loops, frames } = JSON.parse(document.getElementById("frames").textContent);
  const canvas = document.querySelector("canvas"), context = canvas.getContext("2d");
  const [play, back, on, slider] = ["play", "back", "on", "frame"].map((id) => document.getElementById(id));
  const text = document.querySelector("output");
  let shown = -1, timer = 0, played = 0, due = 0;

  text.textContent = "…";
  const images = await Promise.all(frames.map(async (frame) => {
    const image = new Image();
    image.src = "data:image/webp;base64," + frame.webp;
    await image.decode();
    return image;
  }));

  // A frame is a patch over the one before it, back to the last that is whole.
  const show = (index) => {
    if (index === shown) return;
    let first = index;
    while (!frames[first].whole && first !== shown + 1) first -= 1;
    for (let i = first; i <= index; i += 1) context.drawImage(images[i], frames[i].x, frames[i].y);
    shown = index;
    slider.value = index;
    text.textContent = `${index + 1} / ${frames.length}`;
  };
  const label = (symbol, name) => { play.textContent = symbol; play.setAttribute("aria-label", name); };
  const pause = () => { clearTimeout(timer); timer = 0; label("▶", "Play"); };
  const step = (index) => { pause(); show(Math.min(Math.max(index, 0), frames.length - 1)); };
  const wait = () => {
    due += frames[shown].ms;
    timer = setTimeout(next, Math.max(0, due - performance.now()));
  };
  const next = () => {
    // A page that was hidden does not hurry to catch up.
    if (performance.now() - due > 1000) due = performance.now();
    if (shown + 1 < frames.length) show(shown + 1);
    else if (loops && (played += 1) >= loops) return pause();
    else show(0);
    wait();
  };
  const start = () => {
    if (shown === frames.length - 1) show(0);
    played = 0;
    due = performance.now();
    label("❚❚", "Pause");
    wait();
  };
  const toggle = () => (timer ? pause() : start());

  slider.max = frames.length - 1;
  slider.addEventListener("input", () => step(Number(slider.value)));
  play.addEventListener("click", toggle);
  back.addEventListener("click", () => step(shown - 1));
  on.addEventListener("click", () => step(shown + 1));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    // On a button the space bar presses that button.
    if (event.key === " " && event.target.tagName === "BUTTON") return;
    const keys = {
      " ": toggle,
      ArrowLeft: () => step(shown - 1),
      ArrowRight: () => step(shown + 1),
      Home: () => step(0),
      End: () => step(frames.length - 1),
    };
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  show(0);
  if (frames.length > 1 && !matchMedia("(prefers-reduced-motion: reduce)").matches) start();
})();
</script>
</html>
"""
