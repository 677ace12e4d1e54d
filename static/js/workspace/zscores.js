/**
 * The z-scores of one child and its N, T, O and B on the phone, with or without a network.
 *
 * The twin of registry/growth in Python (rules, tables, single, labels, gain, in that order): the same
 * names in camelCase and the same digits, for HAZ, WAZ, WHZ and BAZ. Knows no page, asks the network for nothing.
 * The KBM cards come from the register as data (kpm/workspace_strings.py).
 *
 *     const growth = new Growth(tables);  // growth-tables.json, parsed
 *     growth.assess({ sex: Sex.BOY, ageDays: 400, weightKg: 8.2, lenheiCm: 74.5, position: Position.LYING });
 *
 * Sources: WHO Child Growth Standards 2006, WHO's software (R package anthro 1.1.0), Permenkes 2/2020.
 */

// --- rules: age, sex and position ---------------------------------------------------------------------

/** The limits of registry.growth, under the same names: filled in by `new Growth`. @type {GrowthRules} */
export const rules = /** @type {any} */ ({});

/** Lengths are counted in thousandths of a millimetre where floats would miss the decimal. */
const [STEPS_PER_CM, STEPS_PER_MM] = [10000, 1000];

const MS_PER_DAY = 86400000;

export const INDICES = /** @type {const} */ (["haz", "waz", "whz", "baz"]);

/** Sex in WHO's codes. */
export const Sex = /** @type {const} */ ({ BOY: 1, GIRL: 2 });

/** How the length or height was measured, in WHO's codes. */
export const Position = /** @type {const} */ ({ LYING: "L", STANDING: "H", UNKNOWN: "" });

/**
 * Whole days from birth to a date, both as "2024-02-29", in no time zone.
 * RangeError when one is not a date of the calendar, or the date is before the birth.
 * @param {string} birth @param {string} on
 */
export function ageInDays(birth, on) {
  const days = dayNumber(on) - dayNumber(birth);
  if (days < 0) throw new RangeError(`${on} is before the birth on ${birth}`);
  return days;
}

/** @param {string} isoDate @returns days from 1970-01-01, counted in UTC, where every day has 24 hours */
function dayNumber(isoDate) {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(isoDate);
  const ms = parts ? Date.UTC(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3])) : NaN;
  // Date.UTC makes 1 March of 30 February.
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== isoDate) {
    throw new RangeError(`${isoDate} is not a date such as 2024-02-29`);
  }
  return ms / MS_PER_DAY;
}

/** @param {number} ageDays @returns completed WHO months: floor(days / 30.4375), without a fraction in floats */
export function completedMonths(ageDays) {
  return Math.floor((ageDays * 16) / 487);
}

/**
 * The age in days from the day a child was due; null where nothing is corrected: registry/growth/gestation.py.
 * @param {number} ageDays @param {number | null | undefined} weeks of pregnancy
 */
export function correctedAgeDays(ageDays, weeks) {
  if (isMissing(weeks) || weeks >= rules.pretermBelowWeeks) return null;
  const corrected = ageDays - (rules.termWeeks - weeks) * 7;
  return corrected >= 0 && corrected < rules.standingFromDay ? corrected : null;
}

/** @param {number} ageDays @returns lying before 24 months (day 731), standing from then on */
export function expectedPosition(ageDays) {
  return ageDays < rules.standingFromDay ? Position.LYING : Position.STANDING;
}

/**
 * The length or height in the position that the standards expect at this age.
 *
 * Returns the corrected value in cm and whether a standing mark was not believed. Standing before 24
 * months: 0.7 cm longer. Lying from 24 months: 0.7 cm shorter. A standing mark under 9 months is not
 * believed and the value taken as lying. No correction when the position or the age is unknown.
 * @param {?number} lenheiCm @param {string} position @param {?number} ageDays @returns {[?number, boolean]}
 */
