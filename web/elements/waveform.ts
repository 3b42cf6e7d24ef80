const BAR_PIXELS = 2;
const GAP_PIXELS = 1;
// A silent stretch still shows where the sermon goes on.
const LEAST_HEIGHT = 0.08;

/** Draws peaks (0 to 255) as bars over the whole canvas, the part up to `played` (0 to 1) in the accent colour. */
export function drawWaveform(canvas: HTMLCanvasElement, peaks: readonly number[], played: number): void {
  const { clientWidth: width, clientHeight: height } = canvas;
  const context = canvas.getContext('2d');
  if (context === null || width === 0 || height === 0) return;
  const scale = devicePixelRatio;
  if (canvas.width !== Math.round(width * scale)) canvas.width = Math.round(width * scale);
  if (canvas.height !== Math.round(height * scale)) canvas.height = Math.round(height * scale);
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  const style = getComputedStyle(canvas);
  const heights = barHeights(peaks, Math.floor(width / (BAR_PIXELS + GAP_PIXELS)));
  for (const [index, bar] of heights.entries()) {
    const x = index * (BAR_PIXELS + GAP_PIXELS);
    // The sheet gives both colours: what is played is the text's, the rest is the outline's.
    context.fillStyle = x < played * width ? style.color : style.outlineColor;
    const barHeight = Math.max(LEAST_HEIGHT, bar) * height;
    context.fillRect(x, (height - barHeight) / 2, BAR_PIXELS, barHeight);
  }
}

/** One height (0 to 1) a bar: the loudest peak under it, relative to the loudest of all. */
export function barHeights(peaks: readonly number[], bars: number): number[] {
  const loudest = peaks.reduce((most, peak) => Math.max(most, peak), 1);
  return Array.from({ length: bars }, (_, bar) => {
    const from = Math.floor((bar * peaks.length) / bars);
    const to = Math.max(from + 1, Math.floor(((bar + 1) * peaks.length) / bars));
    return peaks.slice(from, to).reduce((most, peak) => Math.max(most, peak), 0) / loudest;
  });
}
