/** A new child, or the entry of one that is opened again. */
import { canChange } from "../children.js";
import { NameComparison } from "../duplicates.js";
import { birthDateAtAge, birthDateInMonth, findNikQuestions } from "../identity.js";
import { PosyanduDay } from "../store.js";
import {
  describeWho, fieldOf, fillPlaces, fillTemplate, formatAmount, formatDay, runOnce, say, showErrors, showQuestion, showRefusal,
  parseNumber, words,
} from "../template.js";
import { drawVillages } from "./roster.js";

const MOST_MONTHS = 84;
const BESIDE_DIGITS = /[\s'`’.-]/g; // what people write between the digits of a NIK; as registry.nik
const TEXTS = ["name", "parent_name", "nik", "rt", "rw", "address"];

/** @param {Workspace} app @param {URLSearchParams} query */
export async function openPage(app, query) {
  const entry = app.session.entries.find((one) => one.id === query.get("entry"));
  const village = (entry && entry.village) || query.get("village") || "";
  if (await app.village.ensureRoster({ village })) drawForm(app, entry && canChange(entry) ? entry : null);
  else if (app.village.options) drawVillages(app, app.village.options);
}

/** @param {Workspace} app @param {OutboxEntry | null} editing */
function drawForm(app, editing) {
  const { posyandu, village } = app.village.open;
  const drawn = fillTemplate("t-new-child", { village: village.name });
  /** @type {HTMLFormElement} */
  const form = drawn.find("form");
  const select = fieldOf(form, "posyandu");
  posyandu.forEach(({ id, name }) => select.append(new Option(name, String(id))));
  fieldOf(form, "birth_date").max = app.session.today;
  const { choice } = PosyanduDay.of(app);
  if (editing) fillIn(form, editing.body);
  else if (Number(choice)) select.value = choice;
  app.keepDraft(form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    runOnce(form, () => submit(app, form, (editing && editing.body.confirmed) || [], editing));
  });
  app.show(drawn);
  fieldOf(form, "name").focus();
  if (editing && editing.answer) showRefusal(form, editing.answer);
}

/** @param {HTMLFormElement} form @param {any} body as the API takes it */
function fillIn(form, body) {
  const put = (/** @type {string} */ name, /** @type {string} */ value) => { fieldOf(form, name).value = value; };
  [...TEXTS, "birth_date"].forEach((name) => put(name, body[name] || ""));
  Object.keys(words.birthLimits).forEach((name) => put(name, body[name] === null ? "" : formatAmount(body[name])));
  put("sex", body.sex === "L" ? "1" : "2");
  put("birth_date_basis", body.birth_date_basis || "day");
  put("posyandu", body.posyandu || "");
  put("gestation_weeks", String(body.gestation_weeks ?? ""));
  put("growth_book", typeof body.growth_book === "boolean" ? String(Number(body.growth_book)) : "");
}

/**
 * What was typed of a child as the API takes it, and a sentence for each field that cannot be.
 * @param {Workspace} app @param {HTMLFormElement} form
 */
function readChild(app, form) {
  const text = (/** @type {string} */ name) => fieldOf(form, name).value;
  /** @type {Record<string, string>} */
  const errors = {};
  /** @type {any} */
  const body = { village: app.village.open.village.code, ...readBirthDate(app, form, errors) };
  TEXTS.forEach((name) => { body[name] = text(name).trim(); });
  Object.entries(words.birthLimits).forEach(([name, [low, high]]) => {
    const number = parseNumber(text(name));
    if (number === undefined) errors[name] = fillPlaces(words.refused.number, { text: text(name).slice(0, 12) });
    else if (number !== null && (number < low || number > high)) errors[name] = words.refused[name];
    else body[name] = number;
  });
  const weeks = parseNumber(text("gestation_weeks"));
  const [fewest, most] = words.gestationLimits;
  if (weeks !== null && !(Number.isInteger(weeks) && Number(weeks) >= fewest && Number(weeks) <= most)) {
    errors.gestation_weeks = words.refused.gestation_weeks;
  } else body.gestation_weeks = weeks;
  body.posyandu = text("posyandu") ? Number(text("posyandu")) : null;
  body.growth_book = text("growth_book") ? text("growth_book") === "1" : null;
  if (!/[\p{L}\p{N}]/u.test(body.name)) errors.name = words.refused.name_missing;
  if (!text("sex")) errors.sex = words.refused.sex_missing;
  const digits = body.nik.replace(/\D/g, "").length;
  if (body.nik && digits !== 16) errors.nik = fillPlaces(words.refused.nik, { count: digits });
  else if (/\D/.test(body.nik.replace(BESIDE_DIGITS, ""))) errors.nik = words.refused.nik_not_digits;
  body.sex = text("sex") === "1" ? "L" : "P";
  return { body, errors };
}

