// Lines of a source, each `{text, at}`: what it says and where that begins in the source.

/** The lines from the place `at` on. */
export function linesOf(source, at) {
  return source.slice(at).split("\n").map((raw) => {
    const line = untabbed({ text: raw.replace(/\r$/, ""), at });
    line.start = at; // `at` lies before it where tabs became spaces
    at += raw.length + 1;
    return line;
  });
}

/** The line with the tabs of its indentation as spaces; what follows them keeps its place. */
function untabbed({ text, at }) {
  const indent = /^[ \t]*/.exec(text)[0];
  if (!indent.includes("\t")) return { text, at };
  const spaces = indent.replaceAll("\t", "    ");
  return { text: spaces + text.slice(indent.length), at: at - spaces.length + indent.length };
}

export const isBlank = ({ text }) => !text.trim();
export const cut = ({ text, at }, n) => ({ text: text.slice(n), at: at + n });
export const trimmed = (line) => {
  const left = line.text.length - line.text.trimStart().length;
  return { text: line.text.trim(), at: line.at + left };
};
export const indentOf = ({ text }) => text.length - text.trimStart().length;
