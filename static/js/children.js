// @ts-check
/**
 * What the register says of the children of a village, on the phone: doubts, N/T/O/B, the word and the next
 * steps; the sections of the roster, with what still waits on this phone counted in; who may be one child.
 *
 * The twin of registry/growth (doubt, velocity, gain), kpm/advice.py and registry/alike.py, with the same
 * names in camelCase; tests/browser/test_children_js.py holds them together. Limits, the KBM card and every
 * sentence come from the register as data (kpm/phone_words.py), so that none stands here a second time.
 *
 * A measurement ("seen") is what the roster tells: {id, on, kg, cm, position, muac, head, oedema, gain},
 * kilograms, centimetres and an ISO date; what was not measured is left out.
 */
import {
  ACT_AT_ONCE, LAST_DAY, Position, Sex, ageInDays, believed, completedMonths, expectedPosition, labelMuac,
  roundHalfEven,
} from "./growth.js";

const DAYS_PER_MONTH = 30.4375;
const STANDING_TO_LYING_MM = 7;
const SHORTER_BY_MORE_THAN_MM = 10;
const WEIGHT_SHARE_AT_ONCE = 0.1;
const WEIGHT_LOSS_SHARE_PER_MONTH = 0.05;
const WEIGHT_LOSS_SHARE_AT_MOST = 0.25;
const WEIGHT_GAIN_TIMES_MEDIAN = 2;

/** By a label's severity; also the names of the chips' colours. */
const KINDS = ["good", "watch", "act", "now"];

/** A measurement with what WHO's standards say of it. */
export function assessed(growth, child, seen) {
  const ageDays = ageInDays(child.born, seen.on);
  const measures = { weightKg: seen.kg, lenheiCm: seen.cm, position: seen.position, oedema: Boolean(seen.oedema) };
  return { ...seen, ...growth.assess({ sex: child.sex, ageDays, ...measures }) };
}

/** WHO's limits say that one of the values is not a child's. */
export function hasFlag(m) {
  return m.hazFlag || m.wazFlag || m.whzFlag || m.bazFlag;
}

// --- doubts: more likely a slip of the hand than a child ------------------------------------------------

/**
 * Codes of what makes a measurement unlikely, given those before its day, oldest first.
 * @param {any} growth @param {any} child @param {any} seen @param {any[]} before
 * @param {{lengthGainMm: number[]}} rules @returns {string[]}
 */
export function doubtsAbout(growth, child, seen, before, rules) {
  const now = assessed(growth, child, seen);
  const found = ["haz", "waz", "whz", "baz"].filter((index) => now[`${index}Flag`]).map((i) => `${i}_flag`);
  const earlier = before.filter((m) => m.on < seen.on).map((m) => assessed(growth, child, m));
  const length = lengthJump(last(earlier, "clenheiCm"), now, rules.lengthGainMm);
  const weight = weightJump(growth, last(earlier, "kg"), now);
  return [...found, length, weight].filter(Boolean);
}

/** The newest measurement that has a value of this kind; they may be of different days. */
function last(measurements, name) {
  return measurements.filter((m) => isNumber(m[name])).pop();
}

function lengthJump(before, now, lengthGainMm) {
  if (!before || !isNumber(now.clenheiCm)) return null;
  const grown = lyingMm(now) - lyingMm(before);
  if (grown < -SHORTER_BY_MORE_THAN_MM) return "shorter";
  return grown > mostLengthGainMm(before.ageDays, now.ageDays, lengthGainMm) ? "length_jump" : null;
}

function weightJump(growth, before, now) {
  if (!before || !isNumber(now.kg)) return null;
  const grams = roundHalfEven(before.kg * 1000);
  const gained = roundHalfEven(now.kg * 1000) - grams;
  const most = mostWeightGainG(growth, grams, before.ageDays, now.ageDays);
  return -mostWeightLossG(grams, before.ageDays, now.ageDays) <= gained && gained <= most ? null : "weight_jump";
}

/** A corrected length or height as a length, so that turning two does not look like shrinking. */
function lyingMm(m) {
  const standing = expectedPosition(m.ageDays) === Position.STANDING ? STANDING_TO_LYING_MM : 0;
  return roundHalfEven(m.clenheiCm * 10) + standing;
}

