// The page's dialogs, all of them native ones: Escape closes, focus stays inside and returns.

const byId = (id) => document.getElementById(id);

/** Ask before something that cannot be undone; a promise of true or false. */
export function ask({ title, text, yes }) {
  const dialog = byId("ask");
  byId("ask-title").textContent = title;
  byId("ask-text").textContent = text;
  byId("ask-yes").textContent = yes;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

/** The code, the link and the QR code of the room, large. */
export class InviteDialog {
  constructor({ title, address }) {
    this.dialog = byId("invite");
    byId("invite-share").hidden = !navigator.share;
    byId("invite-share").addEventListener("click", () => navigator.share({ title, url: address }).catch(() => null));
  }

  open() {
    // The picture is fetched when somebody wants to see it, not by everybody who plays.
    const picture = byId("invite-qr");
    if (!picture.src) picture.src = picture.dataset.src;
    this.dialog.showModal();
  }
}
