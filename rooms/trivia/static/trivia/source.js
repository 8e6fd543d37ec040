// Where an answer comes from: source, credit, licence. They are owed to those who wrote the question.

import { make } from "../rooms/dom.js";

/** Addresses that may be followed; anything else is shown as text. */
const isAddress = (text) => /^https?:\/\//.test(text ?? "");

const host = (address) => new URL(address).hostname.replace(/^www\./, "");

function linkTo(address, text = host(address)) {
  return make("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, text);
}

/** Fill `place` with a line about `reveal`'s source; empty if there is nothing to say. */
export function showSource(place, { source, credit, link, licence }) {
  const parts = [];
  if (source) parts.push(["Source: ", isAddress(source) ? linkTo(source) : source]);
  if (credit) parts.push(["Question: ", isAddress(link) ? linkTo(link, credit) : credit]);
  if (licence) parts.push([licence]);
  place.replaceChildren(...parts.flatMap((part, i) => (i ? [" \u00b7 ", ...part] : part)));
  place.hidden = parts.length === 0;
}
