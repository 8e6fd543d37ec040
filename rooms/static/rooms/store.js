// What the page knows of its room. Pure: a state and an event give the next state; nothing is changed in place.

/**
 * The state before the first frame. `seats` maps slots to seats, `scores` slots to committed points; `own` is what the
 * game tells this player alone, `hosts` whether this socket may run the room (with a seat or without). What else a game
 * tells is there under its own names.
 */
export const emptyState = () => ({ room: null, seats: {}, scores: {}, game: { bots: [] }, you: null, hosts: false, own: null });

const bySlot = (seats) => Object.fromEntries(seats.map((seat) => [seat.slot, seat]));

const without = (map, key) => {
  const { [key]: _, ...rest } = map;
  return rest;
};

const NONE = Object.freeze({ __proto__: null });

const changes = {
  __proto__: null, // nothing is known but these
  "room.state": (_, { event, version, now, seats, ...state }) => ({ hosts: false, own: null, ...state, seats: bySlot(seats) }),
  "room.changed": (state, { room }) => ({ ...state, room, you: hosting(state.you, room) }),
  "seat.joined": (state, { seat }) => ({ ...state, seats: { ...state.seats, [seat.slot]: seat } }),
  "seat.left": (state, { slot }) => ({
    ...state,
    seats: without(state.seats, slot),
    scores: without(state.scores, slot),
  }),
  "seat.connection": (state, { slot, connected }) =>
    slot in state.seats
      ? { ...state, seats: { ...state.seats, [slot]: { ...state.seats[slot], connected } } }
      : state,
  scores: (state, { scores }) => ({ ...state, scores: { ...state.scores, ...scores } }),
  "game.changed": (state, { game }) => ({ ...state, game }),
};

const hosting = (you, room) => you && { ...you, is_host: you.slot === room.host };

/** The state after a pushed event; `more` are the game's own changes. An event that nobody knows changes nothing. */
export const apply = (state, event, more = NONE) => (changes[event.event] ?? more[event.event])?.(state, event) ?? state;

/** Everybody who plays, people and bots, by slot. */
export function everybody(state) {
  const bots = (state.game.bots ?? []).map((seat) => ({ ...seat, bot: true }));
  return { ...bySlot(bots), ...state.seats };
}

/** The page's phase: "connecting", "refused", "preparing", "lobby", "countdown", "playing" or "over". `now` in ms since 1970. */
export function phaseOf(state, status, now) {
  if (status === "ended") return "refused";
  if (status !== "open" || !state.room) return "connecting";
  const { status: stage, starts_at: startsAt } = state.room;
  if (stage === "COMPLETED") return "over";
  if (stage === "FAILED" || stage === "EXPIRED") return "refused";
  if (stage === "PREPARING") return "preparing";
  if (stage !== "IN_PROGRESS") return "lobby";
  return startsAt && now < startsAt ? "countdown" : "playing";
}

/** Those who play, best first: `[{slot, name, colour, mark, bot, points}]`. `points` of bots come from `shown`. */
export function standings(state, shown = {}) {
  return Object.values(everybody(state))
    .map((one) => ({ ...one, points: (one.bot ? shown[one.slot] : state.scores[one.slot]) ?? 0 }))
    .sort((a, b) => b.points - a.points || a.slot - b.slot);
}
