/**
 * Why a child is on the follow-up list: what its measurements said last of each measure, also where the newest one
 * says nothing of it. The twin of find_reasons and list_unsaid_reasons of kpm/follow_up.py; tests/phone holds them
 * together.
 */
import { conditionOf, listSteps } from "./children.js";
import { assessMeasurement, isNumber, isTwiceNotGained, labelMuac, rules } from "./zscores.js";

const NOTHING = {
  kg: null, muac: null, hcz: null, gain: "", oedema: false, labels: { haz: null, waz: null, whz: null },
  hazFlag: false, wazFlag: false, whzFlag: false, bazFlag: false,
};
/** Who is referred today need not go this week as well. @type {[string, string][]} */
const URGENCIES = [["refer_today", "now"], ["refer", "act"]];
/** @type {Record<string, string[]>} */
const IMPLIED = {
  severely_wasted: ["wasted"], twice_not_gained: ["not_gained"], obese: ["risk_overweight"], overweight: ["risk_overweight"],
};

/**
 * What each measure says of a child: the reason by its code and what alone is known then; null where it says nothing.
 * @type {Record<string, (m: AssessedMeasurement, before: PhoneMeasurement[]) => [string, any] | null>}
 */
const MEASURES = {
  haz: ({ labels: { haz } }) => haz && [haz.code, { labels: { ...NOTHING.labels, haz } }],
  waz: ({ oedema, labels: { waz, whz } }) => (oedema ? ["severely_underweight", { oedema }]
    // That weight for length is known, not what it says.
    : waz && [waz.code, { labels: { ...NOTHING.labels, waz, whz: whz && { ...whz, code: "known" } } }]),
  whz: ({ oedema, labels: { whz } }) => (oedema ? ["severely_wasted", { oedema }]
    : whz && [whz.code, { labels: { ...NOTHING.labels, whz } }]),
  muac: ({ muac, ageDays }) => {
    const label = labelMuac(isNumber(muac) ? muac : null, ageDays);
    return label && [label.code, { muac, ageDays }];
  },
  head: ({ hcz }) => (isNumber(hcz) ? ["odd_head", { hcz }] : null),
  gain: (m, before) => {
    if (!m.gain || m.wazFlag) return null;
    const twice = isTwiceNotGained(m, m.gain, before);
    return [twice ? "twice_not_gained" : "not_gained", { gain: m.gain, twice }];
  },
};

/**
 * The reasons that ask for more than what was said of the newest measurement `m`, each with its step in words, the
 * day on which it was seen last, and the kind of its chip. None where a later measurement is known.
 * @param {GrowthStandards} growth @param {PhoneChild} child @param {PhoneMeasurement} m @param {Words} words
 * @param {string[]} said @returns {StandingReason[]}
 */
export function listUnsaidReasons(growth, child, m, words, said) {
  const now = assessMeasurement(growth, child, m);
  if (child.gone || now.ageDays > rules.lastDay || child.seen.some((one) => one.on > m.on)) return [];
  const found = Object.values(MEASURES).map((measure) => findLast(growth, child, measure, now))
    .filter((one) => one !== null).sort((one, other) => (one.on > other.on ? -1 : 1));
  const codes = found.map((one) => one.code);
  // By weight for length and by the arm is one reason, and the worse of the two is said.
  const reasons = found.filter((one, i) => codes.indexOf(one.code) === i && !codes.some((worse) => IMPLIED[worse]?.includes(one.code)));
  const [step, kind] = URGENCIES.find(([urgency]) => reasons.some((one) => one.step === urgency)) || [];
  if (!step || said.includes(words.steps[step])) return [];
  return reasons.filter((one) => one.step === step)
    .map(({ code, on }) => ({ word: words.reasons[code], on, kind: String(kind), step: words.steps[step] }));
}

/**
 * What the newest measurement that says anything of a measure asks for; null where that is nothing.
 * @param {GrowthStandards} growth @param {PhoneChild} child @param {typeof MEASURES[string]} measure
 * @param {AssessedMeasurement} now
 */
function findLast(growth, child, measure, now) {
  const believed = child.seen.map((one) => assessMeasurement(growth, child, one));
  for (const [i, m] of [...believed.entries()].reverse()) {
    const found = measure(m, believed.slice(0, i).filter((one) => !one.wazFlag));
    if (found) {
      const [code, { twice = false, ...known }] = found;
      const steps = listSteps(conditionOf({ ...now, ...NOTHING, ...known }, twice));
      const [step] = URGENCIES.find(([urgency]) => steps.includes(urgency)) || [];
      return step ? { code, on: m.on, step } : null;
    }
  }
  return null;
}
