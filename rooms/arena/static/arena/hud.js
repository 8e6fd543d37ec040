// What lies over the fight: hull, points, time, calls, the board. The DOM is written only when something changes.

import { fill, setText, toggle } from "../rooms/dom.js";
import { call } from "./calls.js";
import { rules } from "./world.js";

const CALL_MS = 1500;
const BOARD_ROWS = 5;

const byId = (id) => document.getElementById(id);

/** 65000 ms as "1:05". */
function clockText(ms) {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

export class Hud {
  constructor() {
    this.root = byId("hud");
    this.slices = [...document.querySelectorAll("[data-hull-slice]")];
    this.hullLabel = byId("hud-hull-label");
    this.score = byId("hud-score");
    this.time = byId("hud-time");
    this.timeBox = byId("hud-time-box");
    this.ping = byId("hud-ping");
    this.pingBox = byId("hud-ping-box");
    this.call = byId("hud-call");
    this.oven = byId("hud-oven");
    this.ovenSeconds = byId("hud-oven-seconds");
    this.count = byId("hud-count");
    this.board = byId("hud-board");
    this.watching = byId("hud-watching");
    this.shownHull = -1;
  }

  /** Hull left, 0 to 3. */
  hull(left) {
    if (left === this.shownHull) return;
    const lost = left < this.shownHull;
    this.shownHull = left;
    this.slices.forEach((slice, i) => slice.classList.toggle("hull__slice--gone", i >= left));
    setText(this.hullLabel, `Hull: ${left} of ${rules.hull} slices left`);
    if (lost && left > 0) restart(this.root, "hud--ouch");
  }

  points(points) {
    if (setText(this.score, String(points)) && points > 0) restart(this.score, "hud__score--more");
  }

  /** `left` in ms until the round ends, or null without an end. */
  timeLeft(left) {
    toggle(this.timeBox, left !== null);
    if (left === null) return;
    setText(this.time, clockText(left));
    this.timeBox.classList.toggle("hud__time--last", left < 10500);
  }

  latency(ms) {
    setText(this.ping, String(Math.round(ms)));
    this.pingBox.classList.toggle("hud__ping--slow", ms > 180);
  }

  /** A ship of another was destroyed by the own. */
  streak(streak) {
    this.shout(call(streak), streak > 1 ? `${streak} in a row` : "");
  }

  shout(text, more = "") {
    setText(this.call.firstElementChild, text);
    setText(this.call.lastElementChild, more);
    restart(this.call, "call--now");
    clearTimeout(this.callTimer);
    this.callTimer = setTimeout(() => this.call.classList.remove("call--now"), CALL_MS);
  }

  /** "Back in the oven": seconds until the own ship flies again, or null while it does. */
  baking(seconds) {
    toggle(this.oven, seconds !== null);
    if (seconds !== null) setText(this.ovenSeconds, seconds > 0 ? String(seconds) : "now");
  }

  /** The countdown's number, or null. True if it has changed. */
  countdown(number) {
    toggle(this.count, number !== null);
    const changed = number !== null && setText(this.count, number > 0 ? String(number) : "Fly!");
    if (changed) restart(this.count, "count--now");
    return changed;
  }

  /** Whom a spectator follows, or null. */
  follows(name) {
    setText(this.watching, name ?? "the sky");
  }

  /** The best pilots; `rows` as `standings` gives them, `own` the own slot. */
  ranks(rows, own) {
    const best = rows.slice(0, BOARD_ROWS);
    const mine = rows.findIndex((row) => row.slot === own);
    if (mine >= BOARD_ROWS) best[BOARD_ROWS - 1] = rows[mine];
    fill(this.board, best, (row) => [row.slot, row.name, row.colour, row.points, rows.indexOf(row), row.slot === own].join(), (row) =>
      rank(row, rows.indexOf(row) + 1, row.slot === own),
    );
  }
}

function rank({ name, colour, points }, place, own) {
  const row = document.createElement("li");
  row.className = own ? "board__row board__row--own" : "board__row";
  const cells = [["board__place", String(place)], ["board__name", name], ["board__points", String(points)]];
  for (const [className, text] of cells) {
    const cell = document.createElement(className === "board__name" ? "bdi" : "span");
    cell.className = className;
    cell.textContent = text;
    row.append(cell);
  }
  row.style.setProperty("--pilot", `var(--c-${colour})`);
  return row;
}

/** Play a CSS animation again from its start. */
function restart(element, className) {
  element.classList.remove(className);
  requestAnimationFrame(() => requestAnimationFrame(() => element.classList.add(className)));
}
