// What the quiz's own events do to the room's state. Pure; see rooms/store.js.

const ofQuestion = (game) => game?.question?.number ?? game?.number;

/** The own answer belongs to one question: with the next one it is gone, the extra time stays. */
const ownFor = (own, before, game) =>
  own && ofQuestion(before) !== ofQuestion(game) ? { ...own, answer: null, answered_at: null, result: null } : own;

export const changes = Object.freeze({
  __proto__: null,
  "trivia.phase": (state, { game }) => ({ ...state, game, own: ownFor(state.own, state.game, game) }),
  "trivia.own": (state, { own }) => ({ ...state, own }),
  "trivia.answered": (state, { seq, answered, expected }) =>
    state.game.seq === seq ? { ...state, game: { ...state.game, answered, expected } } : state,
  "trivia.flags": (state, { flags }) => ({ ...state, flags }),
  "trivia.extras": (state, { extras }) => ({ ...state, extras }),
});
