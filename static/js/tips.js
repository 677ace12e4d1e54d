/**
 * What a mark of a chart says, next to the pointer or where a finger touched: the nearest mark within a
 * finger's breadth. Without this script the browser's own title says it to a mouse, and the table to everybody.
 */
const FINGER_PX = 24;

document.querySelectorAll(".chart--figures").forEach((figure) => {
  const svg = figure.querySelector("svg");
  if (svg) showTips(figure, svg);
});

/** @param {Element} figure @param {SVGSVGElement} svg */
function showTips(figure, svg) {
  /** @type {Map<Element, string>} */
  const words = new Map();
  figure.querySelectorAll("svg title").forEach((title) => {
    const mark = title.parentElement;
    if (!mark || mark === /** @type {Element} */ (svg)) return; // the title of the whole picture
    words.set(mark, title.textContent || "");
    title.remove(); // or the browser would say it a second time
  });
  if (words.size === 0) return;
  const tip = document.createElement("p");
  tip.className = "tip";
  tip.hidden = true;
  figure.append(tip);

  const hide = () => { tip.hidden = true; };
  const show = (/** @type {MouseEvent} */ event) => {
    const mark = findNearest([...words.keys()], event.clientX, event.clientY);
    if (mark) placeTip(tip, figure, mark, words.get(mark) || "");
    else hide();
  };
  svg.addEventListener("pointermove", show);
  svg.addEventListener("click", show);
  svg.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && hide());
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
}

/** @param {Element[]} marks @param {number} x @param {number} y */
function findNearest(marks, x, y) {
  /** @type {Element | null} */
  let found = null;
  let least = FINGER_PX;
  marks.forEach((mark) => {
    const box = mark.getBoundingClientRect();
    const dx = Math.max(box.left - x, 0, x - box.right);
    const dy = Math.max(box.top - y, 0, y - box.bottom);
    // Of marks that are all under the pointer, the one whose middle is nearest.
    const middle = Math.hypot((box.left + box.right) / 2 - x, (box.top + box.bottom) / 2 - y);
    const distance = Math.hypot(dx, dy) + middle / 1000;
    if (distance < least) [found, least] = [mark, distance];
  });
  return found;
}

/** @param {HTMLElement} tip @param {Element} figure @param {Element} mark @param {string} text */
function placeTip(tip, figure, mark, text) {
  tip.textContent = text;
  tip.hidden = false;
  const [around, box] = [figure.getBoundingClientRect(), mark.getBoundingClientRect()];
  const middle = (box.left + box.right) / 2 - around.left;
  tip.style.left = `${Math.min(Math.max(middle - tip.offsetWidth / 2, 0), around.width - tip.offsetWidth)}px`;
  tip.style.top = `${box.top - around.top - tip.offsetHeight - 6}px`;
}
