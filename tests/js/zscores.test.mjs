/** The phone's z-scores and classes against WHO's software, e-PPGBM, and by hand. */
import assert from "node:assert/strict";
import test from "node:test";
import { Growth, INDICES, ageInDays, labelMuac, labelZscore } from "../../static/js/workspace/zscores.js";
import { growth, numberOf, rowsOf, tablesOf } from "./support.mjs";

const WHO = { haz: "len", waz: "wei", whz: "wfl", baz: "bmi" };

const assessRow = (row) => growth.assess({
  sex: Number(row.sex),
  ageDays: numberOf(row.age_days ?? row.age_days_used),
  weightKg: numberOf(row.weight_kg),
  lenheiCm: numberOf(row.lenhei_cm),
  position: row.measure,
  oedema: row.oedema === "y",
});

/** Numbers that R wrote with 15 digits; WHO writes Inf where we have none. */
const isNear = (ours, text) => ours === numberOf(text) || (ours !== null && Math.abs(ours - Number(text)) < 1e-9);

/** Fields that WHO's software gave otherwise, with ours. */
function differencesOf(row) {
  const got = assessRow(row);
  const found = {};
  if (!isNear(got.clenheiCm, row.clenhei)) found.clenheiCm = got.clenheiCm;
  if ("cbmi" in row && !isNear(got.bmi, row.cbmi)) found.bmi = got.bmi;
  if (got.positionDisbelieved !== (row.c9mo_flag === "1")) found.positionDisbelieved = got.positionDisbelieved;
  Object.entries(WHO).forEach(([index, name]) => {
    if (got[index] !== numberOf(row[`z${name}`])) found[index] = got[index];
    if (got[`${index}Flag`] !== (row[`f${name}`] === "1")) found[`${index}Flag`] = got[`${index}Flag`];
  });
  return found;
}

const differing = (rows) => Object.fromEntries(
  rows.map((row) => [row.id, differencesOf(row)]).filter(([, found]) => Object.keys(found).length),
);

test("every row of WHO's software but its own faults", () => {
  const rows = rowsOf("golden.csv");
  assert.equal(rows.length, 600);
  // Without a weight WHO scores a weight of nothing; see tests/growth/test_golden.py.
  const noWeight = { bmi: null, whz: null, whzFlag: false };
  assert.deepEqual(differing(rows), {
    101: noWeight, 165: noWeight, 192: noWeight, 599: noWeight,
    600: { clenheiCm: null, bmi: null, baz: null, bazFlag: false },
    552: { whz: -0.81 },
  });
});

test("every row with an age in months but the two that are explained", () => {
  const rows = rowsOf("golden_months.csv");
  assert.equal(rows.length, 60);
  const found = Object.entries(differing(rows)).map(([id, fields]) => [id, Object.keys(fields).sort()]);
  assert.deepEqual(Object.fromEntries(found), {
    8: ["baz", "clenheiCm", "haz", "positionDisbelieved", "whz"],
    23: ["baz", "haz", "waz", "whz"],
  });
});

const TERMS = {
  waz: ["bbu", { "Sangat Kurang": "severely_underweight", Kurang: "underweight", Normal: "normal_weight",
    "Risiko Lebih": "risk_overweight" }],
  haz: ["tbu", { "Sangat Pendek": "severely_stunted", Pendek: "stunted", Normal: "normal_height", Tinggi: "tall" }],
  whz: ["bbtb", { "Gizi Buruk": "severely_wasted", "Gizi Kurang": "wasted", "Gizi Baik": "normal",
    "Risiko Gizi Lebih": "possible_risk_overweight", "Gizi Lebih": "overweight", Obesitas: "obese" }],
};

test("every row of e-PPGBM has the same scores and classes", () => {
  const rows = rowsOf("eppgbm_vectors.csv");
  assert.equal(rows.length, 36);
  rows.forEach((row) => {
    const measure = row.posture === "Terlentang" ? "L" : "H";
    const got = assessRow({ ...row, sex: row.sex === "L" ? 1 : 2, measure });
    Object.entries(TERMS).forEach(([index, [name, codes]]) => {
      assert.ok(Math.abs(got[index] - Number(row[`zs_${name}`])) <= 0.0101, JSON.stringify(row));
      assert.equal(got.labels[index].code, codes[row[`label_${name}`]], JSON.stringify(row));
    });
  });
});

