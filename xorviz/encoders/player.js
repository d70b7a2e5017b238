(async () => {
  const { loops, poster, frames } = JSON.parse(document.getElementById("data").textContent);
  const canvas = document.querySelector("canvas"), context = canvas.getContext("2d");
  const starts = [];
  let total = 0, drawn = -1;
  for (const frame of frames) {
    starts.push(total);
    total += frame.ms;
  }
  const images = await Promise.all(frames.map((frame) => new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.onerror = reject;
    image.src = "data:image/webp;base64," + frame.webp;
    delete frame.webp;
  })));

  // A frame is a patch over the one before it, back to the last that is whole.
  const show = (index) => {
    let first = index;
    while (!frames[first].whole && first !== drawn + 1) first -= 1;
    for (let i = first; i <= index; i += 1) context.drawImage(images[i], frames[i].x, frames[i].y);
    drawn = index;
    return { text: frames[index].caption, of: `${index + 1} / ${frames.length}` };
  };
  const n = frames.length, positions = frames.map((_, index) => index);
  const player = transport({
    n, loops, show,
    line: { positions, starts, total },
    slider: { max: n - 1, value: (position) => position, position: (value) => value },
  });
  document.getElementById("stage").addEventListener("click", () => document.getElementById("play").click());
  // The frame that shows what the poster shows: equal frames are stored once.
  const still = poster < 0 ? n - 1 : positions.findLast((index) => frames[index].frame <= poster);
  player.go(isCalm() ? still : 0);
  canvas.hidden = false;
  document.getElementById("poster").hidden = true;
  if (n > 1 && !isCalm()) player.start();
})();
