// The operators' editor: the preview follows what is typed.

const PAUSE = 400; // ms without a key

const look = document.querySelector("[data-look]");
const form = look?.closest("form");
let waiting = 0;
let asked = 0;

async function show() {
  const number = ++asked;
  const data = new FormData(form);
  data.set("question_pk", look.dataset.question);
  const answer = await fetch(look.dataset.look, { method: "POST", body: data }).catch(() => null);
  if (!answer?.ok || number !== asked) return; // the last one stays until there is another
  look.innerHTML = await answer.text();
}

if (form) {
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, PAUSE);
  });
  show();
}
