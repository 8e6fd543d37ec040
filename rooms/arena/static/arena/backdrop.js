// What hangs in the sky, far behind the ships: a pizza for a planet, a cheese moon, neon over an open kitchen.

import { BASIL, CHEDDAR, CREAM, CRUST, INK, TOMATO, mixed, picture, seeded } from "./drawing.js";

const TURN = Math.PI * 2;
const PERIOD = 2048; // px after which the sky comes round again at depth 0.5
const DEPTH = 0.5;

function disc(context, radius, fill) {
  context.beginPath();
  context.arc(0, 0, radius, 0, TURN);
  context.fillStyle = fill;
  context.fill();
}

function dusk(context, radius) {
  const shade = context.createLinearGradient(-radius, -radius, radius, radius);
  shade.addColorStop(0.25, "#160b2200");
  shade.addColorStop(0.85, "#160b22e6");
  disc(context, radius + 1, shade);
}

function scatter(random, count, radius, draw) {
  for (let i = 0; i < count; i += 1) {
    const angle = random() * TURN;
    const reach = Math.sqrt(random()) * radius;
    draw(Math.cos(angle) * reach, Math.sin(angle) * reach, random);
  }
}

function pizza(context) {
  const random = seeded(5);
  disc(context, 150, mixed(CRUST, INK, 0.25));
  disc(context, 134, mixed(TOMATO, INK, 0.35));
  disc(context, 126, mixed(CHEDDAR, INK, 0.22));
  context.save();
  context.beginPath();
  context.arc(0, 0, 128, 0, TURN);
  context.clip();
  scatter(random, 26, 120, (x, y) => spot(context, x, y, 8 + random() * 16, mixed(CREAM, CRUST, 0.25)));
  scatter(random, 13, 105, (x, y) => spot(context, x, y, 15, "#a52a1f"));
  scatter(random, 9, 110, (x, y) => olive(context, x, y));
  context.restore();
  context.strokeStyle = "#160b2266";
  context.lineWidth = 2.5;
  for (let i = 0; i < 4; i += 1) {
    context.rotate(TURN / 8);
    context.beginPath();
    context.moveTo(-134, 0);
    context.lineTo(134, 0);
    context.stroke();
  }
  dusk(context, 150);
}

function spot(context, x, y, radius, fill) {
  context.beginPath();
  context.arc(x, y, radius, 0, TURN);
  context.fillStyle = fill;
  context.fill();
}

function olive(context, x, y) {
  context.beginPath();
  context.arc(x, y, 7, 0, TURN);
  context.lineWidth = 5;
  context.strokeStyle = "#3f4a22";
  context.stroke();
}

function cheeseMoon(context) {
  const random = seeded(9);
  disc(context, 62, mixed(CHEDDAR, CREAM, 0.35));
  scatter(random, 10, 54, (x, y) => spot(context, x, y, 4 + random() * 9, mixed(CHEDDAR, CRUST, 0.55)));
  dusk(context, 62);
}

function ringed(context) {
  const ring = (from, to) => {
    context.beginPath();
    context.ellipse(0, 0, 118, 30, -0.35, from, to);
    context.lineWidth = 11;
    context.strokeStyle = mixed(BASIL, INK, 0.4);
    context.stroke();
    context.lineWidth = 3;
    context.strokeStyle = mixed(CREAM, INK, 0.35);
    context.stroke();
  };
  ring(Math.PI, TURN);
  disc(context, 66, mixed("#7d8a35", INK, 0.15));
  disc(context, 22, "#b63b2a");
  dusk(context, 66);
  ring(0, Math.PI);
}

function neon(context, colour, draw) {
  context.shadowColor = colour;
  for (const [width, blur, stroke] of [[7, 26, `${colour}66`], [3.4, 12, colour], [1.3, 0, CREAM]]) {
    context.lineWidth = width;
    context.shadowBlur = blur;
    context.strokeStyle = stroke;
    draw();
  }
  context.shadowBlur = 0;
}

function sign(context) {
  neon(context, TOMATO, () => {
    context.beginPath();
    context.roundRect(-120, -52, 240, 104, 30);
    context.stroke();
  });
  context.font = '62px "Space Pizzas Display", "Arial Rounded MT Bold", sans-serif';
  context.textAlign = "center";
  context.textBaseline = "middle";
  neon(context, CHEDDAR, () => context.strokeText("OPEN", 0, 4));
}

function neonSlice(context) {
  neon(context, CHEDDAR, () => {
    context.beginPath();
    context.moveTo(0, 62);
    context.lineTo(-46, -38);
    context.quadraticCurveTo(0, -62, 46, -38);
    context.closePath();
    context.stroke();
  });
  neon(context, TOMATO, () => {
    for (const [x, y] of [[-13, -16], [16, -8], [-1, 18]]) {
      context.beginPath();
      context.arc(x, y, 8, 0, TURN);
      context.stroke();
    }
  });
}

const THINGS = [
  { draw: pizza, width: 304, height: 304, x: 320, y: 260, dim: 0.62 },
  { draw: cheeseMoon, width: 128, height: 128, x: 1010, y: 980, dim: 0.65 },
  { draw: ringed, width: 260, height: 140, x: 1500, y: 380, dim: 0.6 },
  { draw: sign, width: 320, height: 180, x: 860, y: 480, dim: 0.55 },
  { draw: neonSlice, width: 180, height: 200, x: 1720, y: 1250, dim: 0.55 },
  { draw: ringed, width: 260, height: 140, x: 420, y: 1480, dim: 0.4 },
  { draw: sign, width: 320, height: 180, x: 1380, y: 1740, dim: 0.45 },
  { draw: cheeseMoon, width: 128, height: 128, x: 1940, y: 640, dim: 0.45 },
];

export class Backdrop {
  constructor(view) {
    this.view = view;
    this.reset();
  }

  reset() {
    const scale = Math.min(1.5, this.view.scale || 1);
    this.things = THINGS.map(({ draw, width, height, dim, ...thing }) => {
      const drawn = picture(width, height, scale, (context) => {
        draw(context);
        context.setTransform(1, 0, 0, 1, 0, 0);
        fade(context, dim);
      });
      return { ...thing, width, height, drawn };
    });
  }

  /** `x`, `y`: the eye in px, not wrapped. */
  draw(x, y) {
    const { view } = this;
    view.toWorld();
    for (const thing of this.things) {
      const dx = around(thing.x - x * DEPTH);
      const dy = around(thing.y - y * DEPTH);
      if (!view.sees(dx, dy, thing.width)) continue;
      view.context.drawImage(thing.drawn, dx - thing.width / 2, dy - thing.height / 2, thing.width, thing.height);
    }
  }
}

/** Farther away: towards the night's colour, so that no star shines through. */
function fade(context, dim) {
  const { canvas } = context;
  context.globalCompositeOperation = "source-atop";
  context.globalAlpha = 1 - dim;
  context.fillStyle = "#1d1030";
  context.fillRect(0, 0, canvas.width, canvas.height);
}

const around = (d) => d - PERIOD * Math.round(d / PERIOD);