export function correctedLenhei(lenheiCm, position, ageDays) {
  if (ageDays === null || position === Position.UNKNOWN) return [lenheiCm, false];
  if (position === Position.STANDING && ageDays < rules.standingBelievedFromDay) return [lenheiCm, true];
  if (lenheiCm === null || position === expectedPosition(ageDays)) return [lenheiCm, false];
  const shift = position === Position.STANDING ? rules.standingToLyingCm : -rules.standingToLyingCm;
  // 103.1 - 0.7 is 102.39999999999999 in floats: put the result back on its decimal grid.
  return [roundHalfEven((lenheiCm + shift) * STEPS_PER_CM) / STEPS_PER_CM, false];
}

/**
 * The nearest integer, of two equally near the even one, never -0: as Python's round(), not Math.round.
 * @param {number} value
 */
export function roundHalfEven(value) {
  const nearest = Math.round(value);
  const up = nearest - value === 0.5 && nearest % 2 !== 0;
  return (up ? nearest - 1 : nearest) + 0;
}

// --- tables: WHO's figures as given, decoded at the first z-score that needs them ----------------------

/**
 * A column as it was: the integers are second differences of the values times the scale.
 * A running sum of integers is exact, and one division gives the double nearest to WHO's decimal.
 * @param {number[]} secondDifferences @param {number} scale
 */
function decode(secondDifferences, scale) {
  const values = new Float64Array(secondDifferences.length);
  let step = 0;
  let integer = 0;
  for (let i = 0; i < values.length; i += 1) {
    step += secondDifferences[i];
    integer += step;
    values[i] = integer / scale;
  }
  return values;
}

/** @param {any} file growth-tables.json, parsed @returns whether limits are there, and every column with all its rows */
function isComplete(file) {
  const { rules: limits, scales = {}, tables = {} } = file || {};
  if (!limits) return false;
  /** @type {GrowthIndex[]} */
  const indices = Object.values(limits.indices);
  return indices.flatMap((index) => index.tables).every((name) => Object.values(Sex).every((sex) => {
    const { first, last, [sex]: columns = {} } = tables[name] || {};
    const hasColumn = (/** @type {string} */ letter) => (
      scales[letter] > 0 && (columns[letter] || []).length === last - first + 1
    );
    return ["l", "m", "s"].every(hasColumn);
  }));
}

// --- single: the z-scores of one child ----------------------------------------------------------------

/** The standards, with their tables and limits. */
export class Growth {
  /** @param {any} file growth-tables.json, parsed; Error when it is something else */
  constructor(file) {
    if (!isComplete(file)) throw new Error("these are not the WHO tables of growth-tables.json");
    this._file = file;
    Object.assign(rules, file.rules);
    /** @type {Map<string, {l: Float64Array, m: Float64Array, s: Float64Array}>} */
    this._decoded = new Map();
  }

  /**
   * Columns of L, M and S of a table for one sex, one value a day of age or a millimetre.
   * @param {string} name lfa, wfa, bmifa, wfl or wfh @param {number} sex
   */
  lms(name, sex) {
    const key = name + sex;
    let columns = this._decoded.get(key);
    if (!columns) {
      const { scales, tables } = this._file;
      const { l, m, s } = tables[name][sex];
      columns = { l: decode(l, scales.l), m: decode(m, scales.m), s: decode(s, scales.s) };
      this._decoded.set(key, columns);
    }
    return columns;
  }

