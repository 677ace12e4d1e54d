/**
 * Who of a village has or lacks which service this month, with what waits on this phone counted in.
 *
 * The twin of kpm/service_month.py, from what the roster brings of it (kpm/service_roster.py); tests/phone holds
 * them together.
 */
import { isAlive } from "./children.js";
import { addMonths, lastDay } from "./store.js";
import { isNumber } from "./zscores.js";

export const YOUNG_CHILD = "young_child";

/**
 * Everybody in the register's order; a child that is new on this phone first.
 * @param {Pick<RosterData, "services" | "at">} roster @param {PhoneChild[]} children with this phone's entries laid over
 * @param {OutboxEntry[]} entries @param {string} month its first day @param {ServiceWords} words
 * @returns {ServedRow[]}
 */
export function listServed({ services, at }, children, entries, month, words) {
  const people = services ? services.people : [];
  const rows = new Map(children.map((child) => [child.id, child]));
  /** @type {PhoneServed[]} */
  const added = children.filter((child) => child.isNew)
    .map(({ id }) => ({ id, tab: YOUNG_CHILD, due: words.dueOfChild }));
  const alive = entries.filter((entry) => isAlive(entry, at));
  const heightMonths = services ? services.height_months : 1;
  return [...added, ...people].map((one) => {
    const child = rows.get(one.id);
    const had = findHad(one, child, alive, month, heightMonths);
    const typed = words.typed[one.tab];
    return {
      id: one.id, tab: one.tab, person: child || one, isChild: one.tab === YOUNG_CHILD,
      services: one.due.map((service) => ({ service, on: had[service] || "", isTyped: typed.includes(service) })),
      lacks: one.due.filter((service) => !had[service]),
    };
  }).filter(({ isChild, person }) => !isChild || isYoung(String(person.born), month));
}

/** Whether a child is still under two at the end of the month. @param {string} born @param {string} month */
const isYoung = (born, month) => born <= lastDay(month) && addMonths(born, 24) > month;

/**
 * The newest day of each service that counts in a month.
 * @param {PhoneServed} one @param {PhoneChild | undefined} child @param {OutboxEntry[]} alive @param {string} month
 * @param {number} heightMonths
 */
function findHad(one, child, alive, month, heightMonths) {
  /** @type {Record<string, string>} */
  const since = { immunisation_complete: "", height: addMonths(month, 1 - heightMonths) };
  const end = lastDay(month);
  /** @type {Record<string, string>} */
  const had = {};
  const add = (/** @type {string} */ service, /** @type {string} */ on) => {
    if (on >= (since[service] ?? month) && on <= end && on > (had[service] || "")) had[service] = on;
  };
  Object.entries(one.had || {}).forEach(([service, on]) => add(service, on));
  (child ? child.seen : []).forEach(({ on, kg, cm }) => {
    if (isNumber(kg)) add("weighing", on);
    if (isNumber(cm)) add("height", on);
  });
  alive.forEach(({ kind, body }) => {
    if (kind === "service" && [body.child, body.beneficiary].includes(one.id)) add(body.service, body.on);
    if (kind === "step" && body.child === one.id && body.action === "visited") add("home_visit", body.on);
  });
  return had;
}
