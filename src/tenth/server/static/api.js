// The server's API as the page needs it: models, and answers as they stream.
import { keep, recall } from "./store.js";

const KEY = "key";
const LONGEST = 256; // tokens that a base model adds, where the settings do not say

/** What the server, or the way to it, said went wrong; `message` is for the user. */
export class Problem extends Error {
  constructor(message, { status = 0, code = null, wait = null } = {}) {
    super(message);
    this.status = status;
    this.code = code; // OpenAI's word for it
    this.wait = wait; // seconds that the server asks to wait
  }
}

export const apiKey = {
  get: () => recall(KEY, "", sessionStorage),
  set: (key) => keep(KEY, key, sessionStorage),
};

export async function models() {
  const { data } = await (await request("v1/models")).json();
  return data;
}

/** The chunks of an answer: content, reasoning, experts, and at last usage and speed. */
export async function* ask(model, messages, settings, signal) {
  const chat = model.tenth?.chat !== false;
  const { system, ...sampling } = settings;
  const body = {
    model: model.id,
    ...sampling,
    stream: true,
    stream_options: { include_usage: true },
    tenth: { experts: true },
  };
  if (chat) body.messages = conversation(messages, system);
  else Object.assign(body, { max_tokens: LONGEST, ...sampling, prompt: textOf(messages) });
  const path = chat ? "v1/chat/completions" : "v1/completions";
  const response = await request(path, { method: "POST", body: JSON.stringify(body), signal });
  for await (const data of events(response.body)) {
    const chunk = parsed(data);
    if (chunk.error) throw new Problem(chunk.error.message ?? "The server failed.", chunk.error);
    const choice = chunk.choices?.[0];
    yield {
      content: choice?.delta?.content ?? choice?.text ?? "",
      reasoning: choice?.delta?.reasoning_content ?? "",
      finish: choice?.finish_reason ?? null,
      usage: chunk.usage ?? null,
      experts: chunk.tenth?.experts ?? null,
      rate: chunk.tenth?.tokens_per_second ?? null,
    };
  }
}

/** What a chat model is sent; templates want the roles to take turns. */
function conversation(messages, system) {
  const sent = system ? [{ role: "system", content: system }] : [];
  for (const { role, content } of messages) {
    if (sent.at(-1)?.role === role) sent.at(-1).content += `\n\n${content}`;
    else sent.push({ role, content });
  }
  return sent;
}

/** The text that a base model continues: all of it so far, what the user adds on a new line. */
export function textOf(messages) {
  let text = "";
  for (const { role, content } of messages) {
    if (role === "user" && text && !text.endsWith("\n")) text += "\n";
    text += content;
  }
  return text;
}

async function request(path, options = {}) {
  const headers = { "Content-Type": "application/json" };
  if (apiKey.get()) headers.Authorization = `Bearer ${bytesOf(apiKey.get())}`;
  let response;
  try {
    response = await fetch(path, { ...options, headers });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem("The server cannot be reached. Is it still running?");
  }
  if (response.ok) return response;
  const wait = Number.parseFloat(response.headers.get("Retry-After"));
  const { message, code } = await errorOf(response);
  throw new Problem(message, {
    status: response.status, code, wait: Number.isFinite(wait) ? Math.max(0, wait) : null,
  });
}

/** The text's UTF-8 as the characters of a header. */
const bytesOf = (text) => String.fromCharCode(...new TextEncoder().encode(text));

async function errorOf(response) {
  try {
    const { error } = await response.json();
    if (error?.message) return error;
  } catch { // not JSON: a proxy's own page, perhaps
  }
  return { message: `The server answered ${response.status} ${response.statusText}`.trim() };
}

/** The data of server-sent events up to [DONE]; a stream that ends before it broke off. */
async function* events(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      const lines = (rest + value).split(/\r?\n/);
      rest = lines.pop();
      for (const line of lines) {
        if (!line.startsWith("data:")) continue;
        const data = line.slice(5).trim();
        if (data === "[DONE]") return;
        yield data;
      }
    }
  } catch (error) {
    if (error.name === "AbortError") throw error;
  } finally {
    reader.cancel().catch(() => {});
  }
  throw new Problem("The answer broke off: the server closed the connection.");
}

function parsed(data) {
  try {
    return JSON.parse(data);
  } catch {
    throw new Problem("The server sent something that is not JSON.");
  }
}
