/** The open cases of one child as the phone draws them: what is the matter, since when, and steps with one tap. */
import { daysBetween, findCases, heldBy, isOverdue, nextStep } from "./cases.js";
import { capitalise, fillPlaces, fillTemplate, formatDay, redrawOnEntries, runOnce, setChip, words } from "./template.js";

const CHIPS = /** @type {Record<string, string>} */ ({ today: "now", this_week: "act", visit: "watch" });

/** @param {Workspace} app @param {PhoneChild} child */
export const casesOf = (app, child) => findCases(app.growth, child, app.session.entries, app.village.open.at, words);

/**
 * The steps of a child, drawn again when entries come and go.
 * @param {Workspace} app @param {PhoneChild} child
 * @param {{isResult?: boolean, said?: string[]}} shown below what a measurement has found: only where it refers;
 * and the reasons that the page has said already
 */
export function drawSteps(app, child, shown = {}) {
  const place = document.createElement("div");
  fillSteps(app, place, child, shown);
  redrawOnEntries(() => place.isConnected, () => fillSteps(app, place, app.village.findChild(child.id), shown));
  return place;
}

/**
 * Draw the steps of a child in a place; nothing where no case is open.
 * @param {Workspace} app @param {HTMLElement} place @param {PhoneChild | undefined} child
 * @param {{isResult?: boolean, said?: string[]}} shown
 */
export function fillSteps(app, place, child, { isResult = false, said = [] } = {}) {
  const found = child && casesOf(app, child);
  const isShown = found && found.cases.length > 0 && (!isResult || found.isAskedFor);
  place.replaceChildren(...(isShown ? [drawOpen(app, child, found, said)] : []));
}

/** @param {Workspace} app @param {PhoneChild} child @param {ChildCases} found @param {string[]} said */
function drawOpen(app, child, { cases, last }, said) {
  const { today, me } = app.session;
  const mayAnswer = Boolean(me && me.answers);
  const next = nextStep(cases, mayAnswer);
  const days = daysBetween(cases.map((one) => one.opened).sort()[0], today);
  const drawn = fillTemplate("t-steps", {
    open: fillPlaces(words.caseOpen[days === 1 ? 0 : 1], { days }),
    last: last && !isSaid(cases, last) && `${formatDay(last.on)}: ${stepWords(last.step)}.`,
    waiting: waitingWords(cases, today),
  });
  const reasons = cases.map((one) => ({ word: one.word || words.reasons[one.reason], urgency: one.urgency }));
  drawn.slots.reasons.append(...reasons.filter(({ word }) => !said.includes(word)).map(({ word, urgency }) => {
    const chip = fillTemplate("t-reason", { word });
    setChip(chip.root, CHIPS[urgency]);
    return chip.root;
  }));
  drawn.slots.next.append(drawButton(app, child, next, false));
  const others = words.caseSteps.filter((step) => step.value !== next && (mayAnswer || !step.answers));
  drawn.slots.others.append(...others.map((step) => drawButton(app, child, step.value, true)));
  return drawn.root;
}

/** Whether the step is the referral of which is said that it waits. @param {PhoneCase[]} cases @param {PhoneStep} last */
const isSaid = (cases, last) => last.step.startsWith("referred") && cases.some((one) => one.waiting === last.on);

/** @param {PhoneCase[]} cases @param {string} today */
function waitingWords(cases, today) {
  const newest = cases.filter((one) => one.waiting).sort((one, other) => (String(one.waiting) < String(other.waiting) ? 1 : -1))[0];
  if (!newest) return "";
  return fillPlaces(words.caseWaiting[isOverdue(newest, today) ? "late" : "soon"], {
    whom: words.referredTo[String(newest.whom)],
    date: formatDay(String(newest.waiting)),
    days: daysBetween(String(newest.waiting), today),
    next: words.referredTo[heldBy(newest, today)],
  });
}

/** @param {string} value */
const stepWords = (value) => words.caseSteps.find((step) => step.value === value)?.words || value;

/** @param {Workspace} app @param {PhoneChild} child @param {string} value @param {boolean} isQuiet */
function drawButton(app, child, value, isQuiet) {
  const text = stepWords(value);
  const drawn = fillTemplate("t-step", { text: capitalise(text) });
  const button = drawn.find("button");
  button.value = value;
  if (isQuiet) button.classList.add("button--quiet");
  button.addEventListener("click", () => runOnce(button, () => keepStep(app, child, value)));
  return drawn.root;
}

/** Keep what was done today of all open cases of a child. @param {Workspace} app @param {PhoneChild} child @param {string} value */
async function keepStep(app, child, value) {
  const [action, referred_to = ""] = value.split(":");
  const on = app.session.today;
  const body = { id: crypto.randomUUID(), child: child.id, action, referred_to, on };
  const sync = await app.loadSync();
  await sync.keepEntry({
    id: body.id, kind: "step", child: child.id, name: child.name, village: app.village.open.village.code,
    words: `${formatDay(on)}: ${stepWords(value)}`, body,
  });
}
