// A player's round picture, as partials/avatar.html draws it.

import { MARKS } from "../js/palette.js";
import { drawing, make } from "./dom.js";

/** A new avatar element; decoration, the name stands beside it. */
export function avatar(colour, mark) {
  const element = make("span", { class: `avatar avatar--c${colour}`, "aria-hidden": "true" });
  element.append(markOf(mark));
  return element;
}

/** One of the marks, in the colour of the text. */
export function markOf(mark) {
  const picture = drawing("svg", { class: "mark", viewBox: "0 0 24 24", "aria-hidden": "true" });
  picture.append(drawing("path", { d: MARKS[mark] ?? MARKS[0], fill: "currentColor", "fill-rule": "evenodd" }));
  return picture;
}
