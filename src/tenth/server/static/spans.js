// What inline Markdown asks of the text around it: addresses of links, where code spans end.

export const SCHEMES = /^(?:https?:\/\/|mailto:)[^\s]/i;
const MOST_PARENTHESES = 32; // within the address of a link, as CommonMark has it

/** A link that opens elsewhere and learns nothing of this page. Images become links too. */
export function anchor(url) {
  const link = document.createElement("a");
  link.href = url;
  link.rel = "noopener noreferrer";
  link.target = "_blank";
  return link;
}

/** The address and perhaps a title from `i` on, up to the closing parenthesis, or null. */
export function destination(text, i) {
  let depth = 0;
  const start = i;
  for (; i < text.length; i += 1) {
    const c = text[i];
    if (c === "(" && ++depth > MOST_PARENTHESES) return null;
    if (c === ")" && depth-- === 0) return { url: text.slice(start, i), end: i + 1 };
    if (c === " " || c === "\n") break;
  }
  const url = text.slice(start, i);
  const title = /[ \n]{1,9}(?:"[^"]{0,300}"|'[^']{0,300}')[ \n]{0,9}\)/y;
  title.lastIndex = i;
  return url && title.test(text) ? { url, end: title.lastIndex } : null;
}

/** A bare address without the punctuation that belongs to the sentence around it. */
export function withoutTail(url) {
  let surplus = 0; // closing parentheses beyond the opening ones
  for (const c of url) surplus += c === ")" ? 1 : c === "(" ? -1 : 0;
  let end = url.length;
  while (end && (/[.,;:!?'_~\]]/.test(url[end - 1]) || (url[end - 1] === ")" && surplus > 0))) {
    if (url[end - 1] === ")") surplus -= 1;
    end -= 1;
  }
  return url.slice(0, end);
}

/** Runs of backticks by their length: a code span ends at the next run of the same length. */
export function backtickRuns(text) {
  const starts = new Map();
  const lengths = new Map();
  for (const found of text.matchAll(/`+/g)) {
    const length = found[0].length;
    lengths.set(found.index, length);
    if (!starts.has(length)) starts.set(length, { list: [], next: 0 });
    starts.get(length).list.push(found.index);
  }
  return {
    lengthAt(i) { // after an escaped one the rest of its run counts
      if (lengths.has(i)) return lengths.get(i);
      let end = i;
      while (text[end] === "`") end += 1;
      return end - i;
    },
    next(length, from) {
      const runs = starts.get(length);
      if (!runs) return -1;
      while (runs.next < runs.list.length && runs.list[runs.next] < from) runs.next += 1;
      return runs.list[runs.next] ?? -1;
    },
  };
}
