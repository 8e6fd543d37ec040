// What the podium says after a quiz. Pure.

import { pointsOf } from "./scene.js";

/** The line above the podium; `mine` is the own row's place in `rows`, or -1. */
export function verdict(rows, mine) {
  if (!rows.length) return "Nobody ordered. The oven is still warm.";
  if (rows[0].points === 0) return "Not a point among you. A rematch is in order.";
  if (mine === 0) return "You know everything there is to know about everything.";
  if (mine > 0) return `You came in at number ${mine + 1}, with ${pointsOf(rows[mine].points)} points and ${rows[mine].right} right.`;
  return `${rows[0].name} takes the last slice.`;
}

const seconds = (ms) => (ms === null || ms === undefined ? undefined : `${(ms / 1000).toFixed(1)} s`);

/** The numbers of a row: points, right of all, best streak, fastest answer. */
export const columns = ({ points, right, answered, best_streak: streak, fastest_ms: fastest }) => [
  pointsOf(points),
  right === undefined ? undefined : `${right}/${answered}`,
  streak,
  seconds(fastest),
];
