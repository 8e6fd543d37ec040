// What a phone's owner feels. Browsers refuse it, with a complaint, before the page was touched for the first time.

/** Vibrate for these ms, on and off in turn, where that is possible. */
export function buzz(...pattern) {
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(pattern);
}
