// How everybody's answers were spread, where there are no choices to count on: numbers on a strip, words in a list.

import { avatar } from "../rooms/avatar.js";
import { icon, make, toggle } from "../rooms/dom.js";
import { padClass, words } from "./pads.js";
import { numberText } from "./scene.js";

const FAR = 6; // bars on either side of the middle one
const NEAR = 4; // of those, within the margin
const GREEN = 2;
const GREY = 4;

/** Fill `root` with the spread of `game.reveal`, if it has one; `seats` by slot. */
export function showSpread(root, { reveal, question }, seats) {
  const drawn = reveal.spread && reveal.answers > 0 && !reveal.voided ? DRAWN[question.type] : null;
  toggle(root, Boolean(drawn));
  root.replaceChildren(...(drawn ? drawn(reveal, question, seats) : []));
}

const DRAWN = { __proto__: null, number: numbers, text: typed };

function numbers({ spread, answer }, { unit }, seats) {
  const { bars, margin, closest } = spread;
  const most = Math.max(...bars);
  const strip = make("ol", { class: "strip", "aria-hidden": "true" }, ...bars.map((count, i) => bar(count, i - FAR, count / most)));
  const away = [numberText(margin), unit].filter(Boolean).join(" ");
  const ruler = make("p", { class: "strip__ruler", "aria-hidden": "true" }, make("span", {}, `${away} less`), make("bdi", { class: "strip__right" }, numberText(answer)), make("span", {}, `${away} more`));
  return [strip, ruler, ...(closest ? [nearest(closest, unit, seats)] : [])];
}

function bar(count, steps, share) {
  const far = Math.abs(steps) > NEAR;
  const element = make("li", { class: `strip__bar${steps === 0 ? " strip__bar--right" : ""}${far ? " strip__bar--far" : ""}` }, count ? make("span", { class: "strip__count" }, String(count)) : null);
  element.style.setProperty("--share", share);
  return element;
}

/** Who came closest, and how close. Those who have left are counted. */
function nearest({ off, slots, count }, unit, seats) {
  const known = slots.filter((slot) => slot in seats);
  const people = known.map((slot) => make("span", { class: "closest__one" }, avatar(seats[slot].colour, seats[slot].mark), make("bdi", {}, seats[slot].name)));
  const more = count - known.length;
  const rest = known.length ? `and ${more} more` : `${more === 1 ? "one guest" : `${more} guests`}`;
  const away = off === 0 ? "Spot on" : `Closest, ${[numberText(off), unit].filter(Boolean).join(" ")} off`;
  return make("p", { class: "closest" }, make("span", { class: "closest__how" }, `${away}:`), " ", ...people.flatMap((one) => [one, " "]), more ? rest : "");
}

function typed({ spread: { given, other } }) {
  const most = Math.max(other, ...given.map(({ count }) => count));
  const rows = given.map(({ text, count }) => row({ text, count, most, right: true }));
  if (other) rows.push(row({ text: "Something else", count: other, most, right: false }));
  return [make("ul", { class: "pads pads--short spread__words" }, ...rows)];
}

function row({ text, count, most, right }) {
  const tick = make("span", { class: "pad__right" }, icon("check"), make("span", { class: "visually-hidden" }, "Right"));
  const length = make("span", { class: "pad__bar", "aria-hidden": "true" });
  length.style.setProperty("--share", count / most);
  return make("li", { class: right ? `${padClass(GREEN)} pad--right` : `${padClass(GREY)} pad--other` }, length, words(text), right ? tick : null, make("span", { class: "pad__count" }, String(count)));
}

/** How many had it right, in words. Pure. */
export function rightInWords({ reveal: { right, partly, answers, voided }, question: { type } }) {
  if (voided) return "This question does not count, for anybody.";
  if (answers === 0) return "Nobody ordered anything.";
  const { all = "had it right", some } = PARTS[type] ?? {};
  return `${right} of ${answers} ${all}${some && partly ? `, ${partly} more ${some}` : ""}.`;
}

const PARTS = {
  __proto__: null,
  several: { some: "had part of it" },
  number: { all: "came close", some: "not quite" },
  order: { all: "had it all in order", some: "had some in place" },
};