/** The most that a child's length can have grown between two ages (days), in mm. */
export function mostLengthGainMm(fromDay, toDay, lengthGainMm) {
  const first = completedMonths(fromDay);
  const steps = Math.max(1, Math.ceil((toDay - fromDay) / (2 * DAYS_PER_MONTH)));
  let most = 0;
  for (let step = 0; step < steps; step += 1) {
    most += lengthGainMm[Math.min(first + 2 * step, lengthGainMm.length - 1)];
  }
  return most;
}

/** The most that a child can have gained between two ages (days), in grams. */
export function mostWeightGainG(growth, beforeG, fromDay, toDay) {
  const median = growth.lms("wfa", Sex.BOY).m;
  const gainKg = median[Math.min(toDay, LAST_DAY)] - median[Math.min(fromDay, LAST_DAY)];
  const expectedG = WEIGHT_GAIN_TIMES_MEDIAN * Math.max(0, gainKg * 1000);
  return roundHalfEven(WEIGHT_SHARE_AT_ONCE * beforeG + expectedG);
}

/** The most that a child can have lost between two ages (days), in grams. */
export function mostWeightLossG(beforeG, fromDay, toDay) {
  const months = Math.max(1, Math.ceil((toDay - fromDay) / DAYS_PER_MONTH));
  const share = Math.min(WEIGHT_SHARE_AT_ONCE + months * WEIGHT_LOSS_SHARE_PER_MONTH, WEIGHT_LOSS_SHARE_AT_MOST);
  return roundHalfEven(share * beforeG);
}

// --- gain: N, T, O and B of the KMS -------------------------------------------------------------------

/** "2024-08" as a number that rises by one a month. */
export function monthNumber(isoDate) {
  return Number(isoDate.slice(0, 4)) * 12 + Number(isoDate.slice(5, 7));
}

/**
 * The code of a weighing, "" when the child was not weighed: decided in the order B, O, N, T.
 *
 * before: the measurements of earlier days, oldest first; the first may itself say by its code that the
 * child was weighed before it.
 */
export function gainCode(child, seen, before, kbm) {
  if (!isNumber(seen.kg)) return "";
  const month = monthNumber(seen.on);
  const weighed = before.filter((m) => isNumber(m.kg) && monthNumber(m.on) < month);
  const earlier = before.some((m) => m.gain && m.gain !== "B");
  if (weighed.length === 0 && !earlier) return "B";
  const previous = weighed.pop();
  if (!previous || monthNumber(previous.on) !== month - 1) return "O";
  const gained = roundHalfEven(seen.kg * 1000) - roundHalfEven(previous.kg * 1000);
  return gained >= minimumGainG(child, seen, kbm) ? "N" : "T";
}

function minimumGainG(child, seen, kbm) {
  const age = completedMonths(ageInDays(child.born, seen.on));
  const column = kbm.fromMonths.filter((month) => month <= age).length - 1;
  return kbm.grams[child.sex][Math.max(column, 0)];
}

/** 2T: T in this month and in the one before, by the last weighing of each. */
export function twiceNotGained(seen, gain, before) {
  const codeOf = (month) => (before.filter((m) => m.gain && monthNumber(m.on) === month).pop() || {}).gain;
  const month = monthNumber(seen.on);
  return (gain || codeOf(month)) === "T" && codeOf(month - 1) === "T";
}

// --- advice: the word, and what to do next -------------------------------------------------------------

/**
 * What a cadre reads after weighing: kind (of the chip), word, gain, steps and notes as sentences, findings.
 * m: an assessed measurement with its gain code. words: kpm/phone_words.py.
 */
export function advise(m, twice, words) {
  const doubted = hasFlag(m);
  const findings = findingsOf(m, words);
  const severity = Math.max(-1, ...findings.map((finding) => KINDS.indexOf(finding.kind)));
  const [kind, word] = headline(m, findings, severity, twice, words);
  return {
    kind,
    word,
    findings,
    gain: doubted ? "" : gainWords(m.gain, twice, words),
    steps: stepsFor(m, severity, doubted, twice).map((step) => words.steps[step]),
    notes: notesOf(m).map((note) => words.notes[note]),
  };
}

