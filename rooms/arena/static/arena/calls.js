// What the kitchen calls out. Pure: counts in, words out.

const STREAKS = new Map([
  [2, "Double cheese!"],
  [3, "Family size!"],
  [4, "Extra hot!"],
  [5, "Chef's kiss!"],
  [7, "Whole menu!"],
  [10, "Pizza planet!"],
]);

/** The call for this streak of ships destroyed without losing one's own. */
export const call = (streak) => STREAKS.get(streak) ?? (streak > 10 && streak % 5 === 0 ? `${streak} in a row!` : "Order up!");

/** A line for the feed and for the spoken one. `by` and `to` are names, or "You". */
export function line({ shooter, victim, destroyed }) {
  return destroyed ? `${shooter} sliced ${lower(victim)}` : `${shooter} hit ${lower(victim)}`;
}

const lower = (name) => (name === "You" ? "you" : name);

/** Points of a hit, as events/scoring.py gives them. */
export const points = ({ destroyed }) => (destroyed ? 3 : 1);

/** Counts what a fight shows: points of everybody, the own streak. */
export class Tally {
  constructor() {
    this.reset();
  }

  reset() {
    this.points = {};
    this.streak = 0;
    this.hits = 0;
  }

  /** Take one hit; `own` is the own slot or null. */
  take(hit, own) {
    this.points[hit.shooter] = (this.points[hit.shooter] ?? 0) + points(hit);
    if (own === null) return;
    if (hit.shooter === own || hit.victim === own) this.hits += 1;
    if (hit.destroyed && hit.victim === own) this.streak = 0;
    if (hit.destroyed && hit.shooter === own) this.streak += 1;
  }
}
