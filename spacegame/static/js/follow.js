// Follows a list: a socket that says when it changed, and comes back by itself. Without it the page stays as served.

const SHORTEST_PAUSE = 1000; // ms before the first try to reconnect
const LONGEST_PAUSE = 30000;

/** Calls `heard(message)` for each message, and `state(open)` when the line opens or goes down. */
export function follow(path, { heard, state = () => {} }) {
  let pause = SHORTEST_PAUSE;
  const connect = () => {
    const url = new URL(path, location.href);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url);
    socket.addEventListener("message", ({ data }) => {
      pause = SHORTEST_PAUSE; // the list comes at once, so a message proves the line
      state(true);
      heard(JSON.parse(data));
    });
    socket.addEventListener("close", () => {
      state(false);
      setTimeout(connect, pause * (0.5 + Math.random()));
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    });
  };
  connect();
}