  /**
   * HAZ, WAZ, WHZ and BAZ of one child that its measures allow, their flags and labels; and HCZ.
   *
   * Without an age only weight for length/height is computed, and nothing past day 1826. Measures of
   * zero or less count as missing. RangeError for an unknown sex or position, and for an age that is
   * negative or no whole number; TypeError for measures that are no numbers.
   * @param {ChildMeasures} child @returns {Assessment}
   */
  assess({ sex, ageDays, weightKg, lenheiCm, headCm, position = Position.UNKNOWN, oedema = false }) {
    refuseUnknown(sex, ageDays, position, oedema);
    const [corrected, positionDisbelieved] = correctedLenhei(dropMissing(lenheiCm), position, ageDays);
    const clenheiCm = dropMissing(corrected);
    const weight = dropMissing(weightKg);
    // metres * metres, since a power is not the same to the last bit in every browser.
    const metres = (clenheiCm ?? 0) / 100;
    const bmi = weight === null || clenheiCm === null ? null : weight / (metres * metres);
    const who = { sex, ageDays, position, oedema, measures: { clenheiCm, weightKg: weight, bmi, headCm: dropMissing(headCm) } };
    /** @type {any} */
    const found = { ageDays, clenheiCm, positionDisbelieved, bmi, oedema, labels: {} };
    INDICES.forEach((index) => {
      const [z, isFlagged] = this._score(rules.indices[index], who);
      found[index] = z;
      found[`${index}Flag`] = isFlagged;
      found.labels[index] = isFlagged ? null : labelZscore(index, z);
    });
    [found.hcz] = this._score(rules.indices.hcz, who);
    return found;
  }

  /**
   * The z-score of an index, rounded, and its flag.
   * @param {GrowthIndex} index @param {IndexMeasures} of @returns {[?number, boolean]}
   */
  _score(index, { sex, ageDays, position, oedema, measures }) {
    const y = measures[index.measure];
    if (y === null || (oedema && index.hiddenByOedema) || (ageDays ?? 0) > rules.lastDay) return [null, false];
    const [name, ofHeight] = index.tables;
    const row = ofHeight
      ? this._rowByLength(countsAsStanding(measures.clenheiCm, position, ageDays) ? ofHeight : name, sex, measures.clenheiCm)
      : this._rowByDay(name, sex, ageDays);
    if (row === null) return [null, false];
    const z = roundHalfEven(zScore(y, row, index.restricted) * 100) / 100;
    return [z, z < index.low || z > index.high];
  }

  /** L, M and S on a day of age. @param {string} name @param {number} sex @param {?number} ageDays */
  _rowByDay(name, sex, ageDays) {
    return ageDays === null ? null : this._row(name, sex, ageDays - this._file.tables[name].first);
  }

  /**
   * L, M and S at a length (lying) or height (standing), between two millimetres by proportion.
   * @param {string} name @param {number} sex @param {?number} clenheiCm
   */
  _rowByLength(name, sex, clenheiCm) {
    if (clenheiCm === null) return null;
    // Integer steps, because a length such as 102.4 is not exact in floats and would fall a row short.
    const steps = roundHalfEven(clenheiCm * STEPS_PER_CM);
    const beyond = steps % STEPS_PER_MM;
    const mm = (steps - beyond) / STEPS_PER_MM;
    const { first, last } = this._file.tables[name];
    const place = mm - first;
    if (place < 0 || mm > last || (mm === last && beyond > 0)) return null;
    const low = this._row(name, sex, place);
    if (beyond === 0) return low;
    const part = beyond / STEPS_PER_MM;
    const high = this._row(name, sex, place + 1);
    return low.map((value, i) => value + part * (high[i] - value));
  }

  /** @param {string} name @param {number} sex @param {number} place @returns {number[]} L, M and S */
  _row(name, sex, place) {
    const { l, m, s } = this.lms(name, sex);
    return [l[place], m[place], s[place]];
  }
}

/** @param {number} sex @param {?number} ageDays @param {string} position @param {boolean} oedema */
function refuseUnknown(sex, ageDays, position, oedema) {
  if (sex !== Sex.BOY && sex !== Sex.GIRL) throw new RangeError(`${sex} is not a sex: 1 boy, 2 girl`);
  if (ageDays !== null && !(Number.isInteger(ageDays) && ageDays >= 0)) {
    throw new RangeError(`an age of ${ageDays} days is not one of whole days from birth`);
  }
  if (!/** @type {string[]} */ (Object.values(Position)).includes(position)) {
    throw new RangeError(`${position} is not a position: "L", "H" or ""`);
  }
  if (typeof oedema !== "boolean") throw new TypeError(`oedema is true or false, not ${oedema}`);
}

