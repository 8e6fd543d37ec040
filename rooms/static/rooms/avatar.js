// A pilot's round picture, as partials/avatar.html draws it.

import { MARKS } from "../js/palette.js";

const SVG = "http://www.w3.org/2000/svg";

/** A new avatar element; decoration, the name stands beside it. */
export function avatar(colour, mark) {
  const element = document.createElement("span");
  element.className = `avatar avatar--c${colour}`;
  element.setAttribute("aria-hidden", "true");
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("class", "mark");
  picture.setAttribute("viewBox", "0 0 24 24");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", MARKS[mark] ?? MARKS[0]);
  path.setAttribute("fill", "currentColor");
  path.setAttribute("fill-rule", "evenodd");
  picture.append(path);
  element.append(picture);
  return element;
}
