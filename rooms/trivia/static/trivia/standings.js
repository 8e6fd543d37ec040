// Who leads, and who moved: rows glide from where they were to where they are.

import { avatar } from "../rooms/avatar.js";
import { icon, make } from "../rooms/dom.js";
import { everybody } from "../rooms/store.js";
import { pointsOf } from "./scene.js";

const GLIDE_MS = 900;
const NOBODY = { name: "Somebody who left", colour: 5, mark: 0 };

const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** The places to show: the first `most`, and the own one wherever it is. */
export function placesToShow(standings, own, most) {
  const first = standings.slice(0, most);
  const mine = standings.find((row) => row.slot === own);
  return mine && !first.includes(mine) ? [...first, mine] : first;
}

/** Fill `list` with `standings` of `game.reveal`; `own` is the own slot or null. */
export function showStandings(list, standings, { state, own, most }) {
  const seats = everybody(state);
  const rows = placesToShow(standings, own, most);
  list.replaceChildren(...rows.map((row) => standing(row, seats[row.slot] ?? NOBODY, row.slot === own)));
  if (!still()) glide([...list.children], rows);
}

function standing(row, who, own) {
  const name = make("bdi", { class: "standing__name" }, who.name);
  const moved = row.was ? row.was - row.rank : 0;
  return make(
    "li",
    { class: own ? "standing standing--own" : "standing" },
    make("span", { class: "standing__rank" }, String(row.rank)),
    movement(moved),
    avatar(who.colour, who.mark),
    name,
    row.streak > 1 ? make("span", { class: "standing__streak", title: "Right in a row" }, icon("flame"), String(row.streak)) : null,
    row.gained > 0 ? make("span", { class: "standing__gained" }, `+${pointsOf(row.gained)}`) : null,
    make("span", { class: "standing__points" }, pointsOf(row.points), make("span", { class: "visually-hidden" }, " points")),
  );
}

function movement(moved) {
  if (!moved) return make("span", { class: "standing__moved" });
  const words = `${moved > 0 ? "up" : "down"} ${Math.abs(moved)}`;
  return make("span", { class: `standing__moved standing__moved--${moved > 0 ? "up" : "down"}` }, icon(moved > 0 ? "up" : "down"), make("span", { class: "visually-hidden" }, words));
}

/** Everybody starts on the place they had. */
function glide(elements, rows) {
  const height = elements[0]?.getBoundingClientRect().height ?? 0;
  const before = [...rows].sort((a, b) => (a.was ?? a.rank) - (b.was ?? b.rank));
  elements.forEach((element, i) => {
    const by = (before.indexOf(rows[i]) - i) * height;
    if (by) element.animate([{ translate: `0 ${by}px` }, { translate: "0 0" }], { duration: GLIDE_MS, easing: "cubic-bezier(0.4, 0, 0.2, 1)", delay: 350, fill: "backwards" });
  });
}

/** The teams' standings, best first. */
export function showTeams(list, teams) {
  const best = [...teams].sort((a, b) => b.points - a.points);
  list.replaceChildren(...best.map((team, i) => teamRow(team, i + 1)));
}

const teamRow = ({ name, points, members, team }, place) =>
  make(
    "li",
    { class: "standing" },
    make("span", { class: "standing__rank" }, String(place)),
    make("span", { class: `teamdot teamdot--${team}`, "aria-hidden": "true" }),
    make("bdi", { class: "standing__name" }, name),
    make("span", { class: "standing__gained" }, members === 1 ? "1 player" : `${members} players`),
    make("span", { class: "standing__points" }, pointsOf(points)),
  );
