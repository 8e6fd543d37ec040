// The fight on the room's page: feeds the battle, draws it, and tells HUD, sound and feed what happens.

import { everybody, standings } from "../rooms/store.js";
import { Battle } from "./battle.js";
import { Tally } from "./calls.js";
import { Feed } from "./feed.js";
import { Hud } from "./hud.js";
import { Input } from "./input.js";
import { Minimap } from "./minimap.js";
import { MuteButton } from "../rooms/mutebutton.js";
import { Painter } from "./painter.js";
import { Sound } from "./sound.js";
import { Spectate } from "./spectate.js";
import { rules } from "./world.js";

const FLYING = new Set(["lobby", "playing", "dead"]);
const LONGEST_FRAME = 100; // ms
const MAP_PHASES = new Set(["lobby", "countdown", "playing", "dead"]);

const byId = (id) => document.getElementById(id);
const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

export class Fight {
  constructor({ canvas, back }) {
    this.back = back;
    this.sound = new Sound();
    new MuteButton(this.sound, byId("bar-sound"));
    this.painter = new Painter(canvas, { calm: still() });
    this.hud = new Hud();
    this.feed = new Feed({ list: byId("feed"), spoken: byId("spoken") });
    this.map = new Minimap(byId("map"));
    this.spectate = new Spectate();
    this.tally = new Tally();
    const touch = { root: byId("touch"), stick: byId("touch-stick"), knob: byId("touch-knob") };
    this.input = new Input({ play: canvas, touch });
    this.times = new Float64Array(600);
    this.frames = 0;
    this.last = performance.now();
    document.addEventListener("visibilitychange", () => this.#hiddenOrBack());
    addEventListener("keydown", (event) => this.#turnEye(event));
    byId("watch-next").addEventListener("click", () => this.spectate.turn(this.battle.ships, 1, performance.now()));
  }

  /** Begin, with the page that holds the socket. */
  start(page) {
    this.page = page;
    this.battle = new Battle({
      pilot: { sample: () => this.input.sample(), peek: () => this.input.peek(), send: (buffer) => page.socket.send(buffer) },
      rtt: () => page.socket.clock.rtt,
      on: { told: (hit) => this.#told(hit), shown: (kind, what) => this.#shown(kind, what) },
    });
    const frame = (now) => {
      this.#frame(now);
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }

  /** A snapshot, as it came. */
  binary(buffer) {
    this.map.take(this.battle.take(buffer, performance.now()));
  }

  /** The room's state has changed. */
  show(page) {
    this.battle.sit(page.slot);
    this.painter.pilots = everybody(page.state);
    this.#ranks();
    if (page.slot !== null) this.hud.points(page.state.scores[page.slot] ?? 0);
    document.body.classList.toggle("watching", page.slot === null);
  }

  phase(phase, before) {
    if (phase === "countdown" || (phase === "playing" && before === "lobby")) this.#fresh();
    if (phase === "connecting" && before) this.#lost();
    if (["countdown", "playing"].includes(phase) && !["dead", "playing"].includes(before)) this.back();
    this.feed.say(SPOKEN[phase] ?? "");
  }

  /** The line is down: what was flying is not there any more when it is back. */
  #lost() {
    this.battle.reset();
    this.painter.effects.clear();
  }

  /** A round begins. */
  #fresh() {
    this.tally.reset();
    this.painter.effects.clear();
    document.body.dataset.hits = "0";
  }

  #hiddenOrBack() {
    this.battle.due.length = 0;
    // One last tick with nothing held, so that the ship does not fly on alone.
    if (document.hidden) this.battle.advance(performance.now(), 0);
  }

  #told(hit) {
    const { slot } = this.page;
    this.tally.take(hit, slot);
    document.body.dataset.hits = this.tally.hits;
    this.spectate.excite(hit, performance.now());
    if (hit.destroyed && hit.victim === slot) this.diedAt = this.battle.ticks.last;
    this.ranksStale = true;
  }

