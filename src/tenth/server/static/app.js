// The page: what each control does, and the way of a message to its answer.
import { ask, models, Problem } from "./api.js";
import { absorb, loadChat, newAnswer, saveChat, textOfToken } from "./chat.js";
import { growing } from "./composer.js";
import { button, element, say } from "./dom.js";
import { Experts } from "./experts.js";
import { mark, placeAt } from "./marks.js";
import { showProblem } from "./problem.js";
import { askForKey, settings, startSettings } from "./settings.js";
import { keep, recall } from "./store.js";
import { AnswerView, userTurn } from "./turns.js";

const find = (id) => document.getElementById(id);
const [log, turnsBox, prompt, picker] = ["log", "turns", "prompt", "model"].map(find);
const views = new Map(); // answer -> its view
let available = [];
let turns = loadChat();
let running = null; // the AbortController of the answer under way
let shown = null; // the answer that the panel shows

const model = () => available.find(({ id }) => id === picker.value) ?? null;
const experts = new Experts((trace, tokens, kind) => {
  const turn = [...views.keys()].find((other) => other.trace === trace);
  if (turn) mark(views.get(turn).article, tokens, kind);
});

async function start() {
  startSettings();
  const fit = growing(prompt, send);
  find("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    if (running) stop();
    else send();
    fit();
  });
  find("new-chat").addEventListener("click", newChat);
  find("to-end").addEventListener("click", () => toEnd());
  find("toggle-experts").addEventListener("click", () => showPanel(find("experts").hidden));
  picker.addEventListener("change", choose);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && running && !document.querySelector("dialog[open]")) stop();
  });
  log.addEventListener("scroll", () => (find("to-end").hidden = atEnd()));
  turnsBox.addEventListener("pointermove", lookAt);
  turnsBox.addEventListener("click", lookAt);
  turnsBox.addEventListener("pointerleave", () => experts.look(null));
  addEventListener("pagehide", () => saveChat(turns));
  draw();
  await loadModels();
}