/** @param {?number} [value] @returns the value, or null when it is no measurement */
function dropMissing(value) {
  if (value === null || value === undefined) return null;
  // "8.2" + 0.7 is "8.20.7".
  if (typeof value !== "number") throw new TypeError(`a measure is a number, not ${typeof value}`);
  return value >= rules.least && value <= rules.most ? value : null;
}

/**
 * Weight for height rather than for length: by the age, else the position, else the size.
 * @param {?number} clenheiCm @param {string} position @param {?number} ageDays
 */
function countsAsStanding(clenheiCm, position, ageDays) {
  if (ageDays !== null) return ageDays >= rules.standingFromDay;
  if (position === Position.UNKNOWN) return (clenheiCm ?? 0) >= rules.unknownLyingBelowCm;
  return position === Position.STANDING;
}

/**
 * The z-score of a measure, unrounded: Box-Cox, or restricted beyond 3 SD where WHO says so.
 * @param {number} y @param {number[]} row L, M and S @param {boolean} restricted
 */
function zScore(y, row, restricted) {
  const [l, m, s] = row;
  const z = ((y / m) ** l - 1) / (s * l);
  if (!restricted || (z >= -3 && z <= 3)) return z;
  const sign = z > 0 ? 1 : -1;
  const sd3 = m * (1 + l * s * (3 * sign)) ** (1 / l);
  const sd2 = m * (1 + l * s * (2 * sign)) ** (1 / l);
  return 3 * sign + (y - sd3) / Math.abs(sd3 - sd2);
}

// --- labels: the classes of Permenkes 2/2020 -----------------------------------------------------------

/**
 * The class of a rounded z-score; null without one.
 * @param {IndexName} index @param {number | null | undefined} z @returns {?GrowthLabel}
 */
export function labelZscore(index, z) {
  if (isMissing(z)) return null;
  const { labels, classesAbove } = rules.indices[index];
  const place = rules.classesBelow.filter((limit) => z >= limit).length + classesAbove.filter((limit) => z > limit).length;
  return labels[place];
}

/**
 * Class of arm circumference (LiLA) in cm; null outside 6 to 59 completed months.
 * @param {?number} muacCm @param {?number} ageDays @returns {?GrowthLabel}
 */
export function labelMuac(muacCm, ageDays) {
  if (isMissing(muacCm) || isMissing(ageDays)) return null;
  const months = completedMonths(ageDays);
  if (months < rules.muac.fromMonth || months >= rules.muac.beforeMonth) return null;
  const [severe, moderate, normal] = rules.muac.labels;
  if (muacCm < rules.muac.severeCm) return severe;
  return muacCm < rules.muac.moderateCm ? moderate : normal;
}

/**
 * NaN, which JavaScript makes of an empty field, must not read as normal.
 * @param {number | null | undefined} value @returns {value is null | undefined}
 */
function isMissing(value) {
  return value === null || value === undefined || Number.isNaN(value);
}

// --- gain: N, T, O and B of the KMS -------------------------------------------------------------------

/** @param {any} value @returns {value is number} */
export const isNumber = (value) => typeof value === "number";

/**
 * A measurement with what WHO's standards say of it.
 * @param {GrowthStandards} growth @param {Born} child @param {PhoneMeasurement} m @returns {AssessedMeasurement}
 */
export function assessMeasurement(growth, child, m) {
  const ageDays = ageInDays(child.born, m.on);
  const oedema = Boolean(m.oedema);
  const of = { sex: child.sex, weightKg: m.kg, lenheiCm: m.cm, headCm: m.head, position: m.position, oedema };
  const due = correctedAgeDays(ageDays, child.weeks);
  const corrected = due === null ? null : growth.assess({ ...of, ageDays: due });
  return { ...m, ...growth.assess({ ...of, ageDays }), ageDays, oedema, weeks: child.weeks, corrected };
}

