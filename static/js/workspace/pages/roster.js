/** The roster of a village and month, of one posyandu where there are several, and the choice of a village. */
import { findAlike, matchesSearch, measureUrl, placeAlike, searchWords, sortIntoSections } from "../children.js";
import { ALL_POSYANDU, NO_POSYANDU, PosyanduDay, addMonths, isSameMonth, lastDay } from "../store.js";
import {
  fillShort, fillTemplate, fillWho, formatAmount, formatDay, formatMonth, formatTime, say, setChip, words,
} from "../template.js";

/** How many are shown at first of who needs nothing more today. */
const FEW_ROWS = 10;

/** @param {Workspace} app @param {URLSearchParams} query */
export async function openPage(app, query) {
  const village = query.get("village") || "";
  const month = query.get("month") || "";
  if (await app.village.ensureRoster({ village, month })) {
    new Roster(app, month ? `${month}-01` : app.session.defaultMonth, Boolean(month)).draw();
  } else if (app.village.options) drawVillages(app, app.village.options);
}

class Roster {
  /** @param {Workspace} app @param {string} month @param {boolean} isPast */
  constructor(app, month, isPast) {
    this.app = app;
    this.month = month;
    this.isPast = isPast;
    const [today, end] = [app.session.today, lastDay(month)];
    this.on = today < end ? today : end;
    this.day = PosyanduDay.of(app);
    this.children = app.village.children;
    this.own = this.children.filter((child) => this.day.has(child));
    this.guests = isPast ? [] : this.day.listGuests(this.children, app.session.entries);
    this.alike = findAlike(this.children, words.names);
    /** How many rows were shown, by section. @type {Record<string, number>} */
    this.shown = {};
    document.querySelectorAll("#work section > h2[id]").forEach((heading) => {
      this.shown[heading.id] = heading.nextElementSibling?.children.length ?? 0;
    });
  }

  /** @param {PhoneChild[]} children */
  sort(children) {
    return sortIntoSections(this.app.growth, children, this.month, this.app.session.today, words);
  }

  draw() {
    const { app, day, isPast, month } = this;
    const before = /** @type {HTMLInputElement | null} */ (document.getElementById("q"));
    const focused = document.activeElement?.closest("#q, #posyandu, #day")?.id;
    this.found = this.sort(this.own);
    const done = this.found.again.length + this.found.done.length;
    const total = done + this.found.todo.length;
    const isOtherDay = !isPast && day.day !== app.session.today;
    const drawn = fillTemplate("t-roster", {
      ...linksOf(app, month, isPast, day),
      title: `${app.village.open.village.name}, ${formatMonth(month)}`,
      counted: say("measured", { done, total }),
      guests: this.guests.length > 0 && say("guests", { count: this.guests.length }),
      kept_at: app.session.trouble && say("kept_at", { time: formatTime(app.village.open.at) }),
      nobody: total + this.found.leaving.length + this.found.moved.length === 0,
      unmatched: true,
      choosable: day.isChoosable && day.choice,
      running: !isPast,
      other_day: isOtherDay && say("other_day", { date: formatDay(day.day) }),
    });
    drawn.find("progress").max = Math.max(total, 1);
    drawn.find("progress").value = done;
    this.fillChoices(drawn);
    const search = drawn.find("#q");
    search.value = before ? before.value : "";
    const unmatched = drawn.find("[data-if=unmatched]");
    const list = () => {
      const text = search.value.trim();
      const sections = text || day.choice ? this.drawSections(text) : [this.drawChooser()];
      drawn.slots.sections.replaceChildren(...sections);
      unmatched.hidden = sections.length > 0 || text === "";
    };
    list();
    search.addEventListener("input", list);
    search.form.addEventListener("submit", (/** @type {Event} */ event) => event.preventDefault());
    app.show(drawn);
    if (focused) document.getElementById(focused)?.focus();
  }

  /** @param {Drawing} drawn */
  fillChoices(drawn) {
    const { app, day } = this;
    const select = drawn.find("#posyandu");
    if (select) {
      this.listChoices().forEach(([value, , name]) => select.append(new Option(name, value)));
      select.value = day.choice;
      select.addEventListener("change", () => this.choose(select.value));
    }
    const input = drawn.find("#day");
    if (input) {
      Object.assign(input, { value: day.day, max: app.session.today });
      input.addEventListener("change", () => {
        day.choose({ day: input.value || app.session.today });
        app.redraw();
      });
    }
  }

  /** What can be chosen, in words with the number of children and without. @returns {[string, string, string][]} */
  listChoices() {
    /** @type {Map<string, number>} */
    const counts = new Map();
    this.children.forEach(({ posyandu = "" }) => counts.set(posyandu, (counts.get(posyandu) || 0) + 1));
    /** @returns {[string, string, string]} */
    const row = (/** @type {string | number} */ value, /** @type {string} */ name, count = 0) => [String(value), say("rows", { words: name, count }), name];
    const homeless = counts.get("");
    return [
      ...this.day.posyandu.map(({ id, name }) => row(id, name, counts.get(name))),
      ...(homeless ? [row(NO_POSYANDU, say("no_posyandu"), homeless)] : []),
      row(ALL_POSYANDU, say("all_posyandu"), this.children.length),
    ];
  }

