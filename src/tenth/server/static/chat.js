// The conversation itself, without the page: its turns, what a chunk adds to them, what is kept.
import { keep, recall } from "./store.js";
import { Trace } from "./trace.js";

const ROOM = 2_000_000; // characters of traces that the browser may keep; the oldest go first

/** A fresh answer of `model`. */
export function newAnswer(model) {
  const shape = model.tenth ?? {};
  const sparse = shape.n_experts && shape.n_sparse_layers && shape.top_k;
  return {
    role: "assistant",
    model: model.id,
    plain: shape.chat === false,
    content: "",
    reasoning: "",
    trace: sparse ? new Trace(shape.n_sparse_layers, shape.top_k, shape.n_experts) : null,
  };
}

/** Adds a chunk to an answer, and returns how many tokens with experts it brought. */
export function absorb(turn, chunk) {
  const part = chunk.reasoning && !chunk.content ? "reasoning" : "content";
  const from = turn[part].length;
  turn.content += chunk.content;
  turn.reasoning += chunk.reasoning;
  turn.pieces = (turn.pieces ?? 0) + (chunk.content || chunk.reasoning ? 1 : 0);
  turn.usage = chunk.usage ?? turn.usage;
  turn.rate = chunk.rate ?? turn.rate;
  if (chunk.finish === "length") turn.note = "The answer reached its longest: see max tokens in the settings.";
  return chunk.experts && turn.trace ? turn.trace.add(chunk.experts, part, from, turn[part].length) : 0;
}

export function textOfToken(turn) {
  return ({ part, from, to }) => turn[part].slice(from, to);
}

export function saveChat(turns, key = "chat") {
  let room = ROOM;
  const packed = turns.toReversed().map((turn) => {
    const trace = turn.trace?.length && room > 0 ? turn.trace.pack() : null;
    room -= trace ? trace.ids.length + 12 * trace.spans.length : 0;
    return { ...turn, trace: room >= 0 ? trace : null };
  }).reverse();
  const bare = () => packed.map((turn) => ({ ...turn, trace: null }));
  return keep(key, packed.length ? packed : null) || keep(key, bare());
}

export function loadChat(key = "chat") {
  const turns = recall(key, []);
  if (!Array.isArray(turns)) return [];
  const whole = ({ role, content }) => ["user", "assistant"].includes(role) && typeof content === "string";
  return turns.filter(whole).map((turn) => ({ ...turn, trace: traceOf(turn) }));
}

function traceOf({ trace }) {
  try {
    return trace ? Trace.unpack(trace) : null;
  } catch { // kept by another version of the page
    return null;
  }
}