/** WHO's limits say that one of the values is not a child's. @param {Assessment} m */
export const hasFlag = (m) => INDICES.some((index) => m[`${index}Flag`]);

/** "2024-08" as a number that rises by one a month. @param {string} isoDate */
export function monthNumber(isoDate) {
  return Number(isoDate.slice(0, 4)) * 12 + Number(isoDate.slice(5, 7));
}

/**
 * The code of a weighing, "" when the child was not weighed: decided in the order B, O, N, T.
 *
 * before: the measurements of earlier days, oldest first; the first may itself say by its code that the
 * child was weighed before it.
 * @param {GrowthStandards} growth @param {Born} child @param {PhoneMeasurement} seen @param {PhoneMeasurement[]} before
 * @param {KbmTable[]} kbm
 */
export function gainCode(growth, child, seen, before, kbm) {
  if (!isNumber(seen.kg)) return "";
  const month = monthNumber(seen.on);
  const weighed = before.filter((m) => isNumber(m.kg) && monthNumber(m.on) < month);
  const earlier = before.some((m) => m.gain && m.gain !== "B");
  if (weighed.length === 0 && !earlier) return "B";
  const isBelieved = (/** @type {PhoneMeasurement} */ m) => !assessMeasurement(growth, child, m).wazFlag;
  const { leastDays } = kbmTableOn(kbm, seen.on);
  const isMonthAgo = (/** @type {PhoneMeasurement} */ m) => (
    monthNumber(m.on) === month - 1 && ageInDays(m.on, seen.on) >= leastDays);
  const previous = isBelieved(seen) && weighed.filter((m) => isMonthAgo(m) && isBelieved(m)).pop();
  if (!previous) return "O";
  const gained = roundHalfEven(seen.kg * 1000) - roundHalfEven(Number(previous.kg) * 1000);
  return gained >= minimumGainG(child, seen, kbm) ? "N" : "T";
}

/** How few days ago it was weighed last month, where that makes an O. @param {GrowthStandards} growth @param {Born} child @param {AssessedMeasurement} m @param {PhoneMeasurement[]} before */
export function daysSinceLastMonth(growth, child, m, before) {
  const last = before.filter((one) => isNumber(one.kg) && monthNumber(one.on) === monthNumber(m.on) - 1);
  const near = m.gain === "O" && !m.wazFlag && last.filter((one) => !assessMeasurement(growth, child, one).wazFlag).pop();
  return near ? ageInDays(near.on, m.on) : 0;
}

/** @param {Born} child @param {PhoneMeasurement} seen @param {KbmTable[]} kbm */
function minimumGainG(child, seen, kbm) {
  const { fromMonths, grams } = kbmTableOn(kbm, seen.on);
  const age = completedMonths(ageInDays(child.born, seen.on));
  const column = fromMonths.filter((month) => month <= age).length - 1;
  return grams[child.sex][Math.max(column, 0)];
}

/** The card in force on a day; before the first one begins, that one. @param {KbmTable[]} kbm oldest first @param {string} on */
function kbmTableOn(kbm, on) {
  return kbm.filter((table) => table.validFrom <= on).pop() || kbm[0];
}

/**
 * 2T: T in this month and in the one before; of a month by its last N or T, since an O after them is of a
 * weight that nobody believes.
 * @param {PhoneMeasurement} seen @param {string | undefined} gain @param {PhoneMeasurement[]} before
 */
export function isTwiceNotGained(seen, gain, before) {
  const codeOf = (/** @type {number} */ month) => (
    before.filter((m) => (m.gain === "N" || m.gain === "T") && monthNumber(m.on) === month).pop())?.gain;
  const month = monthNumber(seen.on);
  return (gain === "N" || gain === "T" ? gain : codeOf(month)) === "T" && codeOf(month - 1) === "T";
}