async function loadModels() {
  try {
    available = await models();
  } catch (problem) {
    return failed(problem, loadModels);
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
  const about = [
    base ? "This is a base model: it continues your text rather than answering it." : "",
    sparse ? "" : "This model is dense: all of it works on every token, so there is no picture of experts.",
    tenth.context ? `Its context is ${tenth.context.toLocaleString("en")} tokens.` : "",
  ];
  find("about").textContent = about.filter(Boolean).join(" ");
  find("welcome-title").textContent = base ? `What shall ${id} continue?` : `What shall ${id} answer?`;
  const latest = turns.findLast((turn) => turn.trace?.length);
  if (latest) showExperts(latest);
}

function showPanel(open, remember = true) {
  find("experts").hidden = !open;
  find("toggle-experts").ariaExpanded = String(open);
  if (remember) keep("panel", open);
}

function showExperts(turn) {
  if (shown === turn) return;
  shown = turn;
  experts.show(turn.trace, textOfToken(turn));
}

function lookAt(event) {
  const view = [...views].find(([, { article }]) => article.contains(event.target));
  const at = view?.[0].trace?.length ? placeAt(event) : null;
  const i = at ? view[0].trace.at(at.part, at.place) : -1;
  if (i >= 0) showExperts(view[0]);
  else if (event.type === "click") return; // a tap beside the text takes nothing away
  experts.look(i + 1);
}

/** Draws all turns afresh. */
function draw() {
  views.clear();
  turnsBox.replaceChildren(...turns.map(draft));
  find("problem").replaceChildren();
  showLast();
  toEnd();
}

function draft(turn) {
  if (turn.role === "user") return userTurn(turn, resend);
  const view = new AnswerView(turn, regenerate);
  view.onRender = follow;
  views.set(turn, view);
  return view.article;
}

/** Only the last answer can be made again; an empty page says what it is for. */
function showLast() {
  for (const [turn, view] of views) view.again.hidden = turn !== turns.at(-1) || Boolean(running);
  find("welcome").hidden = turns.length > 0;
  const before = loadChat("chat.before");
  const back = button("Bring the last chat back", "again", () => {
    turns = before;
    keep("chat.before", null);
    draw();
    prompt.focus();
  });
  find("bring-back").replaceChildren(...(before.length && !turns.length ? [back] : []));
}

let following = true;
const atEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 48;
log.addEventListener("scroll", () => (following = atEnd()));
const follow = () => following && toEnd();
function toEnd() {
  log.scrollTop = log.scrollHeight;
}

function send() {
  const text = prompt.value;
  if (running || !text.trim() || !model()) return;
  prompt.value = "";
  prompt.dispatchEvent(new Event("input"));
  add({ role: "user", content: text });
  answer();
}

function add(turn) {
  turns.push(turn);
  turnsBox.append(draft(turn));
  toEnd();
}

function resend(turn, content) {
  if (running) return;
  cutFrom(turns.indexOf(turn));
  add({ role: "user", content });
  prompt.focus();
  answer();
}

function regenerate() {
  if (running) return;
  cutFrom(turns.findLastIndex(({ role }) => role === "user") + 1);
  prompt.focus();
  answer();
}

function cutFrom(i) {
  turns.length = i;
  draw();
}

function newChat() {
  stop();
  if (turns.length) saveChat(turns, "chat.before");
  turns = [];
  shown = null;
  experts.show(null);
  saveChat(turns);
  draw();
  prompt.focus();
}

function stop() {
  running?.abort();
}

async function answer() {
  const turn = newAnswer(model());
  const history = turns.slice();
  const mine = turns;
  find("problem").replaceChildren();
  running = new AbortController();
  setBusy(true);
  add(turn);
  saveChat(turns);
  const view = views.get(turn);
  view.busy = true;
  showExperts(turn);
  let problem = null;
  try {
    await read(turn, view, ask(model(), history, settings(), running.signal));
    say(`Answer: ${turn.content.slice(0, 2000)}`);
  } catch (error) {
    if (error.name === "AbortError") say((turn.note = "Stopped."));
    else problem = error;
  }
  running = null;
  setBusy(false);
  view.busy = false;
  if (mine !== turns) return; // a new chat began meanwhile
  if (problem || turn.note) settle(turn, view, problem);
  showLast();
  saveChat(turns);
}

/** Reads the stream into the turn; the speed is the server's, until it comes our own count. */
async function read(turn, view, chunks) {
  let first = null;
  for await (const chunk of chunks) {
    const n = absorb(turn, chunk);
    if (n && shown === turn) experts.light(n);
    first ??= turn.pieces ? performance.now() : null;
    const seconds = (performance.now() - first) / 1000;
    if (!chunk.rate && seconds > 0.5) turn.rate = (turn.pieces - 1) / seconds;
    view.update();
  }
}

/** After an answer that did not end by itself: what there is of it stays. */
function settle(turn, view, problem) {
  if (!turn.content && !turn.reasoning) {
    turns.splice(turns.indexOf(turn), 1);
    views.delete(turn);
    view.article.remove();
    problem ??= new Problem("Stopped before the first word.");
    failed(problem, answer);
  } else if (problem) {
    turn.note = problem.message;
    view.render();
    failed(problem, regenerate);
  }
}

async function failed(problem, again) {
  if (!(problem instanceof Problem)) console.error(problem);
  if (problem.status === 401 && (await askForKey(problem.message))) return again();
  showProblem(find("problem"), problem, again);
  toEnd();
}

function setBusy(busy) {
  document.body.classList.toggle("answering", busy);
  find("send").querySelector("span").textContent = busy ? "Stop" : "Send";
  find("send").querySelector("use").setAttribute("href", busy ? "#i-stop" : "#i-send");
  if (busy) say("Answering");
}

start();
