// One conversation on the page: its turns, and the way of a message to its answer.
import { ask, Problem } from "./api.js";
import { absorb, loadChat, newAnswer, saveChat, textOfToken } from "./chat.js";
import { button, element, say } from "./dom.js";
import { showProblem } from "./problem.js";
import { askForKey, settings } from "./settings.js";
import { keep } from "./store.js";
import { AnswerView, userTurn } from "./turns.js";

const find = (id) => document.getElementById(id);

export class Session {
  /** `model` gives the chosen one; `experts` is the panel; `follow` keeps the end in sight. */
  constructor(model, experts, follow) {
    Object.assign(this, { model, experts, follow });
    this.turns = loadChat();
    this.views = new Map(); // answer -> its view
    this.running = null; // the AbortController of the answer under way
    this.shown = null; // the answer that the panel shows
    this.draw();
  }

  save() {
    saveChat(this.turns);
  }

  /** Draws all turns afresh. */
  draw() {
    this.views.clear();
    find("turns").replaceChildren(...this.turns.map((turn) => this.draft(turn)));
    find("problem").replaceChildren();
    this.tidy();
    this.follow(true);
  }

  draft(turn) {
    if (turn.role === "user") return userTurn(turn, (content) => this.resend(turn, content));
    const view = new AnswerView(turn, () => this.regenerate());
    view.onRender = () => this.follow();
    this.views.set(turn, view);
    return view.article;
  }

  /** Only the last answer can be made again; an empty page says what it is for. */
  tidy() {
    const last = this.turns.at(-1);
    for (const [turn, view] of this.views) view.again.hidden = turn !== last || this.running !== null;
    find("welcome").hidden = this.turns.length > 0;
    const before = this.turns.length ? [] : loadChat("chat.before");
    const back = () => {
      this.turns = before;
      keep("chat.before", null);
      this.draw();
      this.showLatest();
      find("prompt").focus();
    };
    find("bring-back").replaceChildren(
      ...(before.length ? [button("Bring the last chat back", "again", back)] : []),
    );
  }

  show(turn) {
    if (this.shown === turn) return;
    this.shown = turn;
    this.experts.show(turn.trace, textOfToken(turn));
  }

  /** The panel shows the last answer whose experts are known. */
  showLatest() {
    const latest = this.turns.findLast((turn) => turn.trace?.length);
    this.shown = null;
    if (latest) this.show(latest);
    else this.experts.show(null);
  }

  /** Sends a message, and says whether it could. */
  send(content) {
    if (this.running || !content.trim() || !this.model()) return false;
    this.add({ role: "user", content });
    this.answer();
    return true;
  }

  add(turn) {
    this.turns.push(turn);
    find("turns").append(this.draft(turn));
    find("welcome").hidden = true;
    this.follow(true);
  }

  resend(turn, content) {
    this.again(this.turns.indexOf(turn), { role: "user", content });
  }

  regenerate() {
    this.again(this.turns.findLastIndex(({ role }) => role === "user") + 1);
  }

  /** Goes back to the first `n` turns, and on from there. */
  again(n, turn = null) {
    if (this.running || !this.model()) return;
    this.turns.length = n;
    if (turn) this.turns.push(turn);
    this.draw();
    find("prompt").focus();
    this.answer();
  }

  clear() {
    this.stop();
    if (this.turns.length) saveChat(this.turns, "chat.before");
    this.turns = [];
    this.save();
    this.draw();
    this.showLatest();
    find("prompt").focus();
  }

  stop() {
    this.running?.abort();
  }

  async answer() {
    const { turns } = this;
    const history = turns.slice();
    const turn = newAnswer(this.model());
    this.running = new AbortController();
    this.busy(true);
    find("problem").replaceChildren();
    this.add(turn);
    this.save();
    const view = this.views.get(turn);
    view.busy = true;
    this.show(turn);
    let problem = null;
    try {
      await this.read(turn, view, ask(this.model(), history, settings(), this.running.signal));
      say(`Answer: ${turn.content.slice(0, 2000)}`);
    } catch (error) {
      if (error.name === "AbortError") say((turn.note = "Stopped."));
      else problem = error;
    }
    this.running = null;
    this.busy(false);
    view.busy = false;
    this.experts.catchUp(); // an answer's end is not told a frame late
    if (turns !== this.turns) return this.tidy(); // a new chat began meanwhile
    if (problem || turn.note) this.settle(turn, view, problem);
    this.tidy();
    this.save();
  }

  /** Reads the stream into the turn; the speed is the server's, until it comes our own count. */
  async read(turn, view, chunks) {
    let first = null;
    for await (const chunk of chunks) {
      const n = absorb(turn, chunk);
      if (n && this.shown === turn) this.experts.light(n);
      first ??= turn.pieces ? performance.now() : null;
      const seconds = (performance.now() - first) / 1000;
      if (!chunk.rate && seconds > 0.5) turn.rate = (turn.pieces - 1) / seconds;
      view.update();
    }
  }

  /** After an answer that did not end by itself: what there is of it stays. */
  settle(turn, view, problem) {
    if (!turn.content && !turn.reasoning) {
      this.turns.splice(this.turns.indexOf(turn), 1);
      this.views.delete(turn);
      view.article.remove();
      this.showLatest();
      this.fail(problem ?? new Problem("Stopped before the first word."), () => this.answer());
    } else if (problem) {
      turn.note = problem.message;
      view.render();
      this.fail(problem, () => this.regenerate());
    }
  }

  async fail(problem, again) {
    if (!(problem instanceof Problem)) console.error(problem);
    if (problem.status === 401 && (await askForKey(problem.message))) return again();
    showProblem(find("problem"), problem, again);
    this.follow(true);
  }

  busy(busy) {
    document.body.classList.toggle("answering", busy);
    find("send").querySelector("span").textContent = busy ? "Stop" : "Send";
    find("send").querySelector("use").setAttribute("href", busy ? "#i-stop" : "#i-send");
    if (busy) say("Answering");
  }
}
