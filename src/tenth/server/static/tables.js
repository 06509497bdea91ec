// Tables of Markdown, as GitHub writes them.
import { element } from "./dom.js";
import { inline } from "./inline.js";
import { trimmed } from "./lines.js";

const DELIMITERS = /^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;

/** The table whose lines these are: its head, its alignment, its rows. */
export function tableOf(lines) {
  const align = cells(lines[1]).map(({ text }) =>
    text.endsWith(":") ? (text.startsWith(":") ? "center" : "right") : "left",
  );
  const row = (line, name) => {
    const found = line ? cells(line) : [];
    return element("tr", {}, ...align.map((side, k) => {
      const props = name === "th" ? { scope: "col", className: side } : { className: side };
      return element(name, props, ...(found[k] ? inline([found[k]]) : []));
    }));
  };
  const head = element("thead", {}, row(lines[0], "th"));
  const body = element("tbody", {}, ...lines.slice(2).map((line) => row(line, "td")));
  const scroller = { className: "scroll", tabIndex: 0, role: "region", ariaLabel: "Table" };
  return element("div", scroller, element("table", {}, head, body));
}

/** Whether a table starts here: a row, and below it as many rules. */
export function isTable(lines, i) {
  const marks = lines[i + 1]?.text;
  if (!marks?.includes("-") || !lines[i].text.includes("|") || !DELIMITERS.test(marks)) return false;
  return cells(lines[i]).length === cells(lines[i + 1]).length;
}

/** The cells of a row, cut at bars that no backslash precedes. */
function cells(line) {
  const { text, at } = trimmed(line);
  const found = [];
  let from = text.startsWith("|") ? 1 : 0;
  for (let i = from; i <= text.length; i += 1) {
    if (i < text.length && (text[i] !== "|" || text[i - 1] === "\\")) continue;
    if (i < text.length || from < text.length) {
      found.push(trimmed({ text: text.slice(from, i), at: at + from }));
    }
    from = i + 1;
  }
  return found;
}
