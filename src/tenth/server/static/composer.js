// Fields one writes messages in: they grow with the text, Enter sends, Shift+Enter adds a line.

export function growing(field, send) {
  const fit = () => {
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight + field.offsetHeight - field.clientHeight}px`;
  };
  field.addEventListener("input", fit);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  });
  requestAnimationFrame(fit);
  return fit;
}