function headline(m, findings, severity, twice, words) {
  if (hasFlag(m)) return ["again", words.headings.again];
  if (severity < 0) return ["none", words.headings.none];
  if (severity === 0 && m.gain === "T") return [twice ? "act" : "watch", words.headings.not_gained];
  if (severity === 0) return [KINDS[0], words.headings.good];
  const worst = findings.filter((finding) => finding.kind === KINDS[severity]).map((finding) => finding.word);
  return [KINDS[severity], [...new Set(worst)].join(", ")];
}

/** What each index says, height first: stunting is what the register is for. */
function findingsOf(m, words) {
  const name = (index) => words.indices[index][expectedPosition(m.ageDays) === Position.LYING ? 0 : 1];
  const say = (label) => (words.language === "en" ? label.en : label.id);
  const found = [];
  for (const index of ["haz", "whz", "waz"]) {
    if (m[`${index}Flag`]) {
      found.push({ name: name(index), word: words.flagged, kind: "again", z: m[index] });
    } else if (believed(m[index], false)) {
      const label = m.labels[index];
      found.push({ name: name(index), word: say(label), kind: KINDS[label.severity], z: m[index] });
    }
  }
  const muac = labelMuac(isNumber(m.muac) ? m.muac : null, m.ageDays);
  if (muac) found.push({ name: name("muac"), word: say(muac), kind: KINDS[muac.severity], z: null });
  if (m.oedema) {
    found.push({ name: name("oedema"), word: words.wasted, kind: KINDS[ACT_AT_ONCE], z: null });
  }
  return found;
}

function gainWords(gain, twice, words) {
  if (!gain) return "";
  return gain === "T" && twice ? words.twice : words.gains[gain];
}

function stepsFor(m, severity, doubted, twice) {
  if (doubted) return ["measure_again"];
  const steps = [];
  const notGained = m.gain === "T";
  if (severity >= ACT_AT_ONCE) steps.push("refer_today");
  else if (severity === 2 || notGained || twice) steps.push("refer");
  if (severity >= 1 || notGained || m.gain === "O") steps.push("counsel");
  if (severity >= 0) steps.push("keep_on");
  if (!isNumber(m.kg) || !isNumber(m.cm)) steps.push("complete");
  return steps;
}

function notesOf(m) {
  const notes = [];
  if (m.positionDisbelieved) notes.push("disbelieved");
  else if (isNumber(m.cm) && m.clenheiCm !== m.cm) notes.push(m.clenheiCm > m.cm ? "added" : "subtracted");
  if (m.ageDays > LAST_DAY) notes.push("past_five");
  return notes;
}

function isNumber(value) {
  return typeof value === "number";
}

// --- the roster: what was received and what still waits, seen as one -------------------------------------

/**
 * The children of a roster with the entries of this phone laid over: a new child is one of them, a new
 * measurement is seen, a correction replaces what it corrects. Entries that need fixing do not count, nor do
 * those received before the roster was asked for (`at`): it knows better what has become of them.
 */
export function withEntries({ children, village, at }, entries, kbm) {
  const rows = new Map(children.map((child) => [child.id, { ...child, seen: [...(child.seen || [])] }]));
  const alive = entries.filter(({ state, receivedAt }) => state !== "fix" && !(state === "received" && receivedAt < at));
  alive.filter((e) => e.kind === "child" && e.village === village.code).forEach(({ id, body }) => {
    if (!rows.has(id)) rows.set(id, fromBody(id, body));
  });
  alive.filter((e) => e.kind === "measurement").forEach((entry) => {
    const row = rows.get(entry.child);
    if (row) lay(row, entry, kbm);
  });
  return [...rows.values()].sort(byName);
}

function fromBody(id, body) {
  return { id, name: body.name, sex: body.sex === "L" ? 1 : 2, born: body.birth_date, parent: body.parent_name || "",
    seen: [], isNew: true };
}

/** An entry of the outbox as a measurement that was seen. */
export const seenOf = (entry) => ({
  id: entry.id, on: entry.body.measured_on, kg: entry.body.weight_kg, cm: entry.body.lenhei_cm,
  position: entry.body.position, muac: entry.body.muac_cm, head: entry.body.head_cm, oedema: entry.body.oedema, entry,
});

