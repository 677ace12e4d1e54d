/**
 * Keeps the page of a file that is being worked on up to date, and opens the next one when the step is over.
 * Says when there is nothing to wait for any more: the work stopped, the session ended, the file is gone.
 * Without this script the button of the page does it.
 */
const EVERY_MS = 1000;
const SELDOM_MS = 30000;

const box = byId("working");
const bar = /** @type {HTMLProgressElement} */ (box.querySelector("progress"));
const count = byId("working-count");
let wait = EVERY_MS;
let timer = 0;

/** A part of the page that is always there. @param {string} id */
function byId(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/** @param {string} name @param {boolean} isShown */
function show(name, isShown) {
  byId(`working-${name}`).hidden = !isShown;
}

/** The state of the file, or why there is none. */
async function state() {
  const answer = await fetch(box.dataset.state || "", { headers: { Accept: "application/json" }, redirect: "manual" });
  if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) return "ended";
  if (answer.status === 404) return "gone";
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

/** @param {{step: string, said: string, share: number | null, away: boolean, idle: boolean, stuck: boolean}} found */
function draw(found) {
  show("away", found.away);
  show("idle", found.idle && !found.away);
  show("stuck", found.stuck);
  count.textContent = found.said;
  if (found.share === null) bar.removeAttribute("value");
  else bar.value = found.share;
}

function later() {
  timer = window.setTimeout(look, wait);
}

async function look() {
  timer = 0;
  try {
    const found = await state();
    show("offline", false);
    if (typeof found === "string") {
      for (const name of ["away", "idle", "stuck"]) show(name, false);
      box.hidden = true;
      return show(found, true);
    }
    if (found.step !== box.dataset.step) return window.location.reload();
    draw(found);
    wait = EVERY_MS;
  } catch {
    // No line just now: the work goes on without us, and we look again, less and less often.
    show("offline", true);
    wait = Math.min(wait * 2, SELDOM_MS);
  }
  later();
}

later();
window.addEventListener("online", () => {
  wait = EVERY_MS;
  if (!timer) return; // it is looking just now, or there is nothing to look for any more
  clearTimeout(timer);
  look();
});
