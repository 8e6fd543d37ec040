// Keeps a feed fresh: the server pushes its newest lines as they would be served, and times grow older.

import { follow } from "./follow.js";

const MINUTE = 60;
const STEPS = [
  [MINUTE, 1, "second"],
  [60 * MINUTE, MINUTE, "minute"],
  [24 * 60 * MINUTE, 60 * MINUTE, "hour"],
  [7 * 24 * 60 * MINUTE, 24 * 60 * MINUTE, "day"],
];
const AGES = new Intl.RelativeTimeFormat("en-GB", { numeric: "auto", style: "narrow" });
const DATES = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });

function age(date) {
  const seconds = Math.max(0, (Date.now() - date) / 1000);
  const step = STEPS.find(([limit]) => seconds < limit);
  if (!step) return DATES.format(date);
  const [, size, unit] = step;
  return unit === "second" ? "just now" : AGES.format(-Math.floor(seconds / size), unit);
}

function tellTimes() {
  for (const time of document.querySelectorAll("[data-feed] time")) {
    const date = new Date(time.getAttribute("datetime"));
    time.title = date.toLocaleString("en-GB");
    const text = age(date);
    if (time.textContent !== text) time.textContent = text;
  }
}

/** The keyboard's place is kept when the focused link is still in the new lines. */
function show(list, html) {
  const known = new Set([...list.children].map((line) => line.dataset.seq));
  const focused = list.contains(document.activeElement) ? document.activeElement : null;
  const place = focused && [focused.closest("[data-seq]").dataset.seq, focused.getAttribute("href")];
  const parsed = document.createElement("template");
  parsed.innerHTML = html;
  const lines = [...parsed.content.children].slice(0, Number(list.dataset.most));
  for (const line of lines) line.classList.toggle("feed__line--new", known.size > 0 && !known.has(line.dataset.seq));
  list.replaceChildren(...lines);
  list.hidden = lines.length === 0;
  list.parentElement.querySelector("[data-feed-empty]").hidden = lines.length > 0;
  if (place) list.querySelector(`[data-seq="${place[0]}"] a[href="${CSS.escape(place[1])}"]`)?.focus({ preventScroll: true });
  tellTimes();
}

function showState(open) {
  for (const chip of document.querySelectorAll("[data-feed-live]")) chip.hidden = !open;
  for (const chip of document.querySelectorAll("[data-feed-away]")) chip.hidden = open;
}

for (const list of document.querySelectorAll("[data-feed][data-live]")) {
  follow(list.dataset.live, {
    heard: (message) => message.event === "feed" && show(list, message.html),
    state: showState,
  });
}
tellTimes();
setInterval(tellTimes, 30_000);
