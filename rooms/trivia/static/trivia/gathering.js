// The big screen's lobby: everybody who has come in, as they come in.

import { avatar } from "../rooms/avatar.js";
import { fill, make, setText, toggle } from "../rooms/dom.js";
import { everybody } from "../rooms/store.js";

const byId = (id) => document.getElementById(id);

export class Gathering {
  show({ stage, room }, page) {
    if (stage !== "lobby") return;
    const people = Object.values(everybody(page.state)).sort((a, b) => a.slot - b.slot);
    setText(byId("gathering-count"), people.length === 1 ? "1 guest is here" : `${people.length} guests are here`);
    toggle(byId("gathering-empty"), people.length === 0);
    toggle(byId("gathering-locked"), Boolean(room.locked));
    const list = byId("gathering-list");
    const before = list.children.length;
    fill(list, people, ({ slot, name, colour, mark, connected }) => JSON.stringify([slot, name, colour, mark, connected]), guest);
    list.dataset.crowd = people.length > 40 ? "hall" : people.length > 12 ? "pub" : "";
    // Nobody scrolls a wall: whoever has just come in is seen.
    if (people.length > before) list.parentElement.scrollTop = list.parentElement.scrollHeight;
  }
}

const guest = ({ name, colour, mark, connected }) =>
  make("li", { class: connected ? "guest" : "guest guest--away" }, avatar(colour, mark), make("bdi", { class: "guest__name" }, name));
