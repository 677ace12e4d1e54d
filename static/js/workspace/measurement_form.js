/** What was typed of a measurement: read, doubted, and put on the phone. */
import { NUMBER_FIELDS, listBefore } from "./entry_target.js";
import { findDoubts } from "./plausibility.js";
import { PosyanduDay } from "./store.js";
import { fillPlaces, formatDay, parseNumber, words } from "./template.js";

/**
 * What was typed, and a sentence for each field that cannot be. fields: text by the names of the form; `oedema`
 * is true or false.
 * @param {string} today @param {PhoneChild} child @param {Record<string, any>} fields
 */
export function readMeasurement(today, child, fields) {
  /** @type {Record<string, string>} */
  const errors = {};
  /** @type {PhoneMeasurement} */
  const m = { on: fields.measured_on, oedema: fields.oedema };
  NUMBER_FIELDS.forEach(([name, key]) => {
    const number = parseNumber(fields[name]);
    const [low, high, step] = words.limits[name];
    if (number === undefined) errors[name] = fillPlaces(words.refused.number, { text: fields[name].slice(0, 12) });
    else if (number !== null && (number < low || number > high)) errors[name] = words.refused[name];
    else if (number !== null) m[key] = roundToStep(number, step);
  });
  if (NUMBER_FIELDS.every(([name]) => fields[name].trim() === "")) errors.weight_kg = words.refused.empty;
  if (!m.on) errors.measured_on = words.refused.date_missing;
  else if (m.on > today) errors.measured_on = sayFuture(m.on, today);
  else if (m.on < child.born) errors.measured_on = fillPlaces(words.refused.before_birth, { birth: formatDay(child.born) });
  m.position = typeof m.cm === "number" ? fields.position : "";
  return { m, errors };
}

/** @param {string} day @param {string} today */
const sayFuture = (day, today) => fillPlaces(words.refused.future, { day: formatDay(day), today: formatDay(today) });

/** In the register's precision, halves up: 12.45 of arm is 12.5. @param {number} number @param {number} step */
function roundToStep(number, step) {
  const steps = Math.round(1 / step);
  return Math.round(number * steps + 1e-9) / steps;
}

/** Codes of what makes it unlikely. @param {Workspace} app @param {PhoneChild} child @param {PhoneMeasurement} m @param {EntryTarget} target */
export function listDoubts(app, child, m, target) {
  return findDoubts(app.growth, child, m, listBefore(child, m.on, target), words.plausibility);
}

/** These are the very values that are there already. @param {PhoneMeasurement | undefined} old @param {PhoneMeasurement} m */
export function isSame(old, m) {
  if (!old || old.on !== m.on || (old.position || "") !== m.position) return false;
  return NUMBER_FIELDS.every(([, key]) => old[key] === m[key]) && Boolean(old.oedema) === m.oedema;
}

/**
 * Keep a measurement on the phone: new, under the id of its entry, or as a correction with its reason. True if kept.
 * @param {Workspace} app @param {PhoneChild} child @param {PhoneMeasurement} m @param {string[]} confirmed
 * @param {EntryTarget} target @param {string} [reason]
 */
export async function saveMeasurement(app, child, m, confirmed, { entry, corrects }, reason) {
  const id = entry ? entry.id : crypto.randomUUID();
  const about = corrects ? { corrects, reason } : { child: child.id, client_time: new Date().toISOString() };
  const body = {
    ...about,
    measured_on: m.on,
    weight_kg: m.kg ?? null,
    lenhei_cm: m.cm ?? null,
    position: m.position,
    muac_cm: m.muac ?? null,
    head_cm: m.head ?? null,
    oedema: m.oedema,
    confirmed,
    id,
  };
  const village = app.village.open.village.code;
  const sync = await app.loadSync();
  return sync.keepEntry({
    id, kind: "measurement", child: child.id, name: child.name, village, posyandu: PosyanduDay.of(app).choice, body,
    ...(entry && { at: entry.at, rev: entry.rev }),
  });
}