/**
 * The birth date, or the day that stands for it where only its month or the age is known.
 * @param {Workspace} app @param {HTMLFormElement} form @param {Record<string, string>} errors
 */
function readBirthDate(app, form, errors) {
  const { today } = app.session;
  const [typed, basis, age] = ["birth_date", "birth_date_basis", "age_months"].map((name) => fieldOf(form, name).value.trim());
  if (age && (basis === "age" || !typed)) {
    if (/^\d{1,2}$/.test(age) && Number(age) < MOST_MONTHS) {
      return { birth_date: birthDateAtAge(Number(age), today), birth_date_basis: "age" };
    }
    errors.age_months = words.refused.age_months;
  } else if (age) errors.age_months = words.refused.age_beside_date;
  if (!typed) errors.birth_date = words.refused.date_missing;
  else if (typed > today) errors.birth_date = words.refused.born_in_future;
  const day = basis === "month" && typed ? birthDateInMonth(typed, today) : typed;
  return { birth_date: day, ...(basis !== "day" && { birth_date_basis: basis }) };
}

/**
 * @param {Workspace} app @param {HTMLFormElement} form @param {string[]} confirmed children that are others, and doubts
 * @param {OutboxEntry | null} editing
 * @returns {Promise<void>}
 */
async function submit(app, form, confirmed, editing) {
  const { body, errors } = readChild(app, form);
  const measurements = editing ? listMeasurementsOf(app, editing.id) : [];
  const first = measurements.map((entry) => entry.body.measured_on).sort()[0];
  if (first && first < body.birth_date) {
    errors.birth_date = fillPlaces(words.refused.measured_before, { date: formatDay(first) });
  }
  if (showErrors(form, errors)) return;
  const id = editing ? editing.id : crypto.randomUUID();
  const others = app.village.children.filter((child) => child.id !== id);
  const alike = new NameComparison(words.names).findPossibleDuplicates(others, {
    name: body.name, sex: body.sex === "L" ? 1 : 2, born: body.birth_date, parent: body.parent_name,
  }).filter(({ child }) => !confirmed.includes(child.id));
  if (alike.length) {
    const all = [...confirmed, ...alike.map(({ child }) => child.id)];
    askIfSame(form, alike, app.session.today, () => runOnce(form, () => submit(app, form, all, editing)));
    return;
  }
  const asked = body.nik ? findNikQuestions(body.nik.replace(/\D/g, ""), body.birth_date, words.parentAges)
    .filter((code) => !confirmed.includes(code)) : [];
  if (asked.length) {
    const all = [...confirmed, ...asked];
    askIfSure(form, asked, () => runOnce(form, () => submit(app, form, all, editing)));
    return;
  }
  const sync = await app.loadSync();
  const isKept = await sync.keepEntry({
    id, kind: "child", child: id, name: body.name, village: body.village, body: { ...body, id, confirmed },
    ...(editing && { at: editing.at, rev: editing.rev }),
  });
  if (!isKept) return;
  app.forgetDraft(form);
  for (const entry of listEntriesOf(app, id).filter(canChange)) {
    await sync.outbox.save({ ...entry, name: body.name }, { undo: false });
  }
  app.go(editing ? "/outbox/" : `/children/${id}/measure/`);
}

/** What waits on this phone of a child that is new. @param {Workspace} app @param {string} child */
export const listMeasurementsOf = (app, child) => listEntriesOf(app, child).filter((e) => e.kind === "measurement");

/** What was entered of a child, but for its enrolment. @param {Workspace} app @param {string} child */
export const listEntriesOf = (app, child) => app.session.entries.filter((e) => e.kind !== "child" && e.child === child);

/** @param {HTMLFormElement} form @param {string[]} codes @param {() => void} confirm */
function askIfSure(form, codes, confirm) {
  const drawn = fillTemplate("t-sure", { text: codes.map((code) => words.identityDoubts[code]).join(" ") });
  drawn.find("[data-confirm]").addEventListener("click", confirm);
  showQuestion(form, drawn);
}

/** @param {HTMLFormElement} form @param {{child: PhoneChild, question: string}[]} alike @param {string} on @param {() => void} confirm */
function askIfSame(form, alike, on, confirm) {
  const isTwin = alike.every(({ question }) => question === "twin");
  const drawn = fillTemplate("t-alike", { twin: isTwin, same: !isTwin });
  drawn.find("ul").append(...alike.map(({ child }) => fillTemplate("t-village", {
    url: `/children/${child.id}/measure/`,
    name: `${child.name}, ${say(child.sex === 1 ? "boy" : "girl")} \u00b7 ${describeWho(child, on)}`,
  }).root));
  drawn.find("[data-confirm]").addEventListener("click", confirm);
  showQuestion(form, drawn);
}
