// The button that silences the kitchen; M does the same.

export class MuteButton {
  constructor(sound, button) {
    this.sound = sound;
    this.button = button;
    button.addEventListener("click", () => this.#toggle());
    addEventListener("keydown", (event) => {
      const typing = event.target instanceof Element && event.target.closest("input, textarea, select");
      if (event.code === "KeyM" && !typing && !event.ctrlKey && !event.metaKey) this.#toggle();
    });
    this.#show();
  }

  #toggle() {
    this.sound.mute(!this.sound.muted);
    this.#show();
  }

  #show() {
    this.button.setAttribute("aria-pressed", String(this.sound.muted));
  }
}