test("the medians of a girl on day 365, as WHO's tables print them", () => {
  const got = growth.assess({ sex: 2, ageDays: 365, weightKg: 8.9462, lenheiCm: 74.0049, position: "L" });
  assert.deepEqual([got.waz, got.haz], [0, 0]);
});

test("a score that rounds to nothing is zero without a sign", () => {
  // A boy's median at birth is 49.8842 cm with S 0.03795: 49.88 cm is -0.002 SD.
  assert.ok(Object.is(growth.assess({ sex: 1, ageDays: 0, lenheiCm: 49.88 }).haz, 0));
});

test("what is missing in JavaScript's own ways is missing", () => {
  // NaN is what an empty field becomes; it must not read as normal.
  const got = growth.assess({ sex: 2, ageDays: 400, weightKg: NaN, lenheiCm: undefined });
  assert.deepEqual([got.clenheiCm, ...INDICES.map((index) => got[index])], [null, null, null, null, null]);
  assert.deepEqual(got.labels, { haz: null, waz: null, whz: null, baz: null });
  assert.deepEqual([labelZscore("haz", NaN), labelZscore("whz", undefined), labelMuac(NaN, 400)], [null, null, null]);
});

test("what cannot be judged is refused", () => {
  const dates = [["2024-03-02", "2024-03-01"], ["2023-02-29", "2024-03-01"], ["2024-13-01", "2025-03-01"],
    ["", "2025-03-01"], ["0024-03-01", "2024-03-01"], ["2024-3-01", "2024-03-02"], ["2024-03-01T00:00", "2024-03-02"]];
  dates.forEach((pair) => assert.throws(() => ageInDays(...pair), RangeError, pair.join(" ")));
  const children = [{ sex: 3, ageDays: 10 }, { sex: "1", ageDays: 10 }, { sex: 1, ageDays: -1 }, { sex: 1, ageDays: 10.5 },
    { sex: 1, ageDays: NaN }, { sex: 1 }, { sex: 1, ageDays: 10, position: "S" }];
  children.forEach((child) => assert.throws(() => growth.assess(child), RangeError, JSON.stringify(child)));
  assert.throws(() => growth.assess({ sex: 1, ageDays: 10, oedema: "n" }), TypeError);
  assert.throws(() => growth.assess({ sex: 1, ageDays: 10, weightKg: "3.2" }), TypeError);
});

test("tables with a part missing are refused", () => {
  const faults = [
    (file) => delete file.tables.wfh, (file) => delete file.tables.lfa[2], (file) => delete file.tables.lfa[2].s,
    (file) => file.tables.wfa[1].m.pop(), (file) => { file.tables.wfl.first = 451; }, (file) => delete file.scales.l, (file) => delete file.rules,
  ];
  [{}, null].forEach((file) => assert.throws(() => new Growth(file), /not the WHO tables/));
  faults.forEach((fault) => {
    const file = tablesOf();
    fault(file);
    assert.throws(() => new Growth(file), /not the WHO tables/, String(fault));
  });
});

test("days of age are the same in every time zone", () => {
  // Sao Paulo had midnights that did not exist, and Apia skipped 30 December 2011.
  const pairs = [["2011-12-29", "2026-01-01", 5117], ["2018-11-03", "2021-02-28", 848], ["2020-02-29", "2024-02-29", 1461],
    ["1969-12-31", "2020-03-01", 18323], ["2011-12-29", "2100-03-01", 32204]];
  const before = process.env.TZ;
  ["Asia/Jakarta", "America/Sao_Paulo", "Pacific/Apia"].forEach((zone) => {
    process.env.TZ = zone;
    pairs.forEach(([birth, on, days]) => assert.equal(ageInDays(birth, on), days, zone));
  });
  process.env.TZ = before ?? "";
});
