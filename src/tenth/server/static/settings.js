// The settings: the form's fields are the list of what there is; the browser keeps them.
import { apiKey } from "./api.js";
import { keep, recall } from "./store.js";

const form = document.getElementById("settings-form");
const fields = [...form.querySelectorAll("input[name], textarea[name]")];

export function settings() {
  return recall("settings", {});
}

/** Fills the form from what was kept, and keeps what the user changes as long as it is valid. */
export function startSettings() {
  const dialog = document.getElementById("settings");
  const kept = settings();
  for (const field of fields) field.value = kept[field.name] ?? "";
  form.addEventListener("input", save);
  document.getElementById("settings-reset").addEventListener("click", () => {
    for (const field of fields) if (field.type === "number") field.value = "";
    save();
  });
  const forget = document.getElementById("key-forget");
  forget.addEventListener("click", () => {
    apiKey.set(null);
    forget.hidden = true;
  });
  document.getElementById("open-settings").addEventListener("click", () => {
    forget.hidden = !apiKey.get();
    dialog.showModal();
  });
}

function save() {
  const values = {};
  for (const field of fields) {
    if (!field.checkValidity() || !field.value.trim()) continue;
    values[field.name] = field.type === "number" ? Number(field.value) : field.value;
  }
  keep("settings", values);
}

/** Asks for the API key; resolves to whether one was given. */
export function askForKey(message) {
  const dialog = document.getElementById("key");
  const field = document.getElementById("key-field");
  document.getElementById("key-message").textContent = message;
  field.value = "";
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      const given = dialog.returnValue === "use" && field.value.trim() !== "";
      if (given) apiKey.set(field.value.trim());
      field.value = "";
      resolve(given);
    }, { once: true });
  });
}
