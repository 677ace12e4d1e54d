/**
 * Measurements that are more likely a slip of the hand than a child: the twin of
 * registry/growth/plausibility.py. The limits come from the register as data (kpm/workspace_strings.py).
 */
import {
  INDICES, Position, Sex, assessMeasurement, completedMonths, expectedPosition, isNumber, roundHalfEven, rules,
} from "./zscores.js";

/**
 * Codes of what makes a measurement unlikely, given those before its day, oldest first.
 * @param {GrowthStandards} growth @param {Born} child @param {PhoneMeasurement} seen
 * @param {PhoneMeasurement[]} before @param {PlausibilityLimits} limits
 */
export function findDoubts(growth, child, seen, before, limits) {
  const now = assessMeasurement(growth, child, seen);
  const earlier = before.filter((m) => m.on < seen.on).map((m) => assessMeasurement(growth, child, m));
  return [
    ...INDICES.filter((index) => now[`${index}Flag`]).map((index) => `${index}_flag`),
    ...findLengthJump(findLast(earlier, "clenheiCm", "hazFlag"), now, limits),
    ...findWeightJump(growth, findLast(earlier, "kg", "wazFlag"), now, limits),
  ];
}

/**
 * The newest measurement that has a believed value of this kind; they may be of different days.
 * @param {AssessedMeasurement[]} measurements @param {"kg" | "clenheiCm"} name @param {"wazFlag" | "hazFlag"} flag
 */
function findLast(measurements, name, flag) {
  return measurements.filter((m) => isNumber(m[name]) && !m[flag]).pop();
}

/** @param {AssessedMeasurement | undefined} before @param {AssessedMeasurement} now @param {PlausibilityLimits} limits */
function findLengthJump(before, now, limits) {
  if (!before || !isNumber(now.clenheiCm)) return [];
  const grown = lyingMm(now, limits) - lyingMm(before, limits);
  if (grown < -limits.shorterByMoreThanMm) return ["shorter"];
  return grown > mostLengthGainMm(before.ageDays, now.ageDays, limits) ? ["length_jump"] : [];
}

/**
 * @param {GrowthStandards} growth @param {AssessedMeasurement | undefined} before @param {AssessedMeasurement} now
 * @param {PlausibilityLimits} limits
 */
function findWeightJump(growth, before, now, limits) {
  if (!before || !isNumber(now.kg)) return [];
  const grams = roundHalfEven(Number(before.kg) * 1000);
  const gained = roundHalfEven(now.kg * 1000) - grams;
  const most = mostWeightGainG(growth, grams, before.ageDays, now.ageDays, limits);
  const least = -mostWeightLossG(grams, before.ageDays, now.ageDays, limits);
  return least <= gained && gained <= most ? [] : ["weight_jump"];
}

/**
 * A corrected length or height as a length, so that turning two does not look like shrinking.
 * @param {AssessedMeasurement} m @param {PlausibilityLimits} limits
 */
function lyingMm(m, { standingToLyingMm }) {
  const standing = expectedPosition(m.ageDays) === Position.STANDING ? standingToLyingMm : 0;
  return roundHalfEven(Number(m.clenheiCm) * 10) + standing;
}

/**
 * The most that a child's length can have grown between two ages (days), in mm.
 * @param {number} fromDay @param {number} toDay @param {PlausibilityLimits} limits
 */
function mostLengthGainMm(fromDay, toDay, { daysPerMonth, lengthGainMm }) {
  const first = completedMonths(fromDay);
  const steps = Math.max(1, Math.ceil((toDay - fromDay) / (2 * daysPerMonth)));
  let most = 0;
  for (let step = 0; step < steps; step += 1) {
    most += lengthGainMm[Math.min(first + 2 * step, lengthGainMm.length - 1)];
  }
  return most;
}

/**
 * The most that a child can have gained between two ages (days), in grams.
 * @param {GrowthStandards} growth @param {number} beforeG @param {number} fromDay @param {number} toDay
 * @param {PlausibilityLimits} limits
 */
function mostWeightGainG(growth, beforeG, fromDay, toDay, { weightGainTimesMedian, weightShareAtOnce }) {
  const median = growth.lms("wfa", Sex.BOY).m;
  const gainKg = median[Math.min(toDay, rules.lastDay)] - median[Math.min(fromDay, rules.lastDay)];
  const expectedG = weightGainTimesMedian * Math.max(0, gainKg * 1000);
  return roundHalfEven(weightShareAtOnce * beforeG + expectedG);
}

/**
 * The most that a child can have lost between two ages (days), in grams.
 * @param {number} beforeG @param {number} fromDay @param {number} toDay @param {PlausibilityLimits} limits
 */
function mostWeightLossG(beforeG, fromDay, toDay, limits) {
  const months = Math.max(1, Math.ceil((toDay - fromDay) / limits.daysPerMonth));
  const share = limits.weightShareAtOnce + months * limits.weightLossSharePerMonth;
  return roundHalfEven(Math.min(share, limits.weightLossShareAtMost) * beforeG);
}

