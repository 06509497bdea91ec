// From a place on the page to the token that stands there, and back: tokens marked in the text.
import { origin } from "./inline.js";

const partOf = (node) => node.parentElement?.closest("[data-part]");

/** Marks `tokens` in the answer `root`; `kind` names the highlight in the style sheet. */
export function mark(root, tokens, kind) {
  if (!globalThis.Highlight) return; // an old browser: the panel still says it in words
  CSS.highlights.set(kind, new Highlight(...tokens.flatMap((token) => rangesOf(root, token))));
}

function rangesOf(root, { part, from, to }) {
  const ranges = [];
  const nodes = from < to ? textsOf(root.querySelector(`[data-part="${part}"]`)) : [];
  for (let i = firstAfter(nodes, from); i < nodes.length; i += 1) {
    const start = origin.get(nodes[i]);
    if (start >= to) break;
    const range = document.createRange();
    range.setStart(nodes[i], Math.max(0, from - start));
    range.setEnd(nodes[i], Math.min(nodes[i].length, to - start));
    ranges.push(range);
  }
  return ranges;
}

/** The text nodes that come from the source, in its order; kept for one version of the part. */
function textsOf(part) {
  if (!part) return [];
  const length = part.textContent.length;
  if (cache.part === part && cache.length === length) return cache.nodes;
  const nodes = [];
  const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) if (origin.has(walker.currentNode)) nodes.push(walker.currentNode);
  Object.assign(cache, { part, length, nodes });
  return nodes;
}

const cache = { part: null, length: 0, nodes: [] };

/** The first node that ends after `place`. */
function firstAfter(nodes, place) {
  let [low, high] = [0, nodes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (origin.get(nodes[middle]) + nodes[middle].length > place) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The part of an answer and the place in its source under a pointer, or null. */
export function placeAt(event) {
  const [node, offset] = caretAt(event.clientX, event.clientY);
  if (!origin.has(node)) return null;
  // A caret stands between two characters: the pointer is on the one before, or the one after.
  for (const start of [offset, offset - 1]) {
    if (start < 0 || start >= node.length) continue;
    const range = document.createRange();
    range.setStart(node, start);
    range.setEnd(node, start + 1);
    if ([...range.getClientRects()].some((box) => inside(box, event))) {
      return { part: partOf(node).dataset.part, place: origin.get(node) + start };
    }
  }
  return null;
}

const inside = ({ left, right, top, bottom }, { clientX: x, clientY: y }) =>
  left <= x && x <= right && top <= y && y <= bottom;

function caretAt(x, y) {
  if (document.caretPositionFromPoint) {
    const found = document.caretPositionFromPoint(x, y);
    return [found?.offsetNode, found?.offset];
  }
  const found = document.caretRangeFromPoint?.(x, y);
  return [found?.startContainer, found?.startOffset];
}
