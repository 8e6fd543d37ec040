// The DOM, written only when something changes.

/** True if the text was another before. */
export function setText(element, text) {
  if (element.textContent === text) return false;
  element.textContent = text;
  return true;
}

/** Show or hide an element. */
export function toggle(element, shown) {
  if (element && element.hidden === shown) element.hidden = !shown;
}

/**
 * Make a list's children those of `items`. `keyOf` says everything that is shown of an item: a row whose key is the
 * same is left alone, so focus and animations stay.
 */
export function fill(list, items, keyOf, make) {
  const known = new Map([...list.children].map((child) => [child.dataset.key, child]));
  items.forEach((item, i) => {
    const key = String(keyOf(item));
    const child = known.get(key) ?? make(item);
    child.dataset.key = key;
    if (list.children[i] !== child) list.insertBefore(child, list.children[i] ?? null);
    known.delete(key);
  });
  while (list.children.length > items.length) list.lastElementChild.remove();
}

/** A new element: `make("li", { class: "seat", "aria-label": "You" }, child, "text")`. Attributes that are null or false are left out. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false && value !== undefined) element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** An icon of the sprite, as `{% icon %}` draws it; the sprite's address is taken from one that is in the page. */
export function icon(name) {
  const known = document.querySelector("svg.icon use").getAttribute("href").split("#")[0];
  const element = drawing("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" });
  element.append(drawing("use", { href: `${known}#${name}` }));
  return element;
}

/** A new SVG element. */
export function drawing(tag, attributes = {}) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}
