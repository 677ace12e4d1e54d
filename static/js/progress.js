// @ts-check
/**
 * Keeps the page of a file that is being worked on up to date, and opens the next one when the step is over.
 * Without this script the button of the page does it.
 */
const EVERY_MS = 1000;

const box = document.getElementById("working");
const bar = box.querySelector("progress");
const count = document.getElementById("working-count");
const idle = document.getElementById("working-idle");
const words = new Intl.NumberFormat(document.documentElement.lang);

async function look() {
  try {
    const answer = await fetch(box.dataset.state, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const state = await answer.json();
    if (state.step !== box.dataset.step) return window.location.reload();
    idle.hidden = !state.idle;
    if (state.all) {
      bar.max = state.all;
      bar.value = state.done;
      count.textContent = `${words.format(state.done)} / ${words.format(state.all)}`;
    }
  } catch {
    // No line just now: the work goes on without us, and we look again.
  }
  setTimeout(look, EVERY_MS);
}

setTimeout(look, EVERY_MS);
