// The room's state, its socket, and its farewells.

const turns = (state, apply, events) => events.reduce((known, event) => apply(known, event), state);

/** What a page knows after its first frame and these events, and what a page knows that comes now. */
export function replay({ store: { apply, emptyState } }, { first, events, fresh }) {
  return [turns(apply(emptyState(), first), apply, events), apply(emptyState(), { ...fresh, event: "room.state" })];
}

/** One event onto a state that is frozen to its depths; gives the next state, and whether it is the same object. */
export function once({ store: { apply } }, { state, event }) {
  const freeze = (thing) => {
    if (thing && typeof thing === "object") Object.values(Object.freeze(thing)).forEach(freeze);
    return thing;
  };
  const before = freeze(state);
  const after = apply(before, event);
  return { after, same: after === before };
}

/** A socket of the room; what it tells its page is kept in `heard`. */
export function open({ socket: { RoomSocket } }, { path }) {
  const heard = [];
  globalThis.heard = heard;
  const on = {
    state: (state) => heard.push(["state", state.version]),
    event: (event) => heard.push([event.event, event.version ?? null]),
    binary: () => null,
    status: ({ name }) => heard.push(["status", name]),
  };
  globalThis.line = new RoomSocket({ path, watch: true, on });
  globalThis.line.open();
}

/** Close the socket; everything that its page was told. */
export function close() {
  globalThis.line.close();
  return globalThis.heard;
}

/** What each of these close codes means to the page: null if it comes back by itself. */
export const farewells = ({ closing: { endOf } }, codes) => codes.map((code) => endOf(code));

/** The shortest and the longest pause before each of the first ten tries, in ms. */
export const pauses = ({ closing: { pauseBefore } }) =>
  Array.from({ length: 10 }, (_, attempt) => [pauseBefore(attempt, 0), pauseBefore(attempt, 1)]);
