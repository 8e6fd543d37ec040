// The answer pads: colour, shape and letter, so that no one of them has to be seen.

import { markOf } from "../rooms/avatar.js";
import { make } from "../rooms/dom.js";

const LETTERS = "ABCDEF";
const SHAPES = [0, 3, 1, 6, 8, 2]; // slice, olive, star, moon, bolt, mushroom

export const letterOf = (index) => LETTERS[index];

/** The shape and the letter of pad `index`, to stand before its text. */
export const badge = (index) =>
  make("span", { class: "pad__badge" }, markOf(SHAPES[index]), make("span", { class: "pad__letter" }, letterOf(index)));

/** The pad's colour, as a class name. */
export const padClass = (index) => `pad pad--${index}`;

/** A choice's text: its own direction, and broken anywhere rather than too wide. */
export const words = (text) => make("bdi", { class: "pad__text", dir: "auto" }, text);

/** Whether all choices are short enough to stand two in a row. */
export const short = (choices) => all(choices, 26);

/** Whether none of them needs small print on the wall. */
export const medium = (choices) => all(choices, 60);

const all = (choices, most) => choices.every((choice) => [...choice].length <= most);
