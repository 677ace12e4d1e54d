/** The services of a village and month by group, who lacks one first, each with one tap: with or without a network. */
import { measureUrl } from "../children.js";
import { YOUNG_CHILD, listServed } from "../services.js";
import {
  capitalise, describeChild, describeHome, fillShort, fillTemplate, formatDay, formatMonth, formatShortDay, formatTime,
  redrawOnEntries, runOnce, say, words,
} from "../template.js";

const PRESCHOOL_CHILD = "preschool_child";
const TABLETS = "iron_tablets";
const EVERYBODY = "all";
const MOST_TABLETS = 200;
/** How many are shown at first, with their services. */
const HIGH_ROWS = 10;

/** @param {Workspace} app @param {URLSearchParams} query */
export async function openPage(app, query) {
  if (await app.village.ensureRoster({ village: query.get("village") || "" })) {
    const tab = query.get("group") || "";
    drawServices(app, tab in words.services.tabs ? tab : "pregnant", query.get("lack") || "");
  } else if (app.village.options) (await import("./roster.js")).drawVillages(app, app.village.options);
}

/** @param {Workspace} app */
const listRows = (app) => listServed(
  app.village.open, app.village.children, app.session.entries, app.session.defaultMonth, words.services,
);

/** @param {Workspace} app @param {string} tab @param {string} lack a service, EVERYBODY, or empty: who lacks any */
function drawServices(app, tab, lack) {
  const { village, at } = app.village.open;
  const month = app.session.defaultMonth;
  const rows = listRows(app);
  const own = rows.filter((one) => one.tab === tab);
  const shown = own.filter((one) => isShown(one, lack));
  const drawn = fillTemplate("t-services", {
    title: say("title", { village: village.name, month: formatMonth(month) }, "t-service-words"),
    group: capitalise(words.services.tabs[tab]),
    lessons: tab === PRESCHOOL_CHILD,
    filters: own.length > 0,
    nobody: shown.length === 0 && tab !== PRESCHOOL_CHILD && say(own.length ? "all_had" : "nobody", {}, "t-service-words"),
    kept_at: app.session.trouble && say("kept_at", { time: formatTime(at) }),
    roster: app.village.url,
    whole: !app.session.trouble && `/convergence/?village=${village.code}&month=${month.slice(0, 7)}&group=${tab}`,
  });
  const address = `/roster/services/?village=${village.code}`;
  Object.entries(words.services.tabs).forEach(([name, text]) => {
    const count = rows.filter((one) => one.tab === name).length;
    if (!count && ![tab, "pregnant", YOUNG_CHILD, PRESCHOOL_CHILD].includes(name)) return;
    const label = name === PRESCHOOL_CHILD ? capitalise(text) : say("rows", { words: capitalise(text), count });
    drawn.slots.tabs.append(drawChoice(`${address}&group=${name}`, label, name === tab));
  });
  fillFilters(drawn, own, `${address}&group=${tab}`, lack);
  /** @type {Map<string, {place: HTMLElement, said: string}>} */
  const places = new Map();
  fillShort(drawn.slots.people, shown, (one) => drawRow(app, one, places), { least: HIGH_ROWS });
  app.show(drawn);
  redrawOnEntries(() => [...places.values()].some(({ place }) => place.isConnected), () => {
    if (app.village.data) listRows(app).forEach((one) => fillServices(app, one, places));
  });
}

/** @param {ServedRow} one @param {string} lack */
const isShown = (one, lack) => lack === EVERYBODY || (lack ? one.lacks.includes(lack) : one.lacks.length > 0);

/**
 * Who lacks anything, and everybody; below them who lacks each service that is due to somebody.
 * @param {Drawing} drawn @param {ServedRow[]} own @param {string} address @param {string} lack
 */
function fillFilters({ slots, find }, own, address, lack) {
  if (own.length === 0) return;
  const draw = (/** @type {string} */ value, /** @type {string} */ text) => {
    const count = own.filter((one) => isShown(one, value)).length;
    return drawChoice(value ? `${address}&lack=${value}` : address, say("rows", { words: text, count }), value === lack);
  };
  slots.filters.append(draw("", say("lacking", {}, "t-service-words")), draw(EVERYBODY, say("everybody", {}, "t-service-words")));
  const due = Object.keys(words.services.words).filter((name) => own.some((one) => one.services.some(({ service }) => service === name)));
  slots.lacks.append(...due.map((name) => draw(name, capitalise(words.services.words[name]))));
  find("nav details").open = due.includes(lack);
}

