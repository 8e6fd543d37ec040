// Small helpers for pictures that are drawn once and then only copied.

/** Night, light and print of css/tokens.css, for the canvas. */
export const INK = "#160b22";
export const CREAM = "#fff1d6";
export const TOMATO = "#ff6a4d";
export const BASIL = "#63d17c";
export const CHEDDAR = "#ffbb33";
export const CRUST = "#d08a3e";
export const KRAFT = "#ecc690";

/** A picture `width` by `height` units, `scale` device px a unit, drawn around its middle by `draw(context)`. */
export function picture(width, height, scale, draw) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.ceil(width * scale));
  canvas.height = Math.max(1, Math.ceil(height * scale));
  const context = canvas.getContext("2d");
  context.setTransform(scale, 0, 0, scale, canvas.width / 2, canvas.height / 2);
  context.lineJoin = context.lineCap = "round";
  draw(context);
  return canvas;
}

/** A colour between two hex colours. */
export function mixed(from, to, share) {
  const part = (colour, at) => parseInt(colour.slice(at, at + 2), 16);
  const channel = (at) => Math.round(part(from, at) + (part(to, at) - part(from, at)) * share);
  return `rgb(${channel(1)} ${channel(3)} ${channel(5)})`;
}

/** A soft round light of this colour, `radius` units. */
export function glow(radius, colour, scale, core = CREAM) {
  return picture(radius * 2, radius * 2, scale, (context) => {
    const light = context.createRadialGradient(0, 0, 0, 0, 0, radius);
    light.addColorStop(0, core);
    light.addColorStop(0.22, colour);
    light.addColorStop(0.5, `${colour}66`);
    light.addColorStop(1, `${colour}00`);
    context.fillStyle = light;
    context.fillRect(-radius, -radius, radius * 2, radius * 2);
  });
}

/** A random number generator with a seed (mulberry32), so that the sky is the same for everybody. */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixedUp = Math.imul(state ^ (state >>> 15), 1 | state);
    mixedUp = (mixedUp + Math.imul(mixedUp ^ (mixedUp >>> 7), 61 | mixedUp)) ^ mixedUp;
    return ((mixedUp ^ (mixedUp >>> 14)) >>> 0) / 4294967296;
  };
}