  #shown(kind, what) {
    if (document.hidden) return;
    const { slot } = this.page;
    this.painter.show(kind, what, { own: slot });
    const { near, side } = this.painter.place(what);
    if (kind === "shot") this.sound.pop(near, side);
    else if (kind === "absorbed") this.sound.plink(near, side);
    else if (kind === "hit") this.#hit(what, near, side);
    else if (what.slot === slot) this.sound.whoosh();
  }

  #hit(hit, near, side) {
    const { slot } = this.page;
    if (hit.destroyed) this.sound.boom(near, side);
    else this.sound.sizzle(near, side);
    if (hit.victim === slot) this.sound.ouch();
    if (hit.shooter === slot) this.#scored(hit);
    if (hit.destroyed) this.#report(hit, slot);
  }

  #scored(hit) {
    this.painter.popups.add(hit, hit.destroyed ? 3 : 1);
    if (!hit.destroyed) {
      this.sound.tick();
      return;
    }
    this.sound.bell();
    this.hud.streak(Math.max(1, this.tally.streak));
  }

  #report(hit, slot) {
    const name = (by) => (by === slot ? null : this.painter.pilot(by));
    this.feed.show(name(hit.shooter), name(hit.victim), { own: slot !== null && (hit.shooter === slot || hit.victim === slot) });
  }

  /** Spectators choose whom to follow with the arrow keys. */
  #turnEye(event) {
    if (this.page.slot !== null || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    if (event.target instanceof Element && event.target.closest("input, dialog")) return;
    this.spectate.turn(this.battle.ships, event.key === "ArrowRight" ? 1 : -1, performance.now());
  }

  #frame(now) {
    const began = performance.now();
    const elapsed = Math.min(LONGEST_FRAME, Math.max(0, began - this.last));
    this.last = began;
    const { page, battle, input } = this;
    input.enabled = page.slot !== null && FLYING.has(page.phase) && document.querySelector("dialog[open]") === null;
    battle.advance(began, elapsed);
    const target = battle.own ?? this.spectate.target(battle.ships, began);
    this.painter.draw(battle, target, began, elapsed);
    if (battle.own && !this.flown) this.#firstFlight();
    if (MAP_PHASES.has(page.phase)) this.map.draw(began, battle.ships, this.painter.pilots, page.slot);
    this.#overlay(battle, target, page);
    this.times[this.frames++ % this.times.length] = performance.now() - began;
    this.debug?.draw(began);
  }

  /** How long it took from the button to the ship is in every browser's performance timeline. */
  #firstFlight() {
    this.flown = true;
    performance.mark("own-ship");
  }

  #overlay(battle, target, page) {
    const { hud } = this;
    const { room } = page.state;
    const playing = page.phase === "playing" || page.phase === "dead";
    page.setDead(Boolean(playing || page.dead) && battle.own !== null && !battle.own.alive && battle.ticks.last > 0);
    if (battle.own) hud.hull(battle.own.alive ? battle.own.hull : 0);
    this.sound.thrust(Boolean(battle.own?.alive && battle.own.thrusting));
    hud.baking(page.phase === "dead" ? this.#bakingSeconds(battle) : null);
    hud.timeLeft(playing && room?.ends_at ? room.ends_at - page.now() : null);
    this.#countdown(room, page);
    if (page.slot === null) hud.follows(target ? this.painter.pilot(target.slot).name : null);
    hud.latency(page.socket.clock.ping);
    if (this.ranksStale) this.#ranks();
  }

  #bakingSeconds(battle) {
    const left = (this.diedAt ?? 0) + rules.respawnTicks - battle.past;
    return left > rules.respawnTicks * 2 || left < 0 ? 0 : Math.ceil(left / rules.tickRate);
  }

  #countdown(room, page) {
    const left = room?.starts_at && page.phase !== "over" ? room.starts_at - page.now() : -Infinity;
    const number = page.phase === "countdown" ? Math.max(1, Math.ceil(left / 1000)) : left > -700 && page.phase === "playing" ? 0 : null;
    if (this.hud.countdown(number)) {
      this.sound.beep(number === 0);
      this.feed.say(number === 0 ? "Fly!" : String(number));
    }
  }

  #ranks() {
    this.ranksStale = false;
    this.hud.ranks(standings(this.page.state, this.tally.points), this.page.slot);
  }
}

const SPOKEN = {
  connecting: "Connecting.",
  lobby: "You are in the lobby. Practice: hits do not count yet.",
  playing: "The round is on.",
  dead: "Your ship is in slices. Back in the oven.",
  over: "The round is over. The podium is open.",
};