function lay(row, entry, kbm) {
  const { body } = entry;
  if (row.seen.some((m) => m.id === entry.id)) return; // received, and in the roster by now
  const isRival = entry.answer && entry.answer.code === "rival";
  if (isRival) {
    row.rival = true;
    return;
  }
  const seen = seenOf(entry);
  row.seen = row.seen.filter((m) => m.id !== body.corrects && m.on !== seen.on);
  seen.gain = gainCode(row, seen, row.seen.filter((m) => m.on < seen.on), kbm);
  row.seen = [...row.seen, seen].sort((one, other) => (one.on < other.on ? -1 : 1));
}

function byName(one, other) {
  const [a, b] = [one.name.toLowerCase(), other.name.toLowerCase()];
  if (a === b) return one.id < other.id ? -1 : 1;
  return a < b ? -1 : 1;
}

/** What a measurement of a child says: the advice, knowing the ones before it. */
export function adviceOn(growth, child, m, words) {
  const before = child.seen.filter((other) => other.on < m.on);
  return advise(assessed(growth, child, m), twiceNotGained(m, m.gain, before), words);
}

/**
 * A month's children by what is still to do: {again, todo, done, leaving}, each a list of rows with the
 * child, its age on the day (ISO), its last measurement, and kind and word of its chip.
 */
export function sections(growth, children, month, today, words) {
  const found = { again: [], todo: [], done: [], leaving: [] };
  const end = lastDay(month);
  const on = today < end ? today : end;
  children.forEach((child) => {
    const last = child.seen.filter((m) => m.on <= end).pop(); // a month gone by knows nothing of later ones
    const row = { child, last, ageDays: ageInDays(child.born, on < child.born ? child.born : on) };
    if (last && sameMonth(last.on, month) && ageInDays(child.born, last.on) <= LAST_DAY) {
      const advice = adviceOn(growth, child, last, words);
      const again = hasFlag(assessed(growth, child, last));
      const [kind, word] = child.rival ? ["watch", words.waiting.rival] : [advice.kind, advice.word];
      (again ? found.again : found.done).push({ ...row, kind, word });
    } else if (child.born <= end && ageInDays(child.born, end) <= LAST_DAY) {
      found.todo.push({ ...row, ...waiting(child, last, month, words) });
    } else if (child.born <= month && ageInDays(child.born, month) <= LAST_DAY) {
      const late = last && sameMonth(last.on, month) && adviceOn(growth, child, last, words);
      found.leaving.push({ ...row, ...(late ? { kind: late.kind, word: late.word } : waiting(child, last, month, words)) });
    }
  });
  return found;
}

/** How long nobody has measured the child. */
function waiting(child, last, month, words) {
  if (!last) return { kind: "none", word: words.waiting.never };
  const missed = monthNumber(month) - monthNumber(last.on) - 1;
  if (missed < 1) return { kind: "none", word: words.waiting.todo };
  const sentence = missed === 1 ? words.waiting.missed_one : words.waiting.missed;
  return { kind: "watch", word: sentence.replace(/%\(count\)d/, String(missed)) };
}

/** The next child still to be measured, by name and then from the start. */
export function nextToMeasure(found, after) {
  const left = found.todo.map((row) => row.child).filter((child) => child.id !== after.id);
  return left.find((child) => byName(child, after) > 0) || left[0];
}

/** Every word of the search begins a word of the name: "si nur" finds Siti Nurhaliza. */
export function matches(name, search) {
  const names = wordsOf(name);
  return wordsOf(search).every((start) => names.some((word) => word.startsWith(start)));
}

const wordsOf = (text) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) || [];

export const sameMonth = (iso, month) => iso.slice(0, 7) === month.slice(0, 7);

/** The last day of the month of an ISO date. */
export function lastDay(month) {
  const [year, number] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10);
}

/** The first day of the month `count` months later. */
export function addMonths(month, count) {
  const [year, number] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 1 + count, 1)).toISOString().slice(0, 10);
}

// --- alike: the twin of registry/alike.py ---------------------------------------------------------------

const SIMILAR_NAME = 85;
const SAME_PARENT = 85;
const SHORTEST_NAME = 3;
const TITLES = new Set("BAPAK BPK BP BAK IBU BU NY NYONYA TN TUAN SDR SDRI ALM ALMH".split(" "));
const MUHAMMAD = "M MHD MUH MUHAMAD MUHAMMED MUKHAMAD MUKHAMMAD MUCHAMAD MUCHAMMAD MOH MOHD MOHAMAD MOHAMMAD MOCH "
  + "MOCHAMAD MOCHAMMAD";
