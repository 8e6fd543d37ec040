// The little that every page does by script; all of it works without.

const CODE = /[^a-z0-9]/gi;

/** A room code is letters: typed, pasted with spaces, or taken from a whole address. */
function tidyCode(input) {
  const address = input.value.match(/\/r\/([a-z0-9]{6})/i);
  const tidy = (address ? address[1] : input.value.replace(CODE, "")).slice(0, 6).toUpperCase();
  if (tidy !== input.value) input.value = tidy;
}

function showConnection() {
  for (const notice of document.querySelectorAll("[data-offline]")) notice.hidden = navigator.onLine;
}

/** A second press while the first is on its way would do it twice; coming back to the page allows it again. */
function guardForm(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}

async function copyText(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    const label = button.querySelector("[data-copy-label]") ?? button;
    const before = label.textContent;
    label.textContent = "Copied";
    setTimeout(() => (label.textContent = before), 2000);
  } catch {
    window.prompt("Copy this:", button.dataset.copy);
  }
}

for (const input of document.querySelectorAll("[data-code-input]")) {
  input.addEventListener("input", () => tidyCode(input));
}
for (const form of document.querySelectorAll('form[method="post"]')) guardForm(form);
for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", () => copyText(button));
}
for (const button of document.querySelectorAll("[data-share]")) {
  button.hidden = !navigator.share;
  // Whoever closes the list of apps has changed their mind: no error.
  button.addEventListener("click", () => navigator.share({ url: button.dataset.share, text: button.dataset.shareText }).catch(() => {}));
}
/** A slider's figure beside it, and for screen readers with its unit. */
function showFigure(slider) {
  document.getElementById(slider.dataset.figure).textContent = slider.value;
  slider.setAttribute("aria-valuetext", `${slider.value} ${slider.dataset.unit}`);
}

for (const slider of document.querySelectorAll("input[type=range][data-figure]")) {
  slider.addEventListener("input", () => showFigure(slider));
  showFigure(slider);
}
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
addEventListener("online", showConnection);
addEventListener("offline", showConnection);
showConnection();
