// What the podium says after a quiz. Pure.

import { placeOf } from "../rooms/podium.js";
import { pointsOf } from "./scene.js";

const MOST_NAMES = 4;

/** The line above the podium; `mine` is the own row's place in `rows`, or -1. */
export function verdict(rows, mine) {
  if (!rows.length) return "Nobody ordered. The oven is still warm.";
  if (rows[0].points === 0) return "Not a point among you. A rematch is in order.";
  if (mine >= 0 && rows[mine].points === rows[0].points) return "You know everything there is to know about everything.";
  if (mine > 0) return `You came in at number ${placeOf(rows, rows[mine])}, with ${pointsOf(rows[mine].points)} points and ${rows[mine].right} right.`;
  const first = rows.filter((row) => row.points === rows[0].points).map((row) => row.name);
  if (first.length > MOST_NAMES) return `${first.length} of you share the last slice.`;
  return first.length === 1 ? `${first[0]} takes the last slice.` : `${first.slice(0, -1).join(", ")} and ${first.at(-1)} share the last slice.`;
}

const seconds = (ms) => (ms === null || ms === undefined ? undefined : `${(ms / 1000).toFixed(1)} s`);

/** The numbers of a row: points, right of all, best streak, fastest answer. */
export const columns = ({ points, right, answered, best_streak: streak, fastest_ms: fastest }) => [
  points,
  right === undefined ? undefined : `${right}/${answered}`,
  streak,
  seconds(fastest),
];
