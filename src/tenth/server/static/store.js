// What the browser keeps for the page. A browser that keeps nothing is no fault.

const name = (key) => `tenth.${key}`;

/** Keeps a value, or forgets it when it is null; says whether there was room. */
export function keep(key, value, where = localStorage) {
  try {
    if (value === null) where.removeItem(name(key));
    else where.setItem(name(key), JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

export function recall(key, otherwise, where = localStorage) {
  try {
    return JSON.parse(where.getItem(name(key))) ?? otherwise;
  } catch {
    return otherwise;
  }
}
