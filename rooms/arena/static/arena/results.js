// What the podium says after a fight. Pure.

/** The line above the podium; `mine` is the own row's place in `rows`, or -1. */
export function verdict(rows, mine) {
  if (!rows.length) return "Nobody flew. The oven is still warm.";
  if (rows[0].points === 0) return "Not an olive landed. The next round will be hotter.";
  if (mine === 0) return "You are the toast of the galaxy.";
  if (mine > 0) return `You came in at number ${mine + 1}, with ${rows[mine].points.toLocaleString("en-GB")} points.`;
  return `${rows[0].name} takes the last slice.`;
}

/** The numbers of a row: points, hits, ships, accuracy, best streak. */
export const columns = ({ points, hits, kills, accuracy, best_streak: streak }) => [
  points,
  hits,
  kills,
  accuracy === undefined ? undefined : `${Math.round(accuracy / 10)} %`,
  streak,
];
