// What tick it is, and what time: neither must depend on a good line, or on the device's own date.

import { dice } from "./simulation.js";

const TICK_MS = 25;
const DAY_MS = 86_400_000;

/** Snapshots of ticks made at `tick * 25` ms that take `flight` ms and up to `jitter` more. Gives the worst errors, in ticks. */
export function underJitter({ ticks: { TickClock } }, { jitter }) {
  const clock = new TickClock(40);
  const chance = dice(9);
  const errors = [];
  for (let tick = 2; tick < 1200; tick += 2) {
    const arrival = tick * TICK_MS + 70 + chance() * jitter;
    clock.heard(tick, arrival);
    if (tick > 400) errors.push(clock.at(arrival) - (arrival - 70) / TICK_MS);
  }
  return { behind: -Math.min(...errors), ahead: Math.max(...errors) };
}

const hear = (clock, from, to, shift = 0) => {
  for (let tick = from; tick <= to; tick += 2) clock.heard(tick, tick * TICK_MS + shift);
};

/** Nothing comes for ten seconds, then it goes on. Ticks said during the pause, and how wrong it is after it. */
export function afterPause({ ticks: { TickClock } }) {
  const [went, stood] = [new TickClock(40), new TickClock(40)];
  hear(went, 2, 200);
  hear(stood, 2, 200);
  const during = [5200, 9000, 14_000].map((now) => went.at(now));
  hear(went, 602, 604);
  hear(stood, 202, 204, 10_000);
  return { during, wentOn: went.at(604 * TICK_MS) - 604, stoodStill: stood.at(204 * TICK_MS + 10_000) - 204 };
}

/** An estimate between two snapshots never goes backwards while the line is steady. */
export function neverBack({ ticks: { TickClock } }) {
  const clock = new TickClock(40);
  const seen = [];
  for (let now = 0; now < 5000; now += 5) {
    if (now > 0 && now % 50 === 0) clock.heard(now / TICK_MS, now);
    if (now > 100) seen.push(clock.at(now));
  }
  return seen.filter((tick, i) => i > 0 && tick < seen[i - 1]).length;
}

/** The device's date jumps by a day, forth and back; how far the two clocks moved by it, in ms. */
export function dateJumps({ ticks: { TickClock }, clock: { ServerClock } }) {
  const [ticks, server] = [new TickClock(40), new ServerClock()];
  const born = performance.now();
  ticks.heard(1000, born);
  server.add({ sent: born - 10, received: born, serverNow: 1_800_000_000_000 });
  const moved = (days) => {
    const { now } = Date;
    Date.now = () => now() + days * DAY_MS;
    const at = performance.now();
    const answer = [(ticks.at(at) - 1000) * TICK_MS - (at - born), server.now(at) - 1_800_000_000_005 - (at - born)];
    Date.now = now;
    return answer;
  };
  return [...moved(1), ...moved(-1)].map(Math.abs);
}

/** Pings with jitter on both ways: the server's time is off by half the best round trip at most. */
export function pings({ clock: { ServerClock } }) {
  const clock = new ServerClock();
  const chance = dice(4);
  const off = 1_700_000_000_000;
  for (let i = 0; i < 30; i += 1) {
    const sent = i * 2500;
    const there = 20 + chance() * 200;
    clock.add({ sent, received: sent + there + 20 + chance() * 200, serverNow: off + sent + there });
  }
  return { error: Math.abs(clock.now(80_000) - off - 80_000), best: clock.rtt };
}
