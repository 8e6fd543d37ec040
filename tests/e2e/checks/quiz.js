// The quiz's own rules: what there is to see at a moment, what a typed number means, and which clock is believed.

/** The scenes of these situations, as far as a test asks. */
export const scenes = ({ scene: { sceneOf, secondsOf } }, situations) =>
  situations.map(({ phase = "playing", game, own = null, now }) => {
    const { stage, left } = sceneOf({ phase, state: { game, own, room: {} }, now });
    return [stage, left === null ? null : secondsOf(left)];
  });

/** What each of these texts means as a number, or null. */
export const numbers = ({ handin: { numberOf } }, texts) => texts.map(numberOf);

/** The game's part of the state after these events. */
export const replay = ({ store: { apply }, changes: { changes } }, { state, events }) =>
  events.reduce((known, event) => apply(known, event, changes), state);

/** How far the clock is off after it slept for `slept` ms and then heard the server, before and after that. */
export function clock({ clock: { ServerClock } }, { slept }) {
  const known = new ServerClock();
  known.add({ sent: 0, received: 20, serverNow: 1_000_010 });
  const received = 5000;
  const server = 1_000_000 + received + slept;
  const before = known.now(received) - server;
  known.heard(server, received);
  return [before, known.now(received) - server];
}

/** The titles of these outcomes, and what is said below. */
export const verdicts = ({ outcome: { verdictOf } }, outcomes) =>
  outcomes.map((each) => {
    const { title, text } = verdictOf(each);
    return `${title} ${text}`;
  });

/** How many had it right, in words. */
export const rightInWords = ({ spread }, games) => games.map(spread.rightInWords);

/** Numbers as they are read. */
export const readable = ({ scene: { numberText } }, numbers) => numbers.map(numberText);
