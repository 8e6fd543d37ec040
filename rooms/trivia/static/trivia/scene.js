// What a screen shows at a moment: worked out from the state and the server's time alone. Pure.

const RUNNING = new Set(["ready", "open", "reveal", "rest", "over"]);

/**
 * The scene at `now` (ms since 1970): `stage` is "connecting", "refused", "preparing", "lobby", "ready", "open", "reveal",
 * "rest" or "over". `moment` is another whenever something else is to be seen. A question that is announced is not shown before its time, so that all screens show it at once.
 * `until` is when the stage ends and `whole` how long it is in all (ms, or null); `left` is what remains of it.
 */
export function sceneOf({ phase, state, now }) {
  const { game, own } = state;
  const stage = stageOf(phase, game, now);
  const moment = [stage, game?.number, Boolean(game?.reveal?.voided)].join();
  const base = { stage, moment, game, own, room: state.room, until: null, whole: null, left: null };
  const times = TIMES[base.stage]?.(game, own) ?? null;
  if (!times) return base;
  const left = game.paused ? pausedLeft(game, times.until) : Math.max(0, times.until - now);
  return { ...base, ...times, left };
}

/** What remains in a pause; null if the phase waits for the host anyway. */
function pausedLeft({ phase, paused, closes_at: closes }, until) {
  if (paused.remaining === null) return null;
  return paused.remaining + (phase === "open" ? until - closes : 0);
}

function stageOf(phase, game, now) {
  if (phase !== "playing" && phase !== "countdown") return phase;
  if (!RUNNING.has(game?.phase)) return "ready";
  return game.phase === "open" && isAhead(game, now) ? "ready" : game.phase;
}

/** Whether the question is announced and not open yet; a pause keeps what remains and not since when. */
const isAhead = ({ paused, opens_at: opens, closes_at: closes }, now) =>
  paused ? paused.remaining > closes - opens : now < opens;

/** When the answers of this player are due: later for somebody who was given more time. */
export const deadlineOf = (game, own) =>
  game.opens_at + ((game.closes_at - game.opens_at) * (100 + (own?.extra ?? 0))) / 100;

const TIMES = {
  __proto__: null,
  ready: (game) => {
    const until = game?.opens_at ?? game?.next_at ?? (game?.paused ? 0 : null);
    return until === null ? null : { until, whole: 3000 };
  },
  open: (game, own) => {
    if (!game.closes_at) return null;
    const until = deadlineOf(game, own);
    return { until, whole: until - game.opens_at };
  },
  reveal: untilNext,
  rest: untilNext,
};

function untilNext(game) {
  if (!game.next_at && !game.paused) return null;
  return { until: game.next_at ?? 0, whole: null };
}

/** What follows the question of `game`: "question", "rest" or "over". */
export function nextOf({ number, of }, room) {
  if (number >= of) return "over";
  return room?.settings.rest && number === Math.floor(of / 2) ? "rest" : "question";
}

/** The whole seconds that a clock shows: 1 until the very end. */
export const secondsOf = (left) => Math.ceil(left / 1000);

/** How a place is said: 1st, 2nd, 3rd, 11th. */
export function ordinal(place) {
  const tail = place % 100 > 10 && place % 100 < 14 ? "th" : (["th", "st", "nd", "rd"][place % 10] ?? "th");
  return `${place}${tail}`;
}

/** Points as they are read: 12,345. */
export const pointsOf = (points) => points.toLocaleString("en-GB");

/** A number as it is read: 8848.9 and 1969, but 40,075. */
export const numberText = (number) =>
  number.toLocaleString("en-GB", { maximumSignificantDigits: 10, useGrouping: Math.abs(number) >= 10_000 });
