// Small things that the parts of the page build with.

const SVG = "http://www.w3.org/2000/svg";

/** An element with properties set and children appended; strings become text. */
export function element(name, properties = {}, ...children) {
  const node = document.createElement(name);
  Object.assign(node, properties);
  for (const child of children) node.append(child);
  return node;
}

/** A drawing from the sprite in index.html. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

export function button(label, drawing, onclick, className = "quiet") {
  const text = element("span", {}, label);
  return element("button", { type: "button", className, onclick }, icon(drawing), text);
}

/** A button that copies what `read` returns, and says so for a moment. */
export function copyButton(label, read) {
  const made = button(label, "copy", async () => {
    const done = await copy(read());
    say(done ? "Copied" : "The browser did not allow copying");
    const text = made.querySelector("span");
    text.textContent = done ? "Copied" : "Not allowed";
    setTimeout(() => (text.textContent = label), 1500);
  });
  return made;
}

/** A block of code with its language and a copy button. */
export function codeBlock(language, nodes) {
  const code = element("code", {}, ...nodes);
  const bar = element("div", { className: "bar" }, element("span", {}, language || "text"));
  bar.append(copyButton("Copy", () => code.textContent));
  const label = `Code${language ? `, ${language}` : ""}`;
  const pre = element("pre", { tabIndex: 0, role: "region", ariaLabel: label }, code);
  return element("div", { className: "code" }, bar, pre);
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch { // not a secure page, or not allowed: the old way
    const area = element("textarea", { value: text, className: "sr-only", readOnly: true });
    const focused = document.activeElement;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    focused?.focus();
    return done;
  }
}

/** Tells screen readers something, once. */
export function say(text) {
  document.getElementById("status").textContent = text;
}
