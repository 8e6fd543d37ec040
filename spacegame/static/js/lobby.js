// Keeps the rail of rooms fresh. Without a socket the page stays as it was served, and comes back by itself.

import { follow } from "./follow.js";

const rail = document.getElementById("rooms");
const empty = document.getElementById("no-rooms");
const said = document.getElementById("rooms-said");
const blank = document.getElementById("ticket");

function label(room) {
  if (room.locked) return "Watch";
  return room.players >= room.capacity ? "Full: watch" : "Join";
}

function fill(ticket, room) {
  const playing = room.status === "IN_PROGRESS";
  const shown = { playing: !room.locked && playing, waiting: !room.locked && !playing, locked: room.locked, bots: room.bots > 0 };
  ticket.dataset.room = room.code;
  ticket.classList.toggle("ticket--locked", room.locked);
  ticket.querySelector("[data-link]").setAttribute("href", `/r/${room.code}/`);
  ticket.querySelector("[data-go]").textContent = label(room);
  for (const part of ticket.querySelectorAll("[data-field]")) {
    const text = String(room[part.dataset.field]);
    if (part.textContent !== text) part.textContent = text;
  }
  for (const part of ticket.querySelectorAll("[data-if]")) part.hidden = !shown[part.dataset.if];
}

/** Tickets are kept and moved, so that the keyboard's place and a pressed finger stay where they were. */
function show(rooms) {
  const old = new Map([...rail.children].map((ticket) => [ticket.dataset.room, ticket]));
  rooms.forEach((room, place) => {
    const ticket = old.get(room.code) ?? blank.content.firstElementChild.cloneNode(true);
    old.delete(room.code);
    fill(ticket, room);
    if (rail.children[place] !== ticket) rail.insertBefore(ticket, rail.children[place] ?? null);
  });
  for (const gone of old.values()) gone.remove();
  rail.hidden = rooms.length === 0;
  empty.hidden = rooms.length > 0;
}

function announce(rooms) {
  const text = rooms.length === 1 ? "1 room is open" : `${rooms.length} rooms are open`;
  if (said.textContent !== text) said.textContent = text;
}

function heard(message) {
  if (message.event !== "rooms") return;
  show(message.rooms);
  announce(message.rooms);
}

if (rail) follow(rail.dataset.live, { heard });
