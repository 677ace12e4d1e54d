/** The open cases of a village, by urgency, each with the step that comes next: with or without a network. */
import { casesOf, fillSteps } from "../case_steps.js";
import { sortByUrgency } from "../cases.js";
import { describeChild, describeHome, fillShort, fillTemplate, formatTime, redrawOnEntries, say, words } from "../template.js";

/** How many are shown at first, with their steps. */
const HIGH_ROWS = 10;

/** @param {Workspace} app @param {URLSearchParams} query */
export async function openPage(app, query) {
  if (await app.village.ensureRoster({ village: query.get("village") || "" })) drawCases(app);
  else if (app.village.options) (await import("./roster.js")).drawVillages(app, app.village.options);
}

/** @param {Workspace} app */
function drawCases(app) {
  const { village, at } = app.village.open;
  const children = app.village.children.filter((child) => !child.gone && !child.moved);
  const rows = sortByUrgency(
    children.map((child) => ({ child, cases: casesOf(app, child).cases })).filter(({ cases }) => cases.length), words,
  );
  const drawn = fillTemplate("t-cases", {
    title: say("title", { village: village.name }, "t-case-words"),
    count: say("count", { count: rows.length }, "t-case-words"),
    nobody: rows.length === 0,
    kept_at: app.session.trouble && say("kept_at", { time: formatTime(at) }),
    roster: app.village.url,
    follow_up: `/follow-up/?village=${village.code}`,
  });
  /** @type {Map<string, HTMLElement>} */
  const places = new Map();
  Object.entries(words.urgencies).forEach(([urgency, heading]) => {
    const own = rows.filter(({ cases }) => cases[0].urgency === urgency);
    if (own.length === 0) return;
    const section = fillTemplate("t-section", { words: say("rows", { words: heading, count: own.length }) });
    fillShort(section.find("ul"), own, ({ child }) => drawRow(app, child, places), { least: HIGH_ROWS });
    drawn.slots.sections.append(section.root);
  });
  app.show(drawn);
  redrawOnEntries(() => [...places.values()].some((place) => place.isConnected), () => {
    if (app.village.data) app.village.children.forEach((child) => fillPlace(app, places, child));
  });
}

/** @param {Workspace} app @param {Map<string, HTMLElement>} places @param {PhoneChild} child */
function fillPlace(app, places, child) {
  const place = places.get(child.id);
  if (place) fillSteps(app, place, child);
}

/** @param {Workspace} app @param {PhoneChild} child @param {Map<string, HTMLElement>} places where its steps are drawn */
function drawRow(app, child, places) {
  const drawn = fillTemplate("t-case", {
    name: child.name,
    url: `/children/${child.id}/`,
    who: describeChild(child, app.session.today),
    home: describeHome(child),
  });
  places.set(child.id, drawn.slots.steps);
  fillPlace(app, places, child);
  return drawn.root;
}
