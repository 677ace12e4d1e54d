/**
 * What the phone says of the children of a village: the word and the next steps, the sections of the roster with
 * what still waits on this phone counted in, and how names are searched and sorted.
 *
 * The twin of kpm/advice.py, with the same names in camelCase; tests/phone holds them together. Every sentence
 * comes from the register as data (kpm/workspace_strings.py).
 */
import { isSameMonth, lastDay } from "./store.js";
import {
  Position, ageInDays, assessMeasurement, completedMonths, daysSinceLastMonth, expectedPosition, gainCode, hasFlag,
  isNumber, isTwiceNotGained, labelMuac, monthNumber, rules,
} from "./zscores.js";

/** By a label's severity; also the names of the chips' colours. */
const KINDS = ["good", "watch", "act", "now"];
const [ACT, ACT_AT_ONCE] = [2, 3];
/** What joins the letters of a name, or stands for nothing. */
const APOSTROPHES = /['`\u00b4\u02b9-\u02bf\u2018\u2019\u201b\u2032\uff07]/g;
const EARLY_INDICES = /** @type {const} */ (["haz", "waz"]);
/** What tells who is who beside the name. */
const WHO = /** @type {const} */ (["parent", "born", "posyandu"]);
const [SOLID_FOOD_MONTHS, MILK_MONTHS] = [6, 24];
const VITAMIN_A_MONTHS = [2, 8];
const FOODS = /** @type {const} */ ([[SOLID_FOOD_MONTHS, "food_from_6"], [9, "food_from_9"], [MILK_MONTHS, "food_from_24"]]);

// --- advice: the word, and what to do next -------------------------------------------------------------

/**
 * What a cadre reads after weighing: kind (of the chip), word, gain, steps and notes as sentences, findings.
 * m: an assessed measurement with its gain code. words: kpm/workspace_strings.py. daysSince: as `daysSinceLastMonth`.
 * @param {AssessedMeasurement} m @param {boolean} twice @param {Words} words @returns {Advice}
 */
export function advise(m, twice, words, daysSince = 0) {
  const findings = listFindings(m, words);
  const child = conditionOf(m, twice, daysSince);
  const [kind, word] = findHeadline(child, findings, words);
  return {
    kind, word, findings,
    gain: child.isFlagged ? "" : gainWords(m.gain, twice, words, daysSince),
    steps: listSteps(child).map((step) => words.steps[step]),
    notes: [...listEarlyNotes(m, words), ...listNotes(m).map((note) => words.notes[note])],
  };
}

/** What is believed of a child: the classes by code, "" where not. @param {AssessedMeasurement} m @param {boolean} twice */
export function conditionOf(m, twice, daysSince = 0) {
  const codeOf = (/** @type {GrowthLabel | null} */ label) => (label ? label.code : "");
  const [haz, waz, whz] = [codeOf(m.labels.haz), codeOf(m.labels.waz), codeOf(m.labels.whz)];
  const muac = codeOf(labelMuac(isNumber(m.muac) ? m.muac : null, m.ageDays));
  const hasGiziBuruk = m.oedema || whz === "severely_wasted" || muac === "severely_wasted";
  const months = completedMonths(m.ageDays);
  const isBaby = months < SOLID_FOOD_MONTHS;
  const weighsTooLittle = ["severely_underweight", "underweight"].includes(waz) || [whz, muac].includes("wasted")
    || m.gain === "T" || twice;
  return {
    months, month: Number(m.on.slice(5, 7)), isBaby, weighsTooLittle, haz, waz, whz, muac, gain: m.gain, twice, daysSince,
    isJudged: Boolean(haz || waz || whz || muac),
    hasOddHead: isNumber(m.hcz) && Math.abs(m.hcz) > rules.oddHeadBeyond,
    isFlagged: hasFlag(m), isComplete: isNumber(m.kg) && isNumber(m.cm), hasGiziBuruk,
    isTooHeavy: whz ? ["possible_risk_overweight", "overweight", "obese"].includes(whz) : waz === "risk_overweight",
    isForToday: hasGiziBuruk || (waz === "severely_underweight" && (isBaby || !whz)) || (isBaby && whz === "wasted"),
    isForThisWeek: ["severely_stunted", "stunted"].includes(haz) || weighsTooLittle
      || ["wasted", "overweight", "obese"].includes(whz) || (waz === "risk_overweight" && !whz),
  };
}

/** @param {Condition} child @param {Finding[]} findings @param {Words} words */
function findHeadline(child, findings, words) {
  const severity = Math.max(-1, ...findings.map((finding) => KINDS.indexOf(finding.kind)));
  if (child.isFlagged && !child.isForToday) return ["again", words.headings.again];
  if (severity < 0) return ["none", words.headings.none];
  if (severity === 0 && child.gain === "T") return [child.twice ? "act" : "watch", words.headings.not_gained];
  if (severity === 0) {
    if (!child.haz) return ["watch", words.headings.no_height];
    if (!child.waz) return ["watch", words.headings.no_weight];
    return ["good", child.gain === "N" ? words.headings.good : words.headings.fine];
  }
  const worst = findings.filter((finding) => finding.kind === KINDS[severity]).map((finding) => finding.word);
  return [child.isForToday ? "now" : KINDS[Math.min(severity, ACT)], [...new Set(worst)].join(", ")];
}

/**
 * What each index says, height first: stunting is what the register is for.
 * @param {AssessedMeasurement} m @param {Words} words
 */
function listFindings(m, words) {
  const name = (/** @type {string} */ index) => words.indices[index][expectedPosition(m.ageDays) === Position.LYING ? 0 : 1];
  const say = (/** @type {GrowthLabel} */ label) => labelWords(label, words);
  /** @type {Finding[]} */
  const found = [];
  for (const index of /** @type {const} */ (["haz", "whz", "waz"])) {
    const label = m.labels[index];
    if (m[`${index}Flag`]) {
      found.push({ name: name(index), word: words.flagged, kind: "again", z: m[index] });
    } else if (label) {
      found.push({ name: name(index), word: say(label), kind: KINDS[label.severity], z: m[index] });
    }
  }
  const muac = labelMuac(isNumber(m.muac) ? m.muac : null, m.ageDays);
  if (muac) found.push({ name: name("muac"), word: say(muac), kind: KINDS[muac.severity], z: null });
  if (m.oedema) {
    found.push({ name: name("oedema"), word: words.oedema, kind: KINDS[ACT_AT_ONCE], z: null });
  }
  if (isNumber(m.hcz) && Math.abs(m.hcz) > rules.oddHeadBeyond) {
    found.push({ name: name("head"), word: m.hcz < 0 ? words.head.small : words.head.large, kind: KINDS[ACT], z: m.hcz });
  }
  return found;
}

/** @param {string | undefined} gain @param {boolean} twice @param {Words} words @param {number} daysSince */
function gainWords(gain, twice, words, daysSince) {
  if (daysSince) return fillPlaces(words.tooSoon, { days: daysSince });
  if (!gain) return "";
  return gain === "T" && twice ? words.twice : words.gains[gain];
}

/** What to do next, as kpm/advice_rules.py has it. @param {Condition} child @returns {string[]} */
export function listSteps(child) {
  const complete = child.isComplete ? [] : ["complete"];
  if (child.isForToday) {
    const again = child.isFlagged ? ["measure_again"] : [];
    return ["refer_today", ...again, ...listWithReferral(child), ...listCare(child), ...complete];
  }
  if (child.isFlagged) return ["measure_again"];
  return [...(child.isForThisWeek || child.hasOddHead ? ["refer", ...listWithReferral(child)] : []), ...listCare(child), ...complete];
}

/** What stands with every referral. @param {Condition} child */
function listWithReferral(child) {
  const look = child.isBaby && !child.isTooHeavy ? ["look_at_feeding"] : [];
  return ["danger_signs", ...look, ...(child.hasOddHead ? ["check_head"] : [])];
}

/** What is said of food, and when to come again. @param {Condition} child */
function listCare(child) {
  if (child.hasGiziBuruk) return [child.isBaby ? "milk_on_the_way" : "feed_on_the_way", "keep_control"];
  const steps = [];
  const isMilkFed = child.months < MILK_MONTHS;
  if (child.isTooHeavy) {
    steps.push(child.isBaby ? "milk_no_less" : "lighter_food", ...(isMilkFed && !child.isBaby ? ["milk_to_2"] : []));
  } else if (child.isForToday || child.isForThisWeek || (child.isJudged && isMilkFed)) {
    steps.push(foodAt(child.months));
    if (child.weighsTooLittle && !child.isBaby) steps.push("ask_extra_food");
  }
  if (!child.isForToday && VITAMIN_A_MONTHS.includes(child.month) && !child.isBaby && child.months < 60) {
    steps.push(child.months < 12 ? "vitamin_a_blue" : "vitamin_a_red");
  }
  if (child.gain === "O" && !child.daysSince) steps.push("come_each_month");
  if (child.isJudged) steps.push("keep_on");
  return steps;
}

/** @param {number} months completed */
const foodAt = (months) => FOODS.filter(([from]) => months >= from).pop()?.[1] || "milk_only";

/** What was taken for granted, or is not counted: registry/remarks.py. @param {AssessedMeasurement} m */
function listRemarks(m) {
  const remarks = [];
  if (m.confirmed) remarks.push("confirmed");
  if (hasFlag(m)) remarks.push("flagged");
  if (m.oedema) remarks.push("oedema_severe");
  if (m.positionDisbelieved) remarks.push("disbelieved");
  else if (isNumber(m.cm) && !m.position) {
    remarks.push(expectedPosition(m.ageDays) === Position.LYING ? "assumed_lying" : "assumed_standing");
  }
  return remarks;
}

/** @param {AssessedMeasurement} m */
function listNotes(m) {
  const notes = listRemarks(m);
  if (!m.positionDisbelieved && isNumber(m.cm) && m.clenheiCm !== m.cm) notes.push(Number(m.clenheiCm) > m.cm ? "added" : "subtracted");
  if (m.ageDays > rules.lastDay) notes.push("past_five");
  return notes;
}

/** A sentence from the register, whose places are written %(name)s. @param {string} sentence @param {any} values */
export function fillPlaces(sentence, values) {
  return sentence.replace(/%\((\w+)\)[sd]/g, (_whole, name) => values[name]);
}

/** An age as the field says it: days in the first month, completed months after. @param {number} days @param {Words} words */
export function ageWords(days, words) {
  const months = completedMonths(days);
  const [count, one, many] = months === 0
    ? [days, words.ages.day, words.ages.days]
    : [months, words.ages.month, words.ages.months];
  return fillPlaces(count === 1 ? one : many, { count });
}

/** What is said of the corrected age of a child born early: kpm/early_birth.py. @param {AssessedMeasurement} m @param {Words} words */
function listEarlyNotes(m, words) {
  const { corrected, weeks } = m;
  if (!corrected) return [];
  const { early } = words;
  const scores = EARLY_INDICES.filter((index) => corrected[index] !== null).map((index) => fillPlaces(early.score, {
    index: early[index], z: zscoreWords(Number(corrected[index]), words), word: labelWords(corrected.labels[index], words),
  }));
  const said = [fillPlaces(early.born, { weeks, age: ageWords(Number(corrected.ageDays), words) })];
  if (scores.length) said.push(fillPlaces(early.scores, { scores: scores.join(", ") }));
  const isBadByBirthOnly = EARLY_INDICES.filter((index) => {
    const [byBirth, byDue] = [m.labels[index], corrected.labels[index]];
    return byBirth && byDue && byBirth.severity >= ACT && byDue.severity < ACT;
  });
  const indices = isBadByBirthOnly.map((index) => early[index]).join(", ");
  return [[...said, early.rates].join(" "), ...(indices ? [fillPlaces(early.both, { indices })] : [])];
}

/** A z-score with its two decimals and a true minus sign. @param {number} z @param {Words} words */
export function zscoreWords(z, words) {
  const digits = Math.abs(z).toFixed(2);
  return (z < 0 ? "\u2212" : "") + (words.language === "en" ? digits : digits.replace(".", ","));
}

/** The term of a class; without one the value is not believed. @param {GrowthLabel | null} label @param {Words} words */
function labelWords(label, words) {
  if (!label) return words.flagged;
  return words.language === "en" ? label.en : label.id;
}

// --- the roster: what was received and what still waits, seen as one -------------------------------------

/**
 * The children of a roster with the entries of this phone laid over: a new child is one of them, a new
 * measurement is seen, a correction replaces what it corrects. Entries that need fixing do not count, nor do
 * those received before the roster was asked for (`at`): it knows better what has become of them.
 * @param {Pick<RosterData, "children" | "village" | "at" | "posyandu">} roster @param {OutboxEntry[]} entries
 * @param {GrowthStandards} growth @param {KbmTable[]} kbm
 */
export function mergeEntries({ children, village, at, posyandu }, entries, growth, kbm) {
  const rows = new Map(children.map((child) => [child.id, { ...child, seen: [...(child.seen || [])] }]));
  const alive = entries.filter((entry) => isAlive(entry, at));
  alive.filter((e) => e.kind === "child" && e.village === village.code).forEach(({ id, body }) => {
    if (!rows.has(id)) rows.set(id, childOf(id, body, posyandu));
  });
  alive.filter((e) => e.kind === "measurement").forEach((entry) => {
    const row = rows.get(entry.child);
    if (row) addEntry(row, entry, growth, kbm);
  });
  return [...rows.values()].sort(compareNames);
}

/** Whether an entry counts beside what was asked for `at` that time. @param {OutboxEntry} entry @param {number} at */
export const isAlive = ({ state, receivedAt }, at) => (
  state !== "fix" && !(state === "received" && (receivedAt ?? NaN) < at));

/** @param {string} id @param {any} body @param {RosterData["posyandu"]} [posyandu] @returns {PhoneChild} */
function childOf(id, body, posyandu = []) {
  return { id, name: body.name, sex: body.sex === "L" ? 1 : 2, born: body.birth_date, parent: body.parent_name || "",
    posyandu: posyandu.find((one) => one.id === body.posyandu)?.name,
    weeks: body.gestation_weeks ?? undefined, estimated: Boolean(body.birth_date_basis), seen: [], isNew: true };
}

/** An entry of the outbox as a measurement. @param {OutboxEntry} entry @returns {SavedMeasurement} */
export const measurementOf = (entry) => ({
  id: entry.id, on: entry.body.measured_on, kg: entry.body.weight_kg, cm: entry.body.lenhei_cm,
  position: entry.body.position, muac: entry.body.muac_cm, head: entry.body.head_cm, oedema: entry.body.oedema,
  confirmed: entry.body.confirmed?.length > 0, entry,
});

/** @param {PhoneChild} row @param {OutboxEntry} entry @param {GrowthStandards} growth @param {KbmTable[]} kbm */
function addEntry(row, entry, growth, kbm) {
  const { body } = entry;
  if (row.seen.some((m) => m.id === entry.id)) return; // received, and in the roster by now
  if (entry.answer?.code === "rival") {
    row.rival = true;
    return;
  }
  const seen = measurementOf(entry);
  row.seen = row.seen.filter((m) => m.id !== body.corrects && m.on !== seen.on);
  seen.gain = gainCode(growth, row, seen, row.seen.filter((m) => m.on < seen.on), kbm);
  row.seen = [...row.seen, seen].sort((one, other) => (one.on < other.on ? -1 : 1));
}

/**
 * What a measurement of a child says: the advice, knowing the ones before it.
 * @param {GrowthStandards} growth @param {PhoneChild} child @param {PhoneMeasurement} m @param {Words} words
 */
export function adviseOn(growth, child, m, words) {
  const before = child.seen.filter((other) => other.on < m.on);
  const assessed = assessMeasurement(growth, child, m);
  const daysSince = daysSinceLastMonth(growth, child, assessed, before);
  return advise(assessed, isTwiceNotGained(m, m.gain, before), words, daysSince);
}

/**
 * A month's children by what is still to do: {again, todo, done, leaving, moved}, each a list of rows with the
 * child, its age on the day (ISO), its last measurement, and kind and word of its chip.
 * @param {GrowthStandards} growth @param {PhoneChild[]} children @param {string} month @param {string} today
 * @param {Words} words
 */
export function sortIntoSections(growth, children, month, today, words) {
  /** @type {Sections} */
  const found = { again: [], todo: [], done: [], leaving: [], moved: [] };
  const end = lastDay(month);
  const on = today < end ? today : end;
  children.forEach((child) => {
    const last = child.seen.filter((m) => m.on <= end).pop(); // a month gone by knows nothing of later ones
    const row = { child, last, ageDays: ageInDays(child.born, on < child.born ? child.born : on) };
    if (last && isSameMonth(last.on, month) && ageInDays(child.born, last.on) <= rules.lastDay) {
      // Said once it is drawn: of a whole village few are.
      const chip = () => (child.rival ? { kind: "watch", word: words.waiting.rival } : adviseOn(growth, child, last, words));
      const section = hasFlag(assessMeasurement(growth, child, last)) ? found.again : found.done;
      section.push({ ...row, get kind() { return chip().kind; }, get word() { return chip().word; } });
    } else if (child.moved) {
      found.moved.push({ ...row, kind: "none", word: words.waiting.moved.replace("{village}", child.moved) });
    } else if (child.born <= end && ageInDays(child.born, end) <= rules.lastDay) {
      found.todo.push({ ...row, ...describeWaiting(last, month, words) });
    } else if (child.born <= month && ageInDays(child.born, month) <= rules.lastDay) {
      const late = last && isSameMonth(last.on, month) && adviseOn(growth, child, last, words);
      found.leaving.push({ ...row, ...(late ? { kind: late.kind, word: late.word } : describeWaiting(last, month, words)) });
    }
  });
  return found;
}

/**
 * How long nobody has measured the child.
 * @param {PhoneMeasurement | undefined} last @param {string} month @param {Words} words
 */
function describeWaiting(last, month, words) {
  if (!last) return { kind: "none", word: words.waiting.never };
  const missed = monthNumber(month) - monthNumber(last.on) - 1;
  if (missed < 1) return { kind: "none", word: words.waiting.todo };
  const sentence = missed === 1 ? words.waiting.missed_one : words.waiting.missed;
  return { kind: "watch", word: sentence.replace(/%\(count\)d/, String(missed)) };
}

// --- names: one spelling to search and to sort by, as registry/name_search.py -----------------------------------

/** Capitals and digits with single blanks; an apostrophe joins, anything else separates. @param {string} text */
export function plain(text) {
  const capitals = text.replace(APOSTROPHES, "").normalize("NFKD").toUpperCase().replace(/\p{M}/gu, "");
  return capitals.replace(/[^A-Z0-9]+/g, " ").trim();
}

/** The words of a child's and its parent's name to look in. @param {{name: string, parent?: string}} child */
export const searchWords = ({ name, parent = "" }) => [name, parent].flatMap((text) => spellingsOf(text).flat()).join(" ");

/**
 * Each word of the search is in `words` (searchWords), in any order: "haliza si" finds Siti Nurhaliza. An apostrophe
 * may join or separate.
 * @param {string} words @param {string} search
 */
export const matchesSearch = (words, search) => (
  spellingsOf(search).some((parts) => parts.every((part) => words.includes(part))));

/** The words of a text, and those with an apostrophe as a blank; as written in other letters. @param {string} text */
export const spellingsOf = (text) => [text, text.replace(APOSTROPHES, " ")].map((one) => (
  (plain(one) || text.toLowerCase()).split(/\s+/).filter(Boolean)));

/** The order of names, everywhere the same. @param {PhoneChild} one @param {PhoneChild} other */
export function compareNames(one, other) {
  const [a, b] = [one, other].map((child) => [plain(child.name), child.born, child.id]);
  const i = a.findIndex((part, place) => part !== b[place]);
  return i < 0 ? 0 : a[i] < b[i] ? -1 : 1;
}

/** A name as it sounds: Rizki, Rizky and Riski are one. @param {string} name @param {NameLimits} limits */
export function soundOf(name, { writtenOut, sounds }) {
  const letters = plain(name).split(" ").map((word) => writtenOut[word] ?? word).join("") || name;
  return sounds.reduce((text, [written, sound]) => text.replaceAll(written, sound), letters).replace(/([A-Z])\1+/g, "$1");
}

/**
 * The children whose names sound as another's, by id: how, how many they are, and what tells them apart.
 * @param {PhoneChild[]} children @param {NameLimits} limits @returns {AlikeNames}
 */
export function findAlike(children, limits) {
  /** @type {Map<string, PhoneChild[]>} */
  const groups = new Map();
  children.forEach((child) => {
    const sound = soundOf(child.name, limits);
    if (!groups.get(sound)?.push(child)) groups.set(sound, [child]);
  });
  const alike = [...groups].filter(([, group]) => group.length > 1);
  return new Map(alike.flatMap(([sound, group]) => {
    const differing = WHO.filter((key) => new Set(group.map((child) => child[key] || "")).size > 1);
    return group.map((child) => [child.id, { sound, differing, count: group.length }]);
  }));
}

/** Rows with those whose names sound alike under each other. @template {{child: PhoneChild}} Row @param {Row[]} rows @param {AlikeNames} alike */
export function placeAlike(rows, alike) {
  const soundAt = (/** @type {Row} */ { child }) => alike.get(child.id)?.sound;
  const first = new Map(rows.map((row, i) => /** @type {const} */ ([soundAt(row), i])).reverse());
  const placed = rows.map((row, i) => /** @type {const} */ ([soundAt(row) === undefined ? i : first.get(soundAt(row)) ?? i, row]));
  return placed.sort(([one], [other]) => one - other).map(([, row]) => row);
}

// --- entries ----------------------------------------------------------------------------------------------

/** Not on its way yet, or refused: may be changed under its own id, and taken back. @param {{tried: boolean, state: string}} entry */
export const canChange = (entry) => !entry.tried || entry.state === "fix";

/** Where a child is measured; an entry that may still be changed is opened itself. @param {string} id @param {OutboxEntry} [entry] */
export function measureUrl(id, entry) {
  const query = entry && canChange(entry) ? `?entry=${entry.id}` : "";
  return `/children/${id}/measure/${query}`;
}
