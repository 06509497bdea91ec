// The panel of the experts: the live grid, the token looked at, each expert's share.
import { element } from "./dom.js";
import { barAt, drawBars, Grid } from "./grid.js";
import { aboutAnswer, aboutCell, aboutShares, aboutToken } from "./readout.js";

const FADE = 900; // milliseconds to 1/e
const NEXT = 0.45; // what a token's light keeps when the next one comes
const still = matchMedia("(prefers-reduced-motion: reduce)");
const find = (id) => document.getElementById(id);

export class Experts {
  /** `onLook(tokens, kind)` is told which tokens of the trace to mark in the text. */
  constructor(onLook) {
    this.onLook = onLook;
    this.grid = new Grid(find("grid"));
    this.slider = find("token");
    this.layer = find("layer");
    this.trace = null;
    this.textOf = () => "";
    this.cursor = null; // a cell under the pointer or the keyboard
    this.looked = null; // the token looked at
    this.listen();
  }

  listen() {
    const { canvas } = this.grid;
    canvas.addEventListener("pointermove", (event) => this.point(this.grid.cellAt(event)));
    canvas.addEventListener("pointerleave", () => this.point(null));
    canvas.addEventListener("blur", () => this.point(null));
    canvas.addEventListener("keydown", (event) => {
      if (!this.shape || !event.key.startsWith("Arrow")) return;
      event.preventDefault();
      this.point(this.cursor === null ? 0 : this.grid.moved(this.cursor, event.key));
    });
    this.slider.addEventListener("input", () => this.look(Number(this.slider.value)));
    this.slider.addEventListener("focus", () => this.look(Number(this.slider.value)));
    this.slider.addEventListener("blur", () => this.look(null));
    this.layer.addEventListener("change", () => this.showShares());
    const bars = find("bars");
    bars.addEventListener("pointermove", (event) => this.pointBar(event));
    bars.addEventListener("pointerleave", () => this.showShares());
    find("shares").addEventListener("toggle", () => this.showShares());
    new ResizeObserver(() => this.fit()).observe(find("experts"));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.fit());
  }

  /** The model whose experts there are to see, or none. */
  setModel({ n_experts: experts, n_sparse_layers: layers, top_k: width } = {}) {
    const sparse = Boolean(experts && layers && width);
    this.shape = sparse ? { experts, layers, width } : null;
    this.counts = new Uint32Array(sparse ? layers * experts : 0);
    this.glow = new Float32Array(this.counts.length);
    if (!sparse) return false;
    const s = layers === 1 ? "" : "s";
    find("experts-model").textContent =
      `Each token: ${width} of ${experts} experts in ${layers} layer${s}.`;
    const option = (value, text) => element("option", { value, textContent: text });
    const each = Array.from({ length: layers }, (_, i) => option(i, `layer ${i + 1}`));
    this.layer.replaceChildren(option("all", "all layers"), ...each);
    this.show(null);
    this.fit();
    return true;
  }

  /** Shows one answer; `textOf` gives the text of one of its tokens. */
  show(trace, textOf = () => "") {
    if (!this.shape) return;
    if (trace && !["experts", "layers", "width"].every((key) => trace[key] === this.shape[key])) {
      trace = null; // another model's answer
    }
    [this.trace, this.textOf, this.looked] = [trace, textOf, null];
    this.counts.fill(0);
    this.glow.fill(0);
    for (let i = 0; i < (trace?.length ?? 0); i += 1) this.count(i);
    this.refresh();
  }

  /** Counts and lights the last `n` tokens of the trace shown. */
  light(n) {
    const { trace } = this;
    if (!this.shape || !trace) return;
    for (let i = trace.length - n; i < trace.length; i += 1) {
      for (const [cell, glow] of this.glow.entries()) this.glow[cell] = glow * (still.matches ? 0 : NEXT);
      this.count(i, 1);
    }
    this.stale = true; // hundreds of tokens a second are told once a frame
    this.schedule();
  }

  /** Tells at once what the next frame would tell. */
  catchUp() {
    if (this.stale) this.refresh();
  }

  count(i, glow = 0) {
    const { experts, width } = this.shape;
    for (const [k, id] of this.trace.row(i).entries()) {
      const cell = Math.floor(k / width) * experts + id;
      this.counts[cell] += 1;
      if (glow) this.glow[cell] = glow;
    }
  }

  refresh() {
    this.stale = false;
    const n = this.trace?.length ?? 0;
    this.slider.max = Math.max(1, n);
    this.slider.disabled = !n;
    if (this.looked === null) this.slider.value = n;
    this.describe();
    this.showShares();
    this.schedule();
  }

  /** Looks at token `i`, from 1, or at none. */
  look(i) {
    const token = i && this.trace ? this.trace.tokens[i - 1] : null;
    this.looked = token ? i : null;
    if (token) this.slider.value = i;
    this.onLook(this.trace, token ? [token] : [], "token");
    this.describe();
    this.schedule();
  }

  /** Points at a cell of the grid: the tokens that this expert worked on are marked. */
  point(cell) {
    if (cell === this.cursor || !this.shape) return;
    this.cursor = cell;
    const { experts } = this.shape;
    const [layer, expert] = [Math.floor(cell / experts), cell % experts];
    const served = cell === null || !this.trace ? [] : this.trace.served(layer, expert);
    this.onLook(this.trace, served, "expert");
    this.describe();
    this.schedule();
  }

  describe() {
    const n = this.trace?.length ?? 0;
    const { cursor, looked, trace, counts, shape } = this;
    const text = looked === null ? "" : this.textOf(trace.tokens[looked - 1]);
    const [head, rest] =
      cursor !== null ? aboutCell(cursor, counts, n, shape)
      : looked !== null ? aboutToken(looked, trace, text)
      : aboutAnswer(counts, n);
    find("readout-head").textContent = head;
    find("readout").textContent = rest;
    this.slider.setAttribute("aria-valuetext", n ? `${head} ${rest}` : "no tokens yet");
  }

  shares() {
    const { experts, layers } = this.shape;
    const n = Math.max(1, this.trace?.length ?? 0);
    const chosen = this.layer.value === "all" ? null : Number(this.layer.value);
    const shares = new Array(experts).fill(0);
    for (const [cell, count] of this.counts.entries()) {
      const layer = Math.floor(cell / experts);
      if (chosen === null) shares[cell % experts] += count / n / layers;
      else if (layer === chosen) shares[cell % experts] += count / n;
    }
    return shares;
  }

  showShares(lit = null) {
    if (!this.shape || !find("shares").open) return;
    const shares = this.shares();
    const even = this.shape.width / this.shape.experts;
    drawBars(find("bars"), shares, even, lit);
    find("shares-note").textContent = aboutShares(shares, even, lit);
  }

  pointBar(event) {
    if (this.shape) this.showShares(barAt(find("bars"), this.shape.experts, event));
  }

  fit() {
    const box = find("grid-box");
    if (!this.shape || !box.clientWidth) return;
    const { layers, experts } = this.shape;
    const height = Number.parseFloat(getComputedStyle(box).maxHeight);
    this.grid.fit(layers, experts, box.clientWidth, height);
    const across = this.grid.expertsAcross;
    find("axes").textContent = across ? "across: experts · down: layers" : "across: layers · down: experts";
    this.showShares();
    this.schedule();
  }

  schedule() {
    if (this.frame || !this.shape || !this.grid.layers) return;
    this.frame = requestAnimationFrame((now) => this.paint(now));
  }

  paint(now) {
    const since = Math.min(100, now - (this.painted ?? now));
    this.frame = null;
    this.painted = now;
    this.catchUp();
    const most = Math.max(1, this.counts.reduce((a, b) => Math.max(a, b), 0));
    const warmth = Float32Array.from(this.counts, (count) => 0.9 * count / most);
    let glow = this.glow;
    if (this.looked !== null) {
      glow = new Float32Array(this.glow.length);
      const { experts, width } = this.shape;
      for (const [k, id] of this.trace.row(this.looked - 1).entries()) {
        glow[Math.floor(k / width) * experts + id] = 1;
      }
    }
    this.grid.draw(warmth, glow, this.cursor);
    if (still.matches) return;
    let glowing = false;
    for (let i = 0; i < this.glow.length; i += 1) {
      this.glow[i] *= Math.exp(-since / FADE);
      if (this.glow[i] < 0.02) this.glow[i] = 0;
      glowing ||= this.glow[i] > 0;
    }
    if (glowing) this.schedule();
    else this.painted = undefined;
  }
}
