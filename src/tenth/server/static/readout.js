// What the panel of the experts says in words; each returns a heading and the rest.

const percent = (share) => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
const number = (n) => n.toLocaleString("en");

export function aboutAnswer(counts, n) {
  if (!n) return ["No answer yet", "Each token lights up the experts that work on it."];
  const used = counts.reduce((sum, count) => sum + (count > 0), 0);
  const words = `Used ${number(used)} of ${number(counts.length)} experts. Point at a word.`;
  return [`${number(n)} token${n === 1 ? "" : "s"}`, words];
}

/** Token `i`, from 1, and its experts in each layer. */
export function aboutToken(i, trace, text) {
  const rows = Array.from({ length: trace.layers }, (_, layer) =>
    `layer ${layer + 1}: ${[...trace.row(i - 1, layer)].join(", ")}`,
  );
  const shown = text ? `“${text.replaceAll("\n", "↵")}”` : "(no text of its own)";
  return [`Token ${i} of ${trace.length} ${shown}`, `${rows.join("; ")}.`];
}

export function aboutCell(cell, counts, n, { experts, width }) {
  const name = `Layer ${Math.floor(cell / experts) + 1}, expert ${cell % experts}`;
  if (!n) return [name, "No answer yet."];
  const share = percent(counts[cell] / n);
  const even = percent(width / experts);
  return [name, `worked on ${counts[cell]} of ${n} tokens, ${share}; even would be ${even}.`];
}

export function aboutShares(shares, even, lit) {
  if (lit !== null) return `Expert ${lit}: ${percent(shares[lit])} of the tokens.`;
  const order = shares.map((share, id) => ({ share, id })).sort((a, b) => b.share - a.share);
  const top = order.slice(0, 3).filter(({ share }) => share > 0);
  const words = top.map(({ share, id }) => `${id} (${percent(share)})`).join(", ");
  const line = `The line is an even share, ${percent(even)} of the tokens.`;
  return words ? `Busiest: ${words}. ${line}` : line;
}
