// The page: what each control does, and how the page fits the model that is served.
import { models } from "./api.js";
import { growing } from "./composer.js";
import { element } from "./dom.js";
import { Experts } from "./experts.js";
import { mark, placeAt } from "./marks.js";
import { Session } from "./session.js";
import { startSettings } from "./settings.js";
import { keep, recall } from "./store.js";

const find = (id) => document.getElementById(id);
const [log, turnsBox, prompt, picker] = ["log", "turns", "prompt", "model"].map(find);
const NEAR = 48; // pixels from the end within which the page follows an answer
let available = [];
let following = true;

const model = () => available.find(({ id }) => id === picker.value) ?? null;
const experts = new Experts((trace, tokens, kind) => {
  for (const [turn, view] of session.views) {
    if (trace && turn.trace === trace) mark(view.article, tokens, kind);
  }
});
const session = new Session(model, experts, follow);

function start() {
  startSettings();
  const send = () => {
    if (!session.send(prompt.value)) return;
    prompt.value = "";
    fit();
  };
  const fit = growing(prompt, send);
  find("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    if (session.running) session.stop();
    else send();
  });
  find("new-chat").addEventListener("click", () => session.clear());
  find("to-end").addEventListener("click", () => follow(true));
  find("toggle-experts").addEventListener("click", () => showPanel(find("experts").hidden));
  picker.addEventListener("change", choose);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.querySelector("dialog[open]")) session.stop();
  });
  log.addEventListener("scroll", () => {
    following = atEnd();
    find("to-end").hidden = following;
  });
  turnsBox.addEventListener("pointermove", lookAt);
  turnsBox.addEventListener("click", lookAt);
  turnsBox.addEventListener("pointerleave", () => experts.look(null));
  addEventListener("pagehide", () => session.save());
  find("shares").open = matchMedia("(min-width: 861px) and (min-height: 700px)").matches;
  loadModels();
}

async function loadModels() {
  try {
    available = await models();
  } catch (problem) {
    return session.fail(problem, loadModels);
  }
  const option = ({ id }) => element("option", { value: id, textContent: id });
  picker.replaceChildren(...available.map(option));
  const last = recall("model", "");
  if (available.some(({ id }) => id === last)) picker.value = last;
  choose();
}

/** Fits the page to the chosen model: sparse or dense, one that answers or one that continues. */
function choose() {
  const chosen = model();
  if (!chosen) return;
  const { id, tenth = {} } = chosen;
  keep("model", id);
  document.title = `${id} · tenth`;
  const sparse = experts.setModel(tenth);
  find("toggle-experts").hidden = !sparse;
  showPanel(sparse && recall("panel", true), false);
  const base = tenth.chat === false;
  prompt.placeholder = base ? "Text for the model to continue" : `Message ${id}`;
  find("prompt-label").textContent = base ? "Text to continue" : "Message";
  find("welcome-title").textContent = `What shall ${id} ${base ? "continue" : "answer"}?`;
  const about = [
    base && "This is a base model: it continues your text rather than answering it.",
    !sparse && "It is dense: all of it works on every token, so there is no picture of experts.",
    tenth.context && `Its context is ${tenth.context.toLocaleString("en")} tokens.`,
  ];
  find("about").textContent = about.filter(Boolean).join(" ");
  session.showLatest();
}

function showPanel(open, remember = true) {
  find("experts").hidden = !open;
  find("toggle-experts").ariaExpanded = String(open);
  if (remember) keep("panel", open);
}

/** Shows the experts of the token under the pointer. */
function lookAt(event) {
  const [turn] = [...session.views].find(([, { article }]) => article.contains(event.target)) ?? [];
  const at = turn?.trace?.length ? placeAt(event) : null;
  const i = at ? turn.trace.at(at.part, at.place) : -1;
  if (i >= 0) session.show(turn);
  else if (event.type === "click") return; // a tap beside the text takes nothing away
  experts.look(i + 1);
}

function atEnd() {
  return log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;
}

function follow(anyway = false) {
  if (following || anyway) log.scrollTop = log.scrollHeight;
}

start();