const WRITTEN_OUT = new Map([...MUHAMMAD.split(" ").map((word) => [word, "MUHAMMAD"]), ["ABD", "ABDUL"], ["ST", "SITI"]]);

/** Children of the same birth date and sex who may be this one. */
export function lookalikes(children, { name, sex, born, parent }) {
  return children.filter((child) => child.born === born && child.sex === sex
    && perhapsOneChild(name, parent || "", child.name, child.parent || ""));
}

/** Alike in name (a name that is part of the other too) or in parents. */
export function perhapsOneChild(name, parent, otherName, otherParent) {
  const [one, other] = [namesOf(name), namesOf(otherName)];
  if (ratio(folded(name), folded(otherName)) >= SIMILAR_NAME) return true;
  if ((one.size && isPart(one, other)) || (other.size && isPart(other, one))) return true;
  if (abbreviated(nameWords(name), nameWords(otherName)) || abbreviated(one, other)) return true;
  return nearlyOne(writtenOut(name), writtenOut(otherName)) || sameParents(parent, otherParent);
}

const abbreviated = (one, other) => one.size > 0 && other.size > 0
  && (isPartOrInitials(one, other) || isPartOrInitials(other, one));

function nearlyOne(one, other) {
  if (ratio(one, other) >= SIMILAR_NAME) return true;
  return Math.min(one.length, other.length) >= SHORTEST_NAME && distance(one, other) <= 1;
}

function sameParents(one, other) {
  const [words, others] = [untitled(one), untitled(other)];
  if (!words.size || !others.size) return false;
  if (isPartOrInitials(words, others) || isPartOrInitials(others, words)) return true;
  const sorted = (set) => [...set].sort().join(" ");
  return ratio(sorted(words), sorted(others)) >= SAME_PARENT;
}

const nameWords = (name) => new Set(plain(name).split(" ").filter(Boolean));
const namesOf = (name) => new Set([...nameWords(name)].map((word) => WRITTEN_OUT.get(word) ?? word));
const untitled = (name) => new Set(plain(name).split(" ").filter((word) => word && !TITLES.has(word)));
const isPartOrInitials = (small, large) => {
  const rest = [...small].filter((word) => !large.has(word));
  const initials = rest.every((word) => word.length === 1 && [...large].some((other) => other.startsWith(word)));
  return initials && (!rest.length || [...small].some((word) => word.length > 1 && large.has(word)));
};
const isPart = (small, large) => [...small].every((word) => large.has(word));

/** Capitals and digits with single blanks; an apostrophe joins, anything else separates. */
export function plain(text) {
  const joined = text.replace(/['`\u00b4\u2018\u2019\u02bc]/g, "");
  const capitals = joined.normalize("NFKD").toUpperCase().replace(/\p{M}/gu, "");
  return capitals.replace(/[^A-Z0-9]+/g, " ").trim();
}

/** A name for comparing: no case, blank, punctuation or doubled letter. */
const folded = (name) => plain(name).replace(/ /g, "").replace(/([A-Z])\1+/g, "$1");

/** As `folded`, with the words that are cut short in full, and no silent H behind a word. */
const writtenOut = (name) => folded(plain(name).split(" ")
  .map((word) => (WRITTEN_OUT.get(word) ?? word).replace(/H$/, "")).join(""));

/** How many letters are put in, left out or replaced. */
function distance(one, other) {
  let above = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (const letter of one) {
    const row = [above[0] + 1];
    for (let i = 0; i < other.length; i += 1) {
      row.push(Math.min(above[i + 1] + 1, row[i] + 1, above[i] + (letter === other[i] ? 0 : 1)));
    }
    above = row;
  }
  return above[other.length];
}

/** 100 for the same text: twice the longest common subsequence over both lengths, as rapidfuzz counts it. */
export function ratio(one, other) {
  const total = one.length + other.length;
  if (total === 0) return 100;
  let above = new Array(other.length + 1).fill(0);
  for (const letter of one) {
    const row = [0];
    for (let i = 0; i < other.length; i += 1) {
      row.push(letter === other[i] ? above[i] + 1 : Math.max(above[i + 1], row[i]));
    }
    above = row;
  }
  return (200 * above[other.length]) / total;
}