  /** Ask once which posyandu it is. */
  drawChooser() {
    const drawn = fillTemplate("t-section", { words: say("choose_posyandu") });
    drawn.find("ul").append(...this.listChoices().map(([value, text]) => {
      const choice = fillTemplate("t-posyandu", { text });
      choice.find("button").addEventListener("click", () => this.choose(value));
      return choice.root;
    }));
    return drawn.root;
  }

  /** @param {string} choice */
  choose(choice) {
    this.day.choose({ choice });
    this.app.redraw();
  }

  /** The sections of the list; of a search those of the whole village. @param {string} text */
  drawSections(text) {
    const { found, guests } = this;
    /** @type {Record<string, RosterRow[]>} */
    const sections = { ...found, guests: Object.values(this.sort(guests)).flat() };
    /** Rizky is found by "rizki" too. @type {Set<string>} */
    const sounds = new Set();
    const soundOf = (/** @type {string} */ id) => this.alike.get(id)?.sound || id;
    if (text) this.children.filter((child) => matchesSearch(searchWords(child), text)).forEach(({ id }) => sounds.add(soundOf(id)));
    const isFound = (/** @type {RosterRow} */ { child }) => !text || sounds.has(soundOf(child.id));
    if (text) {
      const listed = [...this.own, ...guests].map(({ id }) => id);
      sections.elsewhere = Object.values(this.sort(this.children.filter(({ id }) => !listed.includes(id)))).flat();
    }
    return Object.entries(sections).map(([name, rows]) => this.drawSection(name, rows.filter(isFound), text))
      .filter((section) => section !== null);
  }

  /** @param {string} name @param {RosterRow[]} rows @param {string} text what is searched for */
  drawSection(name, rows, text) {
    if (rows.length === 0) return null;
    const sentence = say("rows", { words: say(name, {}, "t-section-words"), count: rows.length });
    const drawn = fillTemplate("t-section", { words: sentence });
    drawn.find("h2").id = name;
    drawn.find("section").setAttribute("aria-labelledby", name);
    const draw = (/** @type {RosterRow} */ row) => this.drawRow(row, name);
    const least = text || name === "todo" ? undefined : FEW_ROWS;
    fillShort(drawn.find("ul"), placeAlike(rows, this.alike), draw, { least, atFirst: text ? 0 : this.shown[name] });
    return drawn.root;
  }

  /** @param {RosterRow} row @param {string} section */
  drawRow({ child, last, kind, word }, section) {
    const parts = [];
    if (last && typeof last.kg === "number") parts.push(`${formatAmount(last.kg)}\u00a0kg`);
    if (last && typeof last.cm === "number") parts.push(`${formatAmount(last.cm)}\u00a0cm`);
    if (last && last.confirmed) parts.push(say("confirmed"));
    const entry = last && last.entry;
    const isHere = entry && entry.state !== "received";
    if (isHere) parts.push(say(`state_${entry.state}`));
    // A child that waits is one tap from the scale; one that was measured opens with what was found.
    const isDone = section !== "leaving" && last && isSameMonth(last.on, this.month);
    const url = isDone && !isHere && !child.isNew ? `/children/${child.id}/` : measureUrl(child.id, entry);
    const isPlain = section === "todo" && word === words.waiting.todo; // as the heading says
    const drawn = fillTemplate("t-row", { url, name: child.name, word, chip: !isPlain });
    const { differing = [] } = this.alike.get(child.id) || {};
    fillWho(drawn.slots.who, child, this.on, ["elsewhere", "guests"].includes(section) ? [...differing, "posyandu"] : differing, parts);
    if (!isPlain) setChip(drawn.root, kind);
    return drawn.root;
  }
}

/** Where the links of a roster go. @param {Workspace} app @param {string} month @param {boolean} isPast @param {PosyanduDay} day */
function linksOf(app, month, isPast, { choice }) {
  const { defaultMonth } = app.session;
  const { several, village: { code } } = app.village.open;
  const [previous, next] = [addMonths(month, -1), addMonths(month, 1)];
  const rosterOf = (/** @type {string} */ other) => `${app.village.url}&month=${other.slice(0, 7)}`;
  const posyandu = ["", ALL_POSYANDU].includes(choice) ? "" : `&posyandu=${choice}`;
  return {
    enrol: `/children/new/?village=${code}`,
    grid: `/grid/?village=${code}`,
    cases: `/roster/cases/?village=${code}`,
    services: `/roster/services/?village=${code}`,
    events: app.village.open.events?.length && `/roster/events/?village=${code}`,
    follow_up: `/follow-up/?village=${code}`,
    skdn: `/skdn/?village=${code}&month=${month.slice(0, 7)}`,
    list: `/children/?village=${code}&month=${month.slice(0, 7)}${posyandu}`,
    previous: rosterOf(previous),
    previous_words: formatMonth(previous),
    next: isPast && next <= defaultMonth && (next === defaultMonth ? app.village.url : rosterOf(next)),
    next_words: formatMonth(next),
    choose: several && "/roster/",
  };
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
