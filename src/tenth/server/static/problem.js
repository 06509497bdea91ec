// What went wrong, said where the answer would have stood, with a way on.
import { button, element } from "./dom.js";

const TITLES = {
  0: "No answer",
  401: "The API key is missing or wrong",
  429: "The server is busy",
  503: "The server is shutting down",
  context_length_exceeded: "The conversation is longer than the model can read",
};

export function showProblem(box, problem, again) {
  const retry = button("Try again", "again", () => {
    clearInterval(timer);
    box.replaceChildren();
    again();
  }, "primary");
  const title = TITLES[problem.code] ?? TITLES[problem.status] ?? "The server refused";
  const words = [problem.message];
  let left = Math.ceil(problem.wait ?? 0);
  if (left) words.push(`It asks to wait ${left} second${left === 1 ? "" : "s"}.`);
  const text = element("div", { role: "alert" },
    element("strong", {}, title), element("p", {}, words.join(" ")));
  box.replaceChildren(element("div", { className: "problem" }, text, retry));

  const label = retry.querySelector("span");
  const tick = () => {
    label.textContent = left > 0 ? `Try again (${left} s)` : "Try again";
    if (left <= 0 || !retry.isConnected) clearInterval(timer);
    left -= 1;
  };
  const timer = setInterval(tick, 1000);
  tick();
}
