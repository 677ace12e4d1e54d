/** What a measurement says of a child: the word, what to do next, and what each index found. */
import { adviseOn, canChange, measureUrl } from "./children.js";
import { drawSteps } from "./case_steps.js";
import { listUnsaidReasons } from "./standing.js";
import { addItems, describeWho, fillTemplate, formatDay, formatValues, formatZscore, say, setChip, words } from "./template.js";

/**
 * What was saved a moment ago: the values, the word, and what to do next; and whether that must not be missed.
 * `isBrief`: above the form of the next child, where all but the word and the first step is folded.
 * @param {Workspace} app @param {{id: string, on: string}} saved
 */
export function drawSaved(app, { id, on }, { isBrief = false } = {}) {
  const child = app.village.getChild(id);
  const m = child.seen.find((one) => one.on === on);
  if (!m) return { root: document.createDocumentFragment(), isUrgent: false };
  const drawn = fillTemplate("t-saved", {
    saved: say("saved", { name: child.name }),
    who: describeWho(child, on),
    values: formatValues(m),
    brief: isBrief,
    whole: !isBrief,
    edit: m.entry && canChange(m.entry) && measureUrl(child.id, m.entry),
  });
  const advice = adviseOn(app.growth, child, m, words);
  const standing = listUnsaidReasons(app.growth, child, m, words, advice.steps);
  if (child.gone) advice.steps = []; // nobody is asked back who died or has left
  const isUrgent = standing.length > 0 || ["act", "now", "again"].includes(advice.kind);
  if (isBrief) {
    drawn.slots.chips.append(...[advice, ...standing].map(drawChip));
    if (isUrgent) drawn.slots.first.textContent = [...advice.steps, ...standing.map(({ step }) => step)][0] || "";
  }
  const steps = drawSteps(app, child, { isResult: true, said: listSaid(advice, standing) });
  drawn.slots.result.append(...drawStanding(standing), drawResult(advice), steps);
  return { root: drawn.root, isUrgent };
}

/** @param {{kind: string, word: string}} one */
function drawChip({ kind, word }) {
  const { root } = fillTemplate("t-reason", { word });
  setChip(root, kind);
  return root;
}

/** The words for what a result has found. @param {Advice} advice @param {StandingReason[]} standing */
export function listSaid(advice, standing) {
  return [advice.word, ...advice.findings.map((one) => one.word), ...standing.map((one) => one.word)];
}

/** What the follow-up list asks for beside the advice. @param {StandingReason[]} standing */
export function drawStanding(standing) {
  return standing.map(({ on, kind, ...reason }) => {
    const drawn = fillTemplate("t-standing", { ...reason, day: formatDay(on) });
    setChip(drawn.root, kind);
    return drawn.root;
  });
}

/** @param {Advice} advice */
export function drawResult(advice) {
  const drawn = fillTemplate("t-result", advice);
  setChip(drawn.root, advice.kind, ".result");
  if (drawn.slots.steps) addItems(drawn.slots.steps, advice.steps);
  advice.notes.forEach((note) => {
    const line = document.createElement("p");
    line.className = "soft";
    line.textContent = note;
    drawn.slots.notes.append(line);
  });
  const table = drawn.find("tbody");
  const rows = advice.findings.map((f) => fillTemplate("t-finding", { ...f, z: formatZscore(f.z) }).root);
  if (table) table.append(...rows);
  return drawn.root;
}
