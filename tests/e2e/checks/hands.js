// Keyboard and gamepad, on an element of their own in a page that is otherwise at rest.

const SILENT = () => Array.from({ length: 17 }, () => ({ pressed: false, touched: false, value: 0 }));
const PARTS = ["root", "stick", "knob"];

/** A pad of the standard mapping; `connected` and the rest as the Gamepad API has them. */
const pads = [];
const plugIn = () => pads.push({ connected: true, mapping: "standard", index: 0, axes: [0, 0, 0, 0], buttons: SILENT() });
navigator.getGamepads = () => [null, ...pads, null];

const tell = (kind) => dispatchEvent(new Event(kind));

/** An `Input` that listens; only one of a page, since it never stops. */
export function listen({ input: { Input } }) {
  const parts = Object.fromEntries(PARTS.map((name) => [name, document.createElement("div")]));
  const play = document.createElement("div");
  document.body.append(play, ...Object.values(parts));
  globalThis.hands = new Input({ play, touch: parts });
  globalThis.hands.enabled = true;
}

/** The keys of the next tick, as a copy. */
export const sample = () => ({ ...globalThis.hands.sample() });

/** What the hands do with a pad in each of these states; `press` are button numbers. */
export function pad(_, states) {
  const before = sample();
  plugIn();
  tell("gamepadconnected");
  const answers = states.map(({ axes = [0, 0], press = [] }) => {
    Object.assign(pads[0], { axes: [...axes, 0, 0], buttons: SILENT().map((button, i) => ({ ...button, pressed: press.includes(i) })) });
    return sample();
  });
  pads.pop();
  tell("gamepaddisconnected");
  return { before, answers, after: sample() };
}

/** A pad that was there before this page listened, and one that is plugged in after it. */
export function oldPad({ gamepad: { Gamepads } }) {
  plugIn();
  pads[0].buttons[0].pressed = true;
  const late = new Gamepads();
  const firing = [late.firing()];
  pads.pop();
  tell("gamepaddisconnected");
  firing.push(late.firing());
  plugIn();
  pads[0].buttons[0].pressed = true;
  tell("gamepadconnected");
  firing.push(late.firing());
  pads.pop();
  tell("gamepaddisconnected");
  return firing;
}
