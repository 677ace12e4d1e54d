/** Open cases on the phone: what its own entries add to those of the roster, before the register has them. */
import assert from "node:assert/strict";
import test from "node:test";
import { daysBetween, findCases, sortByUrgency } from "../../static/js/workspace/cases.js";
import { mergeEntries } from "../../static/js/workspace/children.js";
import { growth } from "./support.mjs";

const anything = (name) => new Proxy({}, { get: (_target, key) => `${name}.${String(key)}` });
const words = {
  indices: { haz: ["", ""], whz: ["", ""], waz: ["", ""], muac: ["", ""], oedema: ["", ""] },
  ...Object.fromEntries(["headings", "steps", "notes", "gains"].map((name) => [name, anything(name)])),
  urgencies: { today: "", this_week: "", visit: "" },
  reasons: { severely_wasted: "Gizi buruk", wasted: "Gizi kurang", stunted: "Pendek", not_measured: "Lama" },
};
const AT = 1000; // when the roster was asked for
const stunting = { id: "c", kind: "stunting", reason: "stunted", urgency: "this_week", opened: "2024-07-05" };
const missed = { id: "n", kind: "not_measured", reason: "not_measured", urgency: "visit", opened: "2024-08-01" };
const girl = (more = {}) => ({ id: "a", name: "Ani", sex: 2, born: "2023-06-20", seen: [], ...more });
const step = (value, more = {}) => {
  const [action, referred_to = ""] = value.split(":");
  const body = { child: "a", action, referred_to, on: "2024-08-20" };
  return { id: value, kind: "step", child: "a", state: "waiting", body, ...more };
};
const weighing = (kg, cm) => ({
  id: "m", kind: "measurement", child: "a", state: "waiting",
  body: { measured_on: "2024-08-20", weight_kg: kg, lenhei_cm: cm, position: "L" },
});
/** The child with the entries of this phone laid over, and its cases. */
function casesOf(child, ...entries) {
  const [merged] = mergeEntries({ children: [child], village: { code: "v" }, at: AT }, entries, growth, []);
  return findCases(growth, merged, entries, AT, words);
}

test("a waiting step counts at once; one that was refused or that the roster knows does not", () => {
  const child = girl({ cases: [stunting], step: { on: "2024-07-10", step: "visited" } });
  assert.deepEqual(casesOf(child).last, { on: "2024-07-10", step: "visited" });
  const { cases: [one], last } = casesOf(child, step("referred:midwife"));
  assert.deepEqual([one.referred, one.waiting, one.whom], ["2024-08-20", "2024-08-20", "midwife"]);
  assert.deepEqual(last, { on: "2024-08-20", step: "referred:midwife" });
  for (const more of [{ state: "fix" }, { state: "received", receivedAt: AT - 1 }, { child: "b" }]) {
    assert.equal(casesOf(child, step("visited", more)).cases[0].visited, undefined);
  }
  assert.equal(casesOf(child, step("visited", { state: "received", receivedAt: AT + 1 })).cases[0].visited, "2024-08-20");
});

test("what a measurement of this phone refers for is a case before the register has it", () => {
  // 14 months, 74 cm: at 6.5 kg far below -3 SD of weight for length.
  const { cases, isAskedFor } = casesOf(girl(), weighing(6.5, 74), step("referred:midwife"));
  assert.equal(isAskedFor, true);
  assert.deepEqual(cases.map((one) => [one.kind, one.urgency, one.opened, one.waiting]), [["", "today", "2024-08-20", "2024-08-20"]]);
  // 9 kg at 75 cm is fine: nothing is opened, and nothing asked for.
  assert.deepEqual(casesOf(girl(), weighing(9, 75)), { cases: [], isAskedFor: false, last: undefined });
});

test("a case that the register knows goes on, and months missed end with a measurement", () => {
  const known = casesOf(girl({ cases: [stunting, missed] }), weighing(6.5, 74));
  assert.deepEqual(known.cases.map((one) => one.id), ["c"]);
  assert.equal(known.isAskedFor, true);
  const before = casesOf(girl({ cases: [missed, stunting] }));
  assert.deepEqual([before.cases.map((one) => one.id), before.isAskedFor], [["c", "n"], false]);
});

test("children stand by urgency, then by the worst reason, then the oldest first", () => {
  const row = (id, ...cases) => ({ child: girl({ id }), cases });
  const rows = [
    row("visit", missed), row("young", { ...stunting, opened: "2024-08-01" }), row("old", stunting),
    row("today", { ...stunting, reason: "severely_wasted", urgency: "today" }),
    row("wasted", { ...stunting, reason: "wasted" }),
  ];
  assert.deepEqual(sortByUrgency(rows, words).map(({ child }) => child.id), ["today", "wasted", "old", "young", "visit"]);
  assert.equal(daysBetween("2024-07-05", "2024-08-20"), 46);
});
