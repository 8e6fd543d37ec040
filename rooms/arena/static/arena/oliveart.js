// How an olive looks: green, stuffed, with a short trail in its owner's colour.

import { COLOURS } from "../js/palette.js";
import { INK, glow, picture } from "./drawing.js";

const SIDE = 18;

function drawn(context) {
  const skin = context.createRadialGradient(-2, -2.5, 0.5, 0, 0, 7);
  skin.addColorStop(0, "#dcf08a");
  skin.addColorStop(0.5, "#93b33a");
  skin.addColorStop(1, "#566d1b");
  context.beginPath();
  context.ellipse(0, 0, 7, 5.8, 0, 0, 7);
  context.fillStyle = skin;
  context.fill();
  context.lineWidth = 1.4;
  context.strokeStyle = INK;
  context.stroke();
  context.beginPath();
  context.arc(3.4, 0, 2.1, 0, 7);
  context.fillStyle = "#e2442f";
  context.fill();
}

export class OliveArt {
  constructor(view) {
    this.view = view;
    this.reset();
  }

  reset() {
    const scale = this.view.scale || 1;
    this.olive = picture(SIDE, SIDE, scale, drawn);
    this.glows = COLOURS.map((colour) => glow(15, colour, scale, `${colour}cc`));
  }

  /** One olive at dx, dy px from the eye, flying by vx, vy (1/256 px a tick), `age` ticks old. */
  draw(dx, dy, olive, age, colour) {
    const { view } = this;
    const { context } = view;
    const angle = Math.atan2(olive.vy, olive.vx);
    view.toThing(dx, dy, angle);
    context.drawImage(this.glows[colour], -26, -9, 40, 18);
    const size = Math.min(1, 0.5 + age * 0.12);
    view.toThing(dx, dy, angle + olive.spin + age * 0.22, size);
    context.drawImage(this.olive, -SIDE / 2, -SIDE / 2, SIDE, SIDE);
  }
}
