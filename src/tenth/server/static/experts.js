// The panel of the experts: the live grid, the token looked at, each expert's share.
import { element } from "./dom.js";
import { barAt, drawBars, Grid } from "./grid.js";

const FADE = 700; // milliseconds to 1/e
const still = matchMedia("(prefers-reduced-motion: reduce)");
const percent = (share) => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
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
    new ResizeObserver(() => this.fit()).observe(find("grid-box"));
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
      `${width} of ${experts} experts work on a token, in each of ${layers} layer${s}.`;
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
    if (still.matches) this.glow.fill(0);
    for (let i = trace.length - n; i < trace.length; i += 1) this.count(i, 1);
    this.refresh();
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
    const [head, rest] = this.cursor === null ? this.aboutToken(n) : this.aboutCell(n);
    find("readout-head").textContent = head;
    find("readout").textContent = rest;
    this.slider.setAttribute("aria-valuetext", n ? `${head} ${rest}` : "no tokens yet");
  }

  aboutToken(n) {
    if (!n) return ["No answer yet", "Each token of an answer lights up the experts that work on it."];
    if (this.looked === null) {
      const used = this.counts.reduce((sum, count) => sum + (count > 0), 0);
      return [`${n} tokens`, `They used ${used} of ${this.counts.length} experts so far. Point at a word, or move the slider.`];
    }
    const { layers } = this.shape;
    const text = this.textOf(this.trace.tokens[this.looked - 1]);
    const rows = Array.from({ length: layers }, (_, layer) =>
      `layer ${layer + 1}: ${[...this.trace.row(this.looked - 1, layer)].join(", ")}`,
    );
    const shown = text ? `“${text.replaceAll("\n", "↵")}”` : "(no text of its own)";
    return [`Token ${this.looked} of ${n} ${shown}`, `${rows.join("; ")}.`];
  }

  aboutCell(n) {
    const { experts } = this.shape;
    const count = this.counts[this.cursor];
    const name = `Layer ${Math.floor(this.cursor / experts) + 1}, expert ${this.cursor % experts}`;
    if (!n) return [name, "No answer yet."];
    return [name, `worked on ${count} of ${n} tokens, ${percent(count / n)}; even would be ${percent(this.shape.width / experts)}.`];
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
    const order = shares.map((share, id) => ({ share, id })).sort((a, b) => b.share - a.share);
    const top = order.slice(0, 3).filter(({ share }) => share > 0);
    const words = top.map(({ share, id }) => `${id} (${percent(share)})`).join(", ");
    find("shares-note").textContent = lit === null
      ? `${words ? `Busiest: ${words}. ` : ""}The line is an even share, ${percent(even)} of the tokens.`
      : `Expert ${lit}: ${percent(shares[lit])} of the tokens.`;
  }

  pointBar(event) {
    if (this.shape) this.showShares(barAt(find("bars"), this.shape.experts, event));
  }

  fit() {
    const box = find("grid-box");
    if (!this.shape || !box.clientWidth) return;
    const { layers, experts } = this.shape;
    this.grid.fit(layers, experts, box.clientWidth, box.clientHeight);
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
    const most = Math.max(1, this.counts.reduce((a, b) => Math.max(a, b), 0));
    const warmth = Float32Array.from(this.counts, (count) => 0.85 * Math.sqrt(count / most));
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
