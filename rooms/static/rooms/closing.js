// What each close code of docs/protocol.md means for the player, and whether waiting helps. Pure.

const COME_BACK = new Set([1000, 1001, 1005, 1006, 1011, 1012, 1013, 4408, 4421]);

const ENDS = {
  4400: {
    title: "We lost the thread",
    text: "This page and the kitchen no longer understand each other. A reload usually helps.",
    offers: ["reload", "lobby"],
  },
  4401: {
    title: "Who is there?",
    text: "Your visit has ended. Play as a guest again: it takes one press.",
    offers: ["join", "watch"],
  },
  4403: { title: "Not in this room", text: "The host has asked you to leave. There are others to play in.", offers: ["play", "lobby"] },
  4404: { title: "No such room", text: "It has closed, or the code is not quite right.", offers: ["play", "lobby"] },
  4409: {
    title: "You are here twice",
    text: "You are already in this room, in another tab or on another screen.",
    offers: ["takeover", "watch"],
  },
  4410: { title: "You play elsewhere now", text: "Another tab of yours took over the seat.", offers: ["takeover", "lobby"] },
  4423: { title: "No free seat", text: "That room is full. Watch, or try another?", offers: ["watch", "lobby"] },
  4429: {
    title: "Easy on the buttons",
    text: "This page sent more than the kitchen can take. Reload, and all is well again.",
    offers: ["reload", "lobby"],
  },
};

/** `null` if the page should come back by itself, else `{title, text, offers}` to show. */
export function endOf(code, reason = "") {
  if (COME_BACK.has(code) || !(code in ENDS)) return null;
  const end = ENDS[code];
  return { ...end, code, text: reason || end.text };
}

/** How long to wait before try number `attempt` (0, 1, ...), in ms; `chance` is 0..1. */
export function pauseBefore(attempt, chance) {
  const longest = Math.min(8000, 250 * 2 ** attempt);
  return longest * (0.5 + chance / 2);
}
