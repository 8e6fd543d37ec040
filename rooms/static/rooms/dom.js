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

/** A copy of a `<template>`'s only element. */
export const copyOf = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);
