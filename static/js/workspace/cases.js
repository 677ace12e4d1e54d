/**
 * The open cases of a child, with the steps that wait on this phone counted in, and the step that comes next.
 *
 * The twin of kpm/case_words.py (next_step, held_by) and of what kpm/case_actions.py makes of a step; tests/phone
 * holds them together. Cases come with the roster; the one that a measurement of this phone will open is known here
 * before the register has it.
 */
import { adviseOn, isAlive } from "./children.js";
import { listUnsaidReasons } from "./standing.js";

const DAY_MS = 24 * 3600 * 1000;
const DAYS_TO_ANSWER = 7;
/** Who answers a referral, the nearest first. */
const LEVELS = ["midwife", "puskesmas", "hospital"];
/** Steps that answer a referral. */
const END_WAITING = ["arrived", "treated", "refused", "moved"];
const FIRST_DAYS = /** @type {const} */ (["visited", "referred", "arrived", "treated"]);
/** Which the next measurement closes, whatever it says. */
const UNTIL_MEASURED = ["not_measured", "measure_again"];
/** @type {Record<string, string>} */
const URGENCY_OF_CHIP = { now: "today", act: "this_week" };

/** @param {string} from @param {string} to */
export const daysBetween = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);

/**
 * A case after a step that was taken on a day. What is no step of it leaves it as it is.
 * @param {PhoneCase} one @param {{action: string, referred_to?: string, kind?: string, on: string}} step @returns {PhoneCase}
 */
export function countStep(one, { action, referred_to: whom = "", kind = "", on }) {
  if ((kind && kind !== one.kind) || on < one.opened) return one;
  const counted = { ...one };
  const first = FIRST_DAYS.find((name) => name === action);
  if (first && !counted[first]) counted[first] = on;
  if (action === "referred") Object.assign(counted, { waiting: on, whom });
  else if (END_WAITING.includes(action)) Object.assign(counted, { waiting: "", whom: "" });
  return counted;
}

/** The step that comes next, as the register names it. @param {PhoneCase[]} cases @param {boolean} mayAnswer */
export function nextStep(cases, mayAnswer) {
  const isReferralOpen = cases.some((one) => one.waiting);
  if (mayAnswer && isReferralOpen) return "arrived";
  if (mayAnswer && cases.some((one) => one.arrived && !one.treated)) return "treated";
  const needsReferral = cases.some((one) => one.urgency !== "visit" && !one.referred);
  if (needsReferral && !isReferralOpen) return `referred:${mayAnswer ? "puskesmas" : "midwife"}`;
  return "visited";
}

/** Who has to answer a referral today, the next level after each week. @param {PhoneCase} one @param {string} today */
export function heldBy(one, today) {
  if (!one.waiting) return "";
  const weeks = Math.floor(Math.max(daysBetween(one.waiting, today), 0) / DAYS_TO_ANSWER);
  return LEVELS[Math.min(LEVELS.indexOf(String(one.whom)) + weeks, LEVELS.length - 1)];
}

/** Whether a referral has waited for its answer too long. @param {PhoneCase} one @param {string} today */
export const isOverdue = (one, today) => Boolean(one.waiting) && daysBetween(String(one.waiting), today) >= DAYS_TO_ANSWER;

/**
 * The open cases of a child, and the newest step. `at`: when the roster was asked for.
 * @param {GrowthStandards} growth @param {PhoneChild} child @param {OutboxEntry[]} entries @param {number} at
 * @param {Words} words @returns {ChildCases}
 */
export function findCases(growth, child, entries, at, words) {
  const steps = entries.filter((e) => e.kind === "step" && e.child === child.id && isAlive(e, at));
  const measured = child.seen[child.seen.length - 1];
  const isMeasuredHere = Boolean(measured && measured.entry);
  const known = (child.cases || []).filter((one) => !(isMeasuredHere && UNTIL_MEASURED.includes(one.kind)));
  const found = isMeasuredHere && !child.gone ? findNew(growth, child, measured, words) : null;
  // One that the register knows of goes on; what was found now is said by the result.
  const cases = found && !known.some((one) => one.urgency !== "visit") ? [found, ...known] : known;
  const counted = cases.map((one) => steps.reduce((before, { body }) => countStep(before, body), one));
  const last = steps[steps.length - 1];
  return {
    cases: counted.sort((one, other) => rankOf(one, words) - rankOf(other, words)),
    isAskedFor: Boolean(found),
    last: last ? { on: last.body.on, step: valueOf(last.body) } : child.step,
  };
}

/** @param {PhoneCase} one @param {Words} words */
const rankOf = (one, words) => Object.keys(words.urgencies).indexOf(one.urgency) * 100 + Object.keys(words.reasons).indexOf(one.reason);

/** How the register names a step. @param {{action: string, referred_to?: string}} body */
export const valueOf = ({ action, referred_to: whom }) => (whom ? `${action}:${whom}` : action);

/**
 * The case that the newest measurement opens, or goes on with: what it refers for.
 * @param {GrowthStandards} growth @param {PhoneChild} child @param {SavedMeasurement} m @param {Words} words
 * @returns {PhoneCase | null}
 */
function findNew(growth, child, m, words) {
  const advice = adviseOn(growth, child, m, words);
  const [standing] = listUnsaidReasons(growth, child, m, words, advice.steps);
  const kind = standing ? standing.kind : advice.steps.includes(words.steps.refer_today) ? "now" : advice.steps.includes(words.steps.refer) ? "act" : "";
  if (!kind) return null;
  return { id: "", kind: "", reason: "", word: standing ? standing.word : advice.word, urgency: URGENCY_OF_CHIP[kind], opened: m.on };
}

/**
 * Children with open cases by urgency, the most urgent and then the oldest first.
 * @param {{child: PhoneChild, cases: PhoneCase[]}[]} rows @param {Words} words
 */
export function sortByUrgency(rows, words) {
  const oldest = (/** @type {PhoneCase[]} */ cases) => cases.map((one) => one.opened).sort()[0];
  return [...rows].sort((one, other) => (
    rankOf(one.cases[0], words) - rankOf(other.cases[0], words)
    || oldest(one.cases).localeCompare(oldest(other.cases))
  ));
}
