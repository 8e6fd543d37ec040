// Name, colour and mark of the own seat.

import { COLOURS, MARKS } from "../js/palette.js";
import { avatar } from "./avatar.js";

const byId = (id) => document.getElementById(id);

export class LookDialog {
  constructor() {
    this.dialog = byId("look");
    this.form = byId("look-form");
    byId("look-close").addEventListener("click", () => this.dialog.close());
    this.form.addEventListener("submit", (event) => this.#save(event));
  }

  open(page) {
    this.page = page;
    const seat = page.state.seats[page.slot];
    if (!seat) return;
    this.form.elements.name.value = seat.name;
    this.#choices("colour", COLOURS.length, seat.colour, (index) => avatar(index, seat.mark));
    this.#choices("mark", MARKS.length, seat.mark, (index) => avatar(seat.colour, index));
    this.#complain("");
    this.dialog.showModal();
  }

  #choices(name, count, chosen, picture) {
    const place = byId(`look-${name}`);
    place.replaceChildren(...Array.from({ length: count }, (_, index) => choice(name, index, index === chosen, picture(index))));
  }

  #complain(text) {
    const error = byId("look-error");
    error.textContent = text;
    error.hidden = !text;
  }

  async #save(event) {
    event.preventDefault();
    const seat = this.page.state.seats[this.page.slot];
    const values = new FormData(this.form);
    const name = values.get("name").trim();
    const look = { colour: Number(values.get("colour")), mark: Number(values.get("mark")) };
    try {
      if (name !== seat.name) await this.page.socket.request("seat.rename", { name });
      if (look.colour !== seat.colour || look.mark !== seat.mark) await this.page.socket.request("seat.avatar", look);
      this.dialog.close();
    } catch (error) {
      this.#complain(error.message);
    }
  }
}

function choice(name, value, checked, picture) {
  const label = document.createElement("label");
  label.className = "picker__choice";
  const input = document.createElement("input");
  Object.assign(input, { type: "radio", name, value: String(value), checked });
  const words = document.createElement("span");
  words.className = "visually-hidden";
  words.textContent = `${name === "colour" ? "Colour" : "Mark"} ${value + 1}`;
  label.append(input, picture, words);
  return label;
}
