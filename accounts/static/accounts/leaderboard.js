// Keeps the leaderboard fresh: the server says that scores have changed, and the rows are fetched again.
// Without a socket the page stays as it was served, and comes back to life by itself.

import { follow } from "../js/follow.js";

const PAUSE = 1000; // ms between two fetches

const rows = document.getElementById("leaderboard-rows");
let fetching = false;
let stale = false;

async function refresh() {
  stale = true;
  if (fetching) return;
  fetching = true;
  while (stale) {
    stale = false;
    await fetchRows();
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
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

// A hint comes at once when the line is there, so that what was missed is fetched.
if (rows) follow(rows.dataset.live, { heard: (message) => message.event === "leaderboard" && refresh() });
