// Keeps the leaderboard fresh: the server says that scores have changed, and the rows are fetched again.
// Without a socket the page stays as it was served, and comes back to life by itself.

const SHORTEST_PAUSE = 1000; // ms between two fetches, and before the first try to reconnect
const LONGEST_PAUSE = 30000;

const rows = document.getElementById("leaderboard-rows");
let fetching = false;
let stale = false;
let pause = SHORTEST_PAUSE;

async function refresh() {
  stale = true;
  if (fetching) return;
  fetching = true;
  while (stale) {
    stale = false;
    await fetchRows();
    await new Promise((resolve) => setTimeout(resolve, SHORTEST_PAUSE));
  }
  fetching = false;
}

async function fetchRows() {
  try {
    const answer = await fetch(rows.dataset.rowsUrl, { headers: { Accept: "text/html" } });
    if (answer.ok) replaceRows(await answer.text());
  } catch {
    // The network is away: the next hint, or the next connection, fetches again.
  }
}

// Keeps the keyboard's place when the focused link is still in the new rows.
function replaceRows(html) {
  const focused = rows.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  rows.innerHTML = html;
  if (focused) rows.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

function connect() {
  const url = new URL(rows.dataset.live, location.href);
  url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(url);
  socket.addEventListener("open", () => {
    pause = SHORTEST_PAUSE; // a hint comes at once, so that what was missed is fetched
  });
  socket.addEventListener("message", ({ data }) => {
    if (JSON.parse(data).event === "leaderboard") refresh();
  });
  socket.addEventListener("close", () => {
    setTimeout(connect, pause * (0.5 + Math.random()));
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  });
}

if (rows) connect();
