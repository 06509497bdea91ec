// Which experts answered each token of one answer.

/** Rows of `layers * width` expert ids, a row a token, and the text that each token brought. */
export class Trace {
  constructor(layers, width, experts) {
    this.layers = layers;
    this.width = width; // experts at work per layer
    this.experts = experts;
    this.tokens = []; // {part: "reasoning" | "content", from, to}
    this.ids = new Uint16Array(64 * layers * width);
  }

  get length() {
    return this.tokens.length;
  }

  /** Adds the tokens of one chunk: `experts` as it came, and the text they brought together. */
  add(experts, part, from, to) {
    const rows = rowsOf(experts, this.width).filter((row) => this.fits(row));
    for (const [i, row] of rows.entries()) {
      this.push(row.flat(), { part, from, to: i < rows.length - 1 ? from : to });
    }
    return rows.length;
  }

  push(ids, token) {
    const at = this.length * ids.length;
    if (at + ids.length > this.ids.length) {
      const larger = new Uint16Array(2 * this.ids.length);
      larger.set(this.ids);
      this.ids = larger;
    }
    this.ids.set(ids, at);
    this.tokens.push(token);
  }

  fits(row) {
    const good = (id) => Number.isInteger(id) && id >= 0 && id < this.experts;
    const whole = (ids) => Array.isArray(ids) && ids.length === this.width && ids.every(good);
    return row.length === this.layers && row.every(whole);
  }

  /** The ids of token `i`, in layer `layer` or in all of them, one layer after another. */
  row(i, layer = null) {
    const size = this.layers * this.width;
    const from = i * size + (layer ?? 0) * this.width;
    return this.ids.subarray(from, layer === null ? from + size : from + this.width);
  }

  /** The token whose text holds this place, or -1. */
  at(part, place) {
    return this.tokens.findLastIndex(
      (token) => token.part === part && token.from <= place && place < token.to,
    );
  }

  /** The tokens that `expert` of `layer` worked on. */
  served(layer, expert) {
    return this.tokens.filter((_, i) => this.row(i, layer).includes(expert));
  }

  pack() {
    const { layers, width, experts, tokens } = this;
    const used = new Uint8Array(this.ids.buffer, 0, 2 * this.length * layers * width);
    let text = "";
    for (let i = 0; i < used.length; i += 8192) {
      text += String.fromCharCode(...used.subarray(i, i + 8192));
    }
    const spans = tokens.map(({ part, from, to }) => [part === "content" ? 1 : 0, from, to]);
    return { layers, width, experts, spans, ids: btoa(text) };
  }

  static unpack({ layers, width, experts, spans, ids }) {
    const trace = new Trace(layers, width, experts);
    const bytes = Uint8Array.from(atob(ids), (character) => character.charCodeAt(0));
    trace.ids = new Uint16Array(bytes.buffer);
    trace.tokens = spans.map(([part, from, to]) => (
      { part: part ? "content" : "reasoning", from, to }
    ));
    return trace;
  }
}

/** A chunk's experts as a row per token: one token's layers, several tokens', or lists joined. */
function rowsOf(experts, width) {
  if (!Array.isArray(experts) || !experts.length) return [];
  if (Array.isArray(experts[0]?.[0])) return experts;
  const n = Math.max(1, Math.floor((experts[0]?.length ?? 0) / width));
  const part = (ids, i) => (Array.isArray(ids) ? ids.slice(i * width, (i + 1) * width) : ids);
  return Array.from({ length: n }, (_, i) => experts.map((ids) => part(ids, i)));
}
