// Inline Markdown to DOM nodes: emphasis, code, links. In time linear in the text, and nothing in
// a model's text becomes markup: every character ends in a text node or in the href of a link
// whose scheme is on the list.
import { anchor, backtickRuns, destination, SCHEMES, withoutTail } from "./spans.js";

/** Where each text node begins in the source, so that a token of it can be found on the page. */
export const origin = new WeakMap();

const PLAIN = /[^\\`*_~[\]!<&\nh]+/y;
const BARE_URL = /https?:\/\/[^\s<>"`|\\^{}*]+/iy;
const ANGLE_URL = /<((?:https?:\/\/|mailto:)[^\s<>]+)>/iy;
const LINE_BREAK = /<br ?\/?>/iy;
const ENTITY = /&(amp|lt|gt|quot|nbsp|#39);/y;
const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', nbsp: "\u00a0", "#39": "'" };
const PUNCTUATION = /[!-/:-@[-`{-~]/;
const WORD = /[\p{L}\p{N}_]/u;
const MOST_OPEN = 20; // delimiters waiting for their partner; bounds the depth of the tree

export function textNode(text, at) {
  const node = document.createTextNode(text);
  origin.set(node, at);
  return node;
}

/** The nodes of `lines`, each `{text, at}`: a line and where it begins in the source. */
export function inline(lines) {
  const parser = new Inline(lines);
  parser.run();
  return parser.out;
}

class Inline {
  constructor(lines) {
    this.text = lines.map((line) => line.text).join("\n");
    this.lines = lines;
    this.line = 0; // the line of the last character that was placed
    this.lineStart = 0; // where it begins in this.text
    this.out = [];
    this.open = []; // delimiters: {mark, length, index in out, at}
    this.from = this.to = 0; // plain text not yet in out
    this.i = 0;
    this.ticks = backtickRuns(this.text);
  }

  run() {
    const { text } = this;
    while (this.i < text.length) {
      PLAIN.lastIndex = this.i;
      if (PLAIN.test(text)) this.keep(PLAIN.lastIndex);
      else if (!this.special(text[this.i])) this.keep(this.i + 1);
    }
    this.flush();
  }

  /** Plain text up to `end`. */
  keep(end) {
    if (this.to !== this.i) this.flush();
    if (this.from === this.to) this.from = this.i;
    this.i = this.to = end;
  }

  /** Leaves out the characters up to `end`: they were marks. */
  skip(end) {
    this.flush();
    this.i = this.from = this.to = end;
  }

  flush() {
    for (const node of this.texts(this.from, this.to)) this.out.push(node);
    this.from = this.to;
  }

  /** The text as it stands, a node a line: between lines the source may have had more. */
  texts(from, to) {
    const nodes = [];
    for (let i = from; i < to;) {
      const end = this.text.indexOf("\n", i) + 1;
      const stop = end && end < to ? end : to;
      nodes.push(textNode(this.text.slice(i, stop), this.sourceOf(i)));
      i = stop;
    }
    return nodes;
  }

  sourceOf(i) {
    while (i < this.lineStart) {
      this.line -= 1;
      this.lineStart -= this.lines[this.line].text.length + 1;
    }
    while (i > this.lineStart + this.lines[this.line].text.length) {
      this.lineStart += this.lines[this.line].text.length + 1;
      this.line += 1;
    }
    return this.lines[this.line].at + i - this.lineStart;
  }

  special(mark) {
    switch (mark) {
      case "\\": return this.escape();
      case "`": return this.code();
      case "*": case "_": case "~": return this.delimiter(mark);
      case "[": return this.bracket(1);
      case "!": return this.text[this.i + 1] === "[" && this.bracket(2);
      case "]": return this.close();
      case "<": return this.lineBreak(LINE_BREAK) || this.autolink(ANGLE_URL, 1);
      case "&": return this.entity();
      case "h": return this.autolink(BARE_URL, 0);
      default: return this.newline();
    }
  }

  escape() {
    const next = this.text[this.i + 1];
    if (next === "\n") return this.addBreak(this.i + 2);
    if (next === undefined || !PUNCTUATION.test(next)) return false;
    this.skip(this.i + 1);
    this.keep(this.i + 1);
    return true;
  }

  newline() {
    return this.text.endsWith("  ", this.i) && this.addBreak(this.i + 1);
  }

  lineBreak(pattern) {
    pattern.lastIndex = this.i;
    return pattern.test(this.text) && this.addBreak(pattern.lastIndex);
  }

  addBreak(end) {
    this.skip(end);
    this.out.push(document.createElement("br"));
    return true;
  }

  entity() {
    ENTITY.lastIndex = this.i;
    const found = ENTITY.exec(this.text);
    if (!found) return false;
    const at = this.sourceOf(this.i);
    this.skip(ENTITY.lastIndex);
    this.out.push(textNode(ENTITIES[found[1]], at));
    return true;
  }

  code() {
    const length = this.ticks.lengthAt(this.i);
    const start = this.i + length;
    const end = this.ticks.next(length, start);
    if (end < 0) {
      this.keep(start);
      return true;
    }
    const inside = this.text.slice(start, end);
    const padded = Number(/^[ \n].*[ \n]$/s.test(inside) && inside.trim() !== "");
    const code = document.createElement("code");
    for (const node of this.texts(start + padded, end - padded)) {
      node.data = node.data.replace("\n", " ");
      code.append(node);
    }
    this.skip(end + length);
    this.out.push(code);
    return true;
  }

  delimiter(mark) {
    const { text } = this;
    let end = this.i;
    while (text[end] === mark) end += 1;
    let length = end - this.i;
    if (mark === "~" ? length !== 2 : length > 3) {
      this.keep(end);
      return true;
    }
    const before = text[this.i - 1] ?? " ";
    const after = text[end] ?? " ";
    const inWord = mark === "_" && WORD.test(before) && WORD.test(after);
    if (before.trim() && !inWord) length = this.closeEmphasis(mark, length);
    if (!length) return true;
    const at = this.i;
    if (after.trim() && !inWord && !(mark === "_" && WORD.test(before))) {
      this.skip(end);
      this.push({ mark, length, node: textNode(mark.repeat(length), this.sourceOf(at)) });
    } else this.keep(end);
    return true;
  }

  push(opener) {
    opener.index = this.out.length;
    this.out.push(opener.node);
    this.open.push(opener);
    if (this.open.length > MOST_OPEN) this.open.shift();
  }

  /** Closes what `length` marks can close, and returns how many are left. */
  closeEmphasis(mark, length) {
    while (length) {
      const same = (opener) => opener.mark === mark;
      let k = this.open.findLastIndex((opener) => same(opener) && opener.length === length);
      if (k < 0 && mark !== "~") k = this.open.findLastIndex(same);
      if (k < 0) return length;
      const opener = this.open[k];
      const used = Math.min(opener.length, length, 2);
      this.flush();
      this.open.length = k + 1;
      const name = mark === "~" ? "del" : used === 2 ? "strong" : "em";
      const element = this.wrap(document.createElement(name), opener.index + 1);
      opener.length -= used;
      if (opener.length) opener.node.data = mark.repeat(opener.length);
      else {
        this.open.pop();
        this.out.pop();
      }
      this.out.push(element);
      length -= used;
      this.skip(this.i + used);
    }
    return 0;
  }

  /** Moves the nodes from `index` on into `element`. */
  wrap(element, index) {
    for (const node of this.out.splice(index)) element.append(node);
    return element;
  }

  bracket(length) {
    const at = this.i;
    this.skip(at + length);
    const node = textNode(this.text.slice(at, at + length), this.sourceOf(at));
    this.push({ mark: "[", length, node });
    return true;
  }

  close() {
    const k = this.open.findLastIndex((opener) => opener.mark === "[");
    if (k < 0) return false;
    const opener = this.open[k];
    const target = this.text[this.i + 1] === "(" ? destination(this.text, this.i + 2) : null;
    if (!target || !SCHEMES.test(target.url)) {
      this.open.splice(k, 1);
      return false;
    }
    this.skip(target.end);
    const link = this.wrap(anchor(target.url), opener.index + 1);
    this.out.pop();
    if (!link.textContent) link.append(target.url);
    this.out.push(link);
    this.open.length = k;
    this.open = this.open.filter((other) => other.mark !== "["); // no link within a link
    return true;
  }

  autolink(pattern, margin) {
    if (this.open.some((opener) => opener.mark === "[")) return false;
    if (!margin && this.i && WORD.test(this.text[this.i - 1])) return false;
    pattern.lastIndex = this.i;
    const found = pattern.exec(this.text);
    if (!found) return false;
    const url = margin ? found[1] : withoutTail(found[0]);
    if (!SCHEMES.test(url)) return false;
    const at = this.sourceOf(this.i + margin);
    const link = anchor(url);
    link.append(textNode(url, at));
    this.skip(this.i + url.length + 2 * margin);
    this.out.push(link);
    return true;
  }
}
