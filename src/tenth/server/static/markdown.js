// Markdown to DOM nodes, block by block, while it still streams: headings, lists, quotes, tables,
// code. CommonMark where models keep to it; lists nest from two spaces on, as models write them,
// and four spaces are no code block.
import { inline, textNode } from "./inline.js";
import { codeBlock, element } from "./dom.js";
import { cut, indentOf, isBlank, linesOf, trimmed } from "./lines.js";
import { isTable, tableOf } from "./tables.js";

const MOST_NESTED = 12; // quotes and lists; what is deeper is text
const FENCE = /^( {0,3})(`{3,}|~{3,})(.*)$/;
const HEADING = /^ {0,3}(#{1,6})(?=[ \t]|$)/;
const RULE = /^ {0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}$/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^( *)(?:([-*+])|(\d{1,9})([.)]))( +|$)/;
const UNDERLINE = /^ {0,3}(={2,}|-{2,}) *$/;

/** Shows a Markdown source that grows: only the last blocks are parsed again. */
export class MarkdownView {
  constructor(root) {
    this.root = root;
    this.source = "";
    this.blocks = []; // {node, at}
  }

  update(source) {
    if (!source.startsWith(this.source)) this.blocks = [];
    // A line to come can change the last block, a line half there the one before as well.
    const kept = Math.max(0, this.blocks.length - 2);
    const at = kept ? this.blocks[kept].at : 0;
    const parsed = blocks(linesOf(source, at), 0);
    const old = this.blocks.splice(kept);
    for (const [i, block] of parsed.entries()) {
      if (old[i]?.node.isEqualNode(block.node)) block.node = old[i].node;
      this.blocks.push(block);
    }
    this.source = source;
    this.place(kept);
  }

  place(from) {
    const { root } = this;
    for (let i = from; i < this.blocks.length; i += 1) {
      const { node } = this.blocks[i];
      if (root.children[i] === node) continue;
      if (root.children[i]) root.children[i].replaceWith(node);
      else root.append(node);
    }
    while (root.children.length > this.blocks.length) root.lastElementChild.remove();
  }
}

/** The whole of a Markdown text as one fragment. */
export function render(source) {
  const fragment = document.createElement("div");
  new MarkdownView(fragment).update(source);
  return fragment;
}

/** Each parser takes the lines from `i` on and returns `[node, next i]`, or null: not its kind. */
function blocks(lines, depth) {
  const parsers = depth < MOST_NESTED ? [fence, heading, rule, quote, list, table] : [fence];
  const found = [];
  for (let i = 0; i < lines.length;) {
    if (isBlank(lines[i])) {
      i += 1;
      continue;
    }
    let made = null;
    for (const parse of parsers) if ((made = parse(lines, i, depth))) break;
    const [node, next] = made ?? paragraph(lines, i, depth);
    found.push({ node, at: lines[i].start });
    i = next;
  }
  return found;
}

const children = (lines, depth) => blocks(lines, depth + 1).map((block) => block.node);

function openFence({ text }) {
  const found = FENCE.exec(text);
  return found && !(found[2][0] === "`" && found[3].includes("`")) ? found : null;
}

function fence(lines, i) {
  const found = openFence(lines[i]);
  if (!found) return null;
  const [, indent, marks, info] = found;
  let end = i + 1;
  while (end < lines.length && !closes(lines[end], marks)) end += 1;
  const inside = lines.slice(i + 1, end);
  const nodes = inside.map((line, j) => {
    const { text, at } = cut(line, Math.min(indent.length, indentOf(line)));
    return textNode(j < inside.length - 1 ? `${text}\n` : text, at);
  });
  const language = info.trim().split(/\s/, 1)[0].slice(0, 30);
  return [codeBlock(language, nodes), Math.min(end + 1, lines.length)];
}

function closes({ text }, marks) {
  const line = text.trim();
  return line.length >= marks.length && line === marks[0].repeat(line.length);
}

function heading(lines, i) {
  const found = HEADING.exec(lines[i].text);
  if (!found) return null;
  const line = trimmed(cut(lines[i], found[0].length));
  let end = line.text.length;
  while (line.text[end - 1] === "#") end -= 1;
  if (!end || " \t".includes(line.text[end - 1])) line.text = line.text.slice(0, end).trimEnd();
  return [title(found[1].length, [line]), i + 1];
}

/** Headings of an answer stand below the page's own two. */
const title = (level, lines) => element(`h${Math.min(6, level + 2)}`, {}, ...inline(lines));

const rule = (lines, i) => (RULE.test(lines[i].text) ? [element("hr"), i + 1] : null);

function quote(lines, i, depth) {
  const inside = [];
  for (let found; i < lines.length && (found = QUOTE.exec(lines[i].text)); i += 1) {
    inside.push(cut(lines[i], found[0].length));
  }
  return inside.length ? [element("blockquote", {}, ...children(inside, depth)), i] : null;
}

function list(lines, i, depth) {
  const first = ITEM.exec(lines[i].text);
  if (!first) return null;
  const kind = first[2] ?? first[4];
  const node = first[2] ? element("ul") : element("ol", { start: Number(first[3]) });
  for (let found = first; found && i < lines.length;) {
    const [item, next] = itemLines(lines, i, found);
    node.append(element("li", {}, ...children(item, depth)));
    i = next;
    found = i < lines.length ? ITEM.exec(lines[i].text) : null;
    if (found && (found[2] ?? found[4]) !== kind) break;
    if (found && RULE.test(lines[i].text)) break;
  }
  return [node, i];
}

/** The lines of the item that starts at `i`, without its indentation, and where the next starts. */
function itemLines(lines, i, [whole, outer, bullet, number]) {
  const marker = outer.length + (bullet ? 1 : number.length + 1);
  const width = whole.length - marker > 4 ? marker + 1 : whole.length;
  const item = [cut(lines[i], width)];
  for (i += 1; i < lines.length; i += 1) {
    const indent = indentOf(lines[i]);
    if (isBlank(lines[i])) {
      item.push({ text: "", at: lines[i].at });
      continue;
    }
    const inside = indent >= outer.length + 2;
    const lazy = !isBlank(lines[i - 1]) && !startsBlock(lines, i) && !ITEM.test(lines[i].text);
    if (!inside && !lazy) break;
    item.push(cut(lines[i], Math.min(indent, width)));
  }
  return [item, i];
}

function table(lines, i) {
  if (!isTable(lines, i)) return null;
  let end = i + 2;
  while (end < lines.length && !isBlank(lines[end]) && !startsBlock(lines, end)) end += 1;
  return [tableOf(lines.slice(i, end)), end];
}

function paragraph(lines, i, depth) {
  const inside = [];
  do {
    const line = trimmed(lines[i]);
    if (/ {2}$/.test(lines[i].text)) line.text += "  "; // a line break
    inside.push(line);
    i += 1;
    const under = i < lines.length && UNDERLINE.exec(lines[i].text);
    if (under && depth < MOST_NESTED) return [title(under[1][0] === "=" ? 1 : 2, inside), i + 1];
  } while (i < lines.length && !isBlank(lines[i]) && !interrupts(lines, i, depth));
  inside.at(-1).text = inside.at(-1).text.trimEnd();
  return [element("p", {}, ...inline(inside)), i];
}

/** Whether a line ends the paragraph before it; of numbered lists only those from 1. */
function interrupts(lines, i, depth) {
  if (depth >= MOST_NESTED) return openFence(lines[i]) !== null;
  const item = ITEM.exec(lines[i].text);
  if (item && item[5] && (item[2] || item[3] === "1")) return true;
  return startsBlock(lines, i) || isTable(lines, i);
}

function startsBlock(lines, i) {
  const { text } = lines[i];
  const marked = HEADING.test(text) || RULE.test(text) || QUOTE.test(text);
  return marked || openFence(lines[i]) !== null;
}