/** @param {string} url @param {string} text @param {boolean} isCurrent */
function drawChoice(url, text, isCurrent) {
  const { root, find } = fillTemplate("t-choice", { url, text });
  if (isCurrent) find("a").setAttribute("aria-current", "true");
  return root;
}

/** @param {Workspace} app @param {ServedRow} one @param {Map<string, {place: HTMLElement, said: string}>} places */
function drawRow(app, one, places) {
  const { person } = one;
  const page = one.isChild ? `/children/${one.id}/` : `/convergence/people/${one.id}/`;
  const drawn = fillTemplate("t-case", {
    name: person.name,
    url: "isNew" in person ? measureUrl(one.id) : page,
    who: "sex" in person ? describeChild(person, app.session.today) : describePerson(person),
    home: describeHome(person),
  });
  const place = document.createElement("ul");
  place.className = "services";
  drawn.slots.steps.append(place);
  places.set(one.id, { place, said: "" });
  fillServices(app, one, places);
  return drawn.root;
}

/** The days by which a cadre knows somebody who is no child of the roster. @param {PhoneServed} person */
function describePerson({ born, period, delivered }) {
  const days = [
    born && say("born", { date: formatDay(born) }),
    period && say("period", { date: formatDay(period) }, "t-service-words"),
    delivered && say("delivered", { date: formatDay(delivered) }, "t-service-words"),
  ];
  return days.filter(Boolean).join(", ");
}

/**
 * Draw what somebody had and the buttons of the rest; a number that was typed stays while nothing has changed.
 * @param {Workspace} app @param {ServedRow} one @param {Map<string, {place: HTMLElement, said: string}>} places
 */
function fillServices(app, one, places) {
  const row = places.get(one.id);
  const said = JSON.stringify(one.services);
  if (!row || row.said === said) return;
  row.said = said;
  row.place.replaceChildren(...one.services.map((due) => drawService(app, one, due)));
}

/** @param {Workspace} app @param {ServedRow} one @param {ServedRow["services"][number]} due */
function drawService(app, one, { service, on, isTyped }) {
  const text = capitalise(words.services.words[service]);
  const hasNumber = isTyped && !on && service === TABLETS;
  const drawn = fillTemplate("t-service", {
    had: on && `\u2713 ${text}`,
    day: on && (on === app.session.today ? say("today", {}, "t-service-words") : formatShortDay(on)),
    lacks: !on && !isTyped && `\u2013 ${text}`,
    button: isTyped && !on && text,
    whose: `: ${one.person.name}`,
    number: hasNumber,
  });
  const input = drawn.find("input");
  if (input) {
    const label = drawn.find("label");
    input.id = label.htmlFor = `n-${one.id}`;
    input.addEventListener("input", () => { input.dataset.typed = "1"; });
  }
  const button = drawn.find("button");
  if (button) button.addEventListener("click", () => runOnce(button, () => keepService(app, one, service, input ? input.value.trim() : "1")));
  return drawn.root;
}

/** Keep that somebody had a service today. @param {Workspace} app @param {ServedRow} one @param {string} service @param {string} number */
async function keepService(app, one, service, number) {
  const quantity = Number(number);
  if (!/^\d+$/.test(number) || quantity < 1 || quantity > MOST_TABLETS) {
    app.note("watch", say("number", {}, "t-service-words"));
    return;
  }
  const on = app.session.today;
  const body = { id: crypto.randomUUID(), [one.isChild ? "child" : "beneficiary"]: one.id, service, on, quantity };
  const many = service === TABLETS ? `, ${quantity}` : "";
  const sync = await app.loadSync();
  await sync.keepEntry({
    id: body.id, kind: "service", child: one.isChild ? one.id : "", name: String(one.person.name),
    village: app.village.open.village.code, words: `${formatDay(on)}: ${words.services.words[service]}${many}`, body,
  });
}
