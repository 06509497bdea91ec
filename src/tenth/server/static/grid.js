// Draws the experts on a canvas: a cell for each in each layer, and bars of their shares.

const LARGEST_CELL = 30; // CSS pixels
const LONGEST_SIDES = 4; // a cell's sides to each other, at most
const WIDEST_BAR = 30;

/** The picture's colours, from the style sheet, so that light and dark need no code. */
function palette(canvas) {
  const style = getComputedStyle(canvas);
  const channels = (name) => {
    const hex = style.getPropertyValue(name).trim();
    return [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16));
  };
  const names = ["empty", "warm", "lit", "paper", "ink"];
  return Object.fromEntries(names.map((name) => [name, channels(`--grid-${name}`)]));
}

const css = (rgb) => `rgb(${rgb.join(" ")})`;
const mixed = (a, b, t) => a.map((value, k) => value + (b[k] - value) * t);

export class Grid {
  constructor(canvas) {
    this.canvas = canvas;
    this.cells = document.createElement("canvas"); // a pixel a cell
    this.layers = this.experts = 0;
  }

  /** Lays `layers x experts` out in a box of CSS pixels, the longer side along the longer. */
  fit(layers, experts, width, height) {
    const scale = window.devicePixelRatio || 1;
    const largest = LARGEST_CELL * scale;
    const cell = (room, n) => Math.min(largest, roundCell((room * scale) / n));
    const flat = [cell(width, experts), cell(height, layers)];
    const tall = [cell(width, layers), cell(height, experts)];
    const size = ([w, h]) => Math.min(w, LONGEST_SIDES * h) * Math.min(h, LONGEST_SIDES * w);
    this.expertsAcross = size(flat) >= size(tall);
    const [w, h] = this.expertsAcross ? flat : tall;
    [this.w, this.h] = [Math.min(w, LONGEST_SIDES * h), Math.min(h, LONGEST_SIDES * w)].map(roundCell);
    [this.nx, this.ny] = this.expertsAcross ? [experts, layers] : [layers, experts];
    [this.layers, this.experts, this.scale] = [layers, experts, scale];
    const { canvas } = this;
    canvas.width = Math.max(1, Math.round(this.nx * this.w));
    canvas.height = Math.max(1, Math.round(this.ny * this.h));
    canvas.style.width = `${canvas.width / scale}px`;
    canvas.style.height = `${canvas.height / scale}px`;
    this.cells.width = this.nx;
    this.cells.height = this.ny;
    this.colours = palette(canvas);
  }

  /** `warmth` and `glow` are 0..1 for each cell, layer by layer; `cursor` is a cell or null. */
  draw(warmth, glow, cursor) {
    const { canvas, cells, colours, nx, ny } = this;
    const small = cells.getContext("2d");
    const image = small.createImageData(nx, ny);
    for (let i = 0; i < warmth.length; i += 1) {
      const warm = mixed(colours.empty, colours.warm, warmth[i]);
      image.data.set(mixed(warm, colours.lit, glow[i]), 4 * this.pixel(i));
      image.data[4 * this.pixel(i) + 3] = 255;
    }
    small.putImageData(image, 0, 0);
    const context = canvas.getContext("2d");
    context.imageSmoothingEnabled = this.w < 1 || this.h < 1;
    context.drawImage(cells, 0, 0, canvas.width, canvas.height);
    this.drawGaps(context);
    if (cursor !== null) this.drawCursor(context, cursor);
  }

  drawGaps(context) {
    const gap = (side) => (side >= 6 ? Math.max(1, Math.round(side / 9)) : side >= 4 ? 1 : 0);
    context.fillStyle = css(this.colours.paper);
    const { width, height } = this.canvas;
    const [gx, gy] = [gap(this.w), gap(this.h)];
    for (let x = 1; gx && x <= this.nx; x += 1) context.fillRect(x * this.w - gx, 0, gx, height);
    for (let y = 1; gy && y <= this.ny; y += 1) context.fillRect(0, y * this.h - gy, width, gy);
  }

  drawCursor(context, cell) {
    const place = this.pixel(cell);
    const [x, y] = [(place % this.nx) * this.w, Math.floor(place / this.nx) * this.h];
    const line = Math.max(2, Math.round(1.5 * this.scale));
    context.strokeStyle = css(this.colours.ink);
    context.lineWidth = line;
    const [w, h] = [Math.max(this.w, 3 * line), Math.max(this.h, 3 * line)];
    context.strokeRect(x + (this.w - w) / 2, y + (this.h - h) / 2, w, h);
  }

  pixel(i) {
    const [layer, expert] = [Math.floor(i / this.experts), i % this.experts];
    return this.expertsAcross ? i : expert * this.nx + layer;
  }

  /** The cell under a pointer, or null. */
  cellAt(event) {
    const box = this.canvas.getBoundingClientRect();
    const x = Math.floor(((event.clientX - box.left) * this.scale) / this.w);
    const y = Math.floor(((event.clientY - box.top) * this.scale) / this.h);
    if (x < 0 || y < 0 || x >= this.nx || y >= this.ny) return null;
    const [layer, expert] = this.expertsAcross ? [y, x] : [x, y];
    return layer * this.experts + expert;
  }

  /** The cell an arrow key leads to. */
  moved(cell, key) {
    const { layers, experts } = this;
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const [dx, dy] = steps[key];
    const [dl, de] = this.expertsAcross ? [dy, dx] : [dx, dy];
    const layer = clamped(Math.floor(cell / experts) + dl, layers);
    return layer * experts + clamped((cell % experts) + de, experts);
  }
}

const clamped = (i, n) => Math.min(n - 1, Math.max(0, i));
const roundCell = (side) => (side >= 2 ? Math.floor(side) : side);

/** A bar for each share, and a line at the even one. */
export function drawBars(canvas, shares, even, lit) {
  const scale = window.devicePixelRatio || 1;
  const box = canvas.getBoundingClientRect();
  canvas.width = Math.max(1, Math.round(box.width * scale));
  canvas.height = Math.max(1, Math.round(box.height * scale));
  const context = canvas.getContext("2d");
  const colours = palette(canvas);
  const top = Math.max(even * 1.25, ...shares);
  const bar = barWidth(canvas, shares.length, scale);
  const gap = bar >= 4 ? Math.round(bar / 5) : 0;
  for (const [i, share] of shares.entries()) {
    const height = share ? Math.max(scale, (share / top) * canvas.height) : 0;
    context.fillStyle = css(i === lit ? colours.lit : colours.warm);
    context.fillRect(i * bar, canvas.height - height, bar - gap, height);
  }
  context.fillStyle = css(colours.ink);
  const line = Math.round(canvas.height * (1 - even / top));
  for (let x = 0; x < bar * shares.length; x += 6 * scale) {
    context.fillRect(x, line, 3 * scale, scale);
  }
}

export function barAt(canvas, n, event) {
  const scale = window.devicePixelRatio || 1;
  const x = (event.clientX - canvas.getBoundingClientRect().left) * scale;
  const i = Math.floor(x / barWidth(canvas, n, scale));
  return i >= 0 && i < n ? i : null;
}

const barWidth = (canvas, n, scale) =>
  Math.min(WIDEST_BAR * scale, roundCell(canvas.width / n));
