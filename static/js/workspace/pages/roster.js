/** The roster of a village and month, and the choice of a village. */
import { addMonths, matchesSearch, measureUrl, sortIntoSections } from "../children.js";
import {
  fillTemplate, formatAge, formatAmount, formatMonth, formatTime, say, setChip, words,
} from "../template.js";

/** @param {Workspace} app @param {URLSearchParams} query */
export async function openPage(app, query) {
  const village = query.get("village") || "";
  const month = query.get("month") || "";
  if (await app.village.ensureRoster({ village, month })) {
    drawRoster(app, month ? `${month}-01` : app.session.defaultMonth, Boolean(month));
  } else if (app.village.options) drawVillages(app, app.village.options);
}

/** @param {Workspace} app @param {string} month @param {boolean} isPast */
function drawRoster(app, month, isPast) {
  const before = /** @type {HTMLInputElement | null} */ (document.getElementById("q"));
  const typed = before ? before.value : "";
  const wasTyping = before && before === document.activeElement;
  const found = sortIntoSections(app.growth, app.village.children, month, app.session.today, words);
  const done = found.again.length + found.done.length;
  const total = done + found.todo.length;
  const drawn = fillTemplate("t-roster", {
    ...linksOf(app, month, isPast),
    title: `${app.village.open.village.name}, ${formatMonth(month)}`,
    counted: say("measured", { done, total }),
    kept_at: app.session.trouble && say("kept_at", { time: formatTime(app.village.open.at) }),
    nobody: total + found.leaving.length + found.moved.length === 0,
    unmatched: true,
  });
  drawn.find("progress").max = Math.max(total, 1);
  drawn.find("progress").value = done;
  const search = drawn.find("#q");
  search.value = typed;
  const unmatched = drawn.find("[data-if=unmatched]");
  const list = () => {
    const sections = Object.entries(found).map(([name, rows]) => drawSection(name, rows, search.value));
    const shown = sections.filter((section) => section !== null);
    drawn.slots.sections.replaceChildren(...shown);
    unmatched.hidden = shown.length > 0 || search.value.trim() === "";
  };
  list();
  search.addEventListener("input", list);
  search.form.addEventListener("submit", (/** @type {Event} */ event) => event.preventDefault());
  app.show(drawn);
  if (wasTyping) search.focus();
}

/** Where the links of a roster go. @param {Workspace} app @param {string} month @param {boolean} isPast */
function linksOf(app, month, isPast) {
  const { defaultMonth } = app.session;
  const { several, village: { code } } = app.village.open;
  const [previous, next] = [addMonths(month, -1), addMonths(month, 1)];
  const rosterOf = (/** @type {string} */ other) => `${app.village.url}&month=${other.slice(0, 7)}`;
  return {
    enrol: `/children/new/?village=${code}`,
    grid: `/grid/?village=${code}`,
    cases: `/roster/cases/?village=${code}`,
    services: `/roster/services/?village=${code}`,
    events: app.village.open.events?.length && `/roster/events/?village=${code}`,
    follow_up: `/follow-up/?village=${code}`,
    skdn: `/skdn/?village=${code}&month=${month.slice(0, 7)}`,
    list: `/children/?village=${code}&month=${month.slice(0, 7)}`,
    previous: rosterOf(previous),
    previous_words: formatMonth(previous),
    next: isPast && next <= defaultMonth && (next === defaultMonth ? app.village.url : rosterOf(next)),
    next_words: formatMonth(next),
    choose: several && "/roster/",
  };
}

/** @param {string} name @param {RosterRow[]} rows @param {string} search */
function drawSection(name, rows, search) {
  const shown = rows.filter((row) => matchesSearch(row.child.name, search));
  if (shown.length === 0) return null;
  const sentence = say("rows", { words: say(name, {}, "t-section-words"), count: shown.length });
  const drawn = fillTemplate("t-section", { words: sentence });
  drawn.find("h2").id = name;
  drawn.find("section").setAttribute("aria-labelledby", name);
  drawn.find("ul").append(...shown.map((row) => drawRow(row, name === "again" || name === "done")));
  return drawn.root;
}

/** @param {RosterRow} row @param {boolean} isDone */
function drawRow({ child, last, ageDays, kind, word }, isDone) {
  const parts = [formatAge(ageDays)];
  if (last && typeof last.kg === "number") parts.push(`${formatAmount(last.kg)}\u00a0kg`);
  if (last && typeof last.cm === "number") parts.push(`${formatAmount(last.cm)}\u00a0cm`);
  if (last && last.confirmed) parts.push(say("confirmed"));
  const entry = last && last.entry;
  const isHere = entry && entry.state !== "received";
  if (isHere) parts.push(say(`state_${entry.state}`));
  // A child that waits is one tap from the scale; one that was measured opens with what was found.
  const url = isDone && !isHere && !child.isNew ? `/children/${child.id}/` : measureUrl(child.id, entry);
  const drawn = fillTemplate("t-row", { url, name: child.name, values: parts.join(" \u00b7 "), word });
  setChip(drawn.root, kind);
  return drawn.root;
}

/** @param {Workspace} app @param {VillageOption[]} villages */
export function drawVillages(app, villages) {
  const drawn = fillTemplate("t-villages");
  /** @type {Map<string, VillageOption[]>} */
  const groups = new Map();
  villages.forEach((village) => groups.set(village.kecamatan, [...(groups.get(village.kecamatan) || []), village]));
  groups.forEach((members, name) => {
    const group = fillTemplate("t-kecamatan", { name });
    group.find("ul").append(...members.map((village) => (
      fillTemplate("t-village", { url: `${location.pathname}?village=${village.code}`, name: village.name }).root
    )));
    drawn.slots.groups.append(group.root);
  });
  app.show(drawn);
}
