/**
 * Asks before choices that were made and not sent are left behind, by a link or by another form of the page: the
 * browser does, in its words. Taking the rows away as a file leaves the page where it is.
 */
const TAKEN_MS = 3000;
/** @type {Set<HTMLFormElement>} */
const changed = new Set();
let taking = false;

document.addEventListener("change", (event) => {
  const form = /** @type {HTMLInputElement} */ (event.target).form;
  if (form) changed.add(form);
});
document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  changed.delete(form);
  if (form.classList.contains("takes")) {
    taking = true;
    setTimeout(() => {
      taking = false;
    }, TAKEN_MS);
  }
});
window.addEventListener("beforeunload", (event) => {
  if (changed.size && !taking) event.preventDefault();
});
