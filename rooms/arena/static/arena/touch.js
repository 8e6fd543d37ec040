// Two thumbs: the left one puts a stick wherever it lands, the right one holds the fire button.

const REACH = 56; // CSS px from the stick's middle to full thrust
const DEAD_ZONE = 0.16;

export class TouchControls {
  /** `play` is the area that is touched; `parts` has the elements `root`, `stick`, `knob` and `fire`. */
  constructor(play, parts) {
    this.parts = parts;
    this.stickPointer = null;
    this.firePointers = new Set();
    this.answer = { x: 0, y: 0, length: 0 };
    play.addEventListener("pointerdown", (event) => this.#down(event, play));
    play.addEventListener("pointermove", (event) => this.#move(event));
    for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) {
      play.addEventListener(name, (event) => this.#up(event));
    }
    play.addEventListener("contextmenu", (event) => event.preventDefault());
  }

  release() {
    this.stickPointer = null;
    this.firePointers.clear();
    this.parts.root.classList.remove("touch--steering", "touch--firing");
  }

  #down(event, play) {
    if (event.pointerType === "mouse") return;
    document.body.classList.add("by-touch");
    play.setPointerCapture(event.pointerId);
    const onLeft = event.clientX < play.clientWidth / 2;
    if (onLeft && this.stickPointer === null) this.#grab(event);
    else if (!onLeft) this.#press(event);
  }

  #grab(event) {
    this.stickPointer = event.pointerId;
    this.middleX = event.clientX;
    this.middleY = event.clientY;
    this.answer.length = 0;
    this.parts.stick.style.translate = `${event.clientX}px ${event.clientY}px`;
    this.parts.knob.style.translate = "";
    this.parts.root.classList.add("touch--steering");
  }

  #press(event) {
    this.firePointers.add(event.pointerId);
    this.parts.root.classList.add("touch--firing");
  }

  #move(event) {
    if (event.pointerId !== this.stickPointer) return;
    const dx = event.clientX - this.middleX;
    const dy = event.clientY - this.middleY;
    const length = Math.hypot(dx, dy);
    const pull = length > REACH ? REACH / length : 1;
    this.answer.x = dx;
    this.answer.y = dy;
    this.answer.length = Math.min(1, length / REACH);
    this.parts.knob.style.translate = `${dx * pull}px ${dy * pull}px`;
    // A thumb that wandered off drags the stick along, so turning back is never far.
    this.middleX += dx * (1 - pull);
    this.middleY += dy * (1 - pull);
    if (pull < 1) this.parts.stick.style.translate = `${this.middleX}px ${this.middleY}px`;
  }

  #up(event) {
    if (event.pointerId === this.stickPointer) {
      this.stickPointer = null;
      this.parts.root.classList.remove("touch--steering");
    }
    this.firePointers.delete(event.pointerId);
    if (!this.firePointers.size) this.parts.root.classList.remove("touch--firing");
  }

  /** Where the left thumb points, or null. */
  stick() {
    return this.stickPointer !== null && this.answer.length > DEAD_ZONE ? this.answer : null;
  }

  firing() {
    return this.firePointers.size > 0;
  }
}
