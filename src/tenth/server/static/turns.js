// The turns of a conversation on the page: what the user said, what the model answers.
import { button, copyButton, element } from "./dom.js";
import { textNode } from "./inline.js";
import { MarkdownView } from "./markdown.js";
import { growing } from "./composer.js";

/** By these a screen reader goes from turn to turn. */
const heading = (text) => element("h2", { className: "sr-only" }, text);

/** A turn of the user, which can be edited and sent again. */
export function userTurn(turn, onEdit) {
  const text = element("div", { className: "said" }, turn.content);
  const tools = element("div", { className: "tools" },
    button("Edit", "edit", () => article.replaceChildren(title, editor())),
    copyButton("Copy", () => turn.content));
  const title = heading("You said");
  const article = element("article", { className: "turn user" }, title, text, tools);

  function close() {
    article.replaceChildren(title, text, tools);
    tools.firstElementChild.focus();
  }

  function editor() {
    const field = element("textarea", { value: turn.content, ariaLabel: "Edit your message" });
    const form = element("form", { className: "editor" }, field,
      element("div", { className: "tools" },
        button("Cancel", "close", close),
        element("button", { type: "submit", className: "primary" }, "Send again")));
    const send = () => field.value.trim() && onEdit(field.value);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send();
    });
    growing(field, send);
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      close();
    });
    requestAnimationFrame(() => field.focus());
    return form;
  }
  return article;
}

/** An answer that grows; `update` may come with every token, it is drawn once a frame. */
export class AnswerView {
  constructor(turn, onAgain) {
    this.turn = turn;
    this.body = element("div", { className: turn.plain ? "plain" : "prose" });
    this.body.dataset.part = "content";
    this.show = turn.plain ? plainView(this.body) : markdownView(this.body);
    this.note = element("p", { className: "note" });
    this.facts = element("span", { className: "facts" });
    this.again = button("Regenerate", "again", onAgain);
    const copying = copyButton("Copy", () => turn.content);
    this.tools = element("div", { className: "tools" }, copying, this.again, this.facts);
    this.title = heading(`${turn.model} ${turn.plain ? "continued" : "answered"}`);
    const parts = [this.title, this.body, this.note, this.tools];
    this.article = element("article", { className: "turn answer" }, ...parts);
    this.render();
    this.busy = false;
  }

  set busy(busy) {
    this.article.classList.toggle("busy", busy);
    this.article.ariaBusy = String(busy);
    this.again.hidden = busy;
    if (!busy) this.render();
  }

  update() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.render();
    });
  }

  render() {
    const { turn } = this;
    if (turn.reasoning) this.renderReasoning();
    this.show(turn.content);
    this.note.textContent = turn.note ?? "";
    this.note.hidden = !turn.note;
    this.facts.textContent = factsOf(turn);
    this.onRender?.();
  }

  renderReasoning() {
    if (!this.reasoning) {
      const inside = element("div", { className: "prose" });
      inside.dataset.part = "reasoning";
      this.reasoning = element("details", { className: "reasoning" }, element("summary"), inside);
      this.showReasoning = markdownView(inside);
      this.title.after(this.reasoning);
    }
    const thinking = this.article.ariaBusy === "true" && !this.turn.content;
    this.reasoning.classList.toggle("thinking", thinking);
    this.reasoning.firstElementChild.textContent = thinking ? "Thinking…" : "Reasoning";
    this.showReasoning(this.turn.reasoning);
  }
}

function markdownView(root) {
  const view = new MarkdownView(root);
  return (source) => view.update(source);
}

/** A base model's text is no Markdown: it stands as it is. */
function plainView(root) {
  const node = textNode("", 0);
  root.append(node);
  return (source) => node.appendData(source.slice(node.length));
}

function factsOf({ usage, rate }) {
  const parts = [];
  if (usage) parts.push(`${usage.prompt_tokens} tokens in, ${usage.completion_tokens} out`);
  if (rate) parts.push(`${rate.toFixed(1)} tokens/s`);
  return parts.join(" · ");
}
