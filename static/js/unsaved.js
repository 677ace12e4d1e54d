// @ts-check
/** Asks before choices that were made and not sent are left behind by a link: the browser does, in its words. */
const form = document.getElementById("rows-form");
let changed = false;

form?.addEventListener("change", () => {
  changed = true;
});
document.addEventListener("submit", () => {
  changed = false;
});
window.addEventListener("beforeunload", (event) => {
  if (changed) event.preventDefault();
});
