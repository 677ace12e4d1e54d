/** The roster on the phone: sections, search, and what this phone has entered laid over it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import {
  findAlike, matchesSearch, mergeEntries, placeAlike, plain, searchWords, sortIntoSections, spellingsOf,
} from "../../static/js/workspace/children.js";
import { findNextChild, findTarget } from "../../static/js/workspace/entry_target.js";
import { gainCode } from "../../static/js/workspace/zscores.js";
import { growth } from "./support.mjs";

/** Any sentence is its own key. */
const anything = (name) => new Proxy({}, { get: (_target, key) => `${name}.${String(key)}` });
const words = {
  indices: { haz: ["", ""], whz: ["", ""], waz: ["", ""], muac: ["", ""], oedema: ["", ""] },
  ...Object.fromEntries(["headings", "steps", "notes", "gains", "waiting", "refused"].map((name) => [name, anything(name)])),
};
const KBM = [{ validFrom: "2010-01-01", fromMonths: [1], grams: { 1: [200], 2: [200] }, leastDays: 21 }];

const row = (name, born, ...seen) => ({ id: name, name, sex: 2, born, seen });

test("children stand in the section of what is still to do", () => {
  const found = sortIntoSections(growth, [
    row("Ani", "2023-06-20", { id: "1", on: "2024-08-05", kg: 9.1, cm: 76, gain: "B" }),
    row("Bagus", "2023-06-20", { id: "2", on: "2024-08-05", kg: 24, cm: 76, gain: "B" }),
    row("Cici", "2023-06-20", { id: "3", on: "2024-07-05", kg: 9, cm: 75, gain: "B" }),
    row("Dewi", "2024-08-31"),
    row("Eko", "2019-08-14"), // day 1827 is 14 August 2024
    row("Fani", "2019-08-14", { id: "4", on: "2024-08-13", kg: 16, cm: 103, gain: "B" }),
    row("Gita", "2019-07-31"), // past five all month
    { ...row("Hana", "2023-06-20"), moved: "Slarang" },
  ], "2024-08-01", "2024-08-20", words);
  const names = Object.entries(found).map(([section, rows]) => [section, rows.map(({ child }) => child.name)]);
  assert.deepEqual(Object.fromEntries(names), {
    again: ["Bagus"], todo: ["Cici", "Dewi"], done: ["Ani", "Fani"], leaving: ["Eko"], moved: ["Hana"],
  });
  assert.equal(found.moved[0].word, "waiting.moved");
});

const names = JSON.parse(readFileSync(new URL("../data/names.json", import.meta.url), "utf8"));

test("a name has one spelling, and is found by it: the register's fixture", () => {
  names.spelt.forEach(([text, spelt, words]) => assert.deepEqual([plain(text), spellingsOf(text)], [spelt, words], text));
  names.found.forEach(([name, text, found]) => assert.equal(matchesSearch(searchWords({ name }), text), found, `${name}: ${text}`));
});

test("children are sorted by that spelling, then by birth date", () => {
  const children = [...names.sorted].reverse().map((name, i) => row(name, `2022-03-${10 + i}`));
  const sorted = mergeEntries({ ...roster, children }, [], growth, KBM).map((child) => plain(child.name));
  assert.deepEqual(sorted, names.sorted.map(plain));
  const same = [row("Ani", "2023-06-21"), row("ÁNI", "2023-06-20")];
  assert.deepEqual(mergeEntries({ ...roster, children: same }, [], growth, KBM).map((child) => child.born), ["2023-06-20", "2023-06-21"]);
});

test("search takes any part of a word of the child's and the parent's name", () => {
  const cases = [["Siti Nurhaliza", "nur", true], ["Siti Nurhaliza", "SI nu", true], ["Siti Nurhaliza", "haliza", true],
    ["M. Ali-Akbar", "ak", true], ["Siti", "", true], ["Siti", "s x", false], ["Siti", "ibu nur'aini", true],
    ["Siti", "siti aini", true], ["Siti", "siti budi", false]];
  cases.forEach(([name, search, found]) => {
    assert.equal(matchesSearch(searchWords({ name, parent: "Ibu Nuraini" }), search), found, `${name}: ${search}`);
  });
});

const LIMITS = { writtenOut: { M: "MUHAMMAD" }, sounds: [["Y", "I"], ["Z", "S"]] };
const child = (id, name, parent, born = "2023-06-20", posyandu = "Melati") => ({ id, name, parent, born, posyandu, sex: 1, seen: [] });
const alikeOnes = [
  child("1", "Riski Maulana", "Ani"), child("2", "Rita", "Budi"), child("3", "Rizki Maulana", "Cici", "2022-01-02"),
  child("4", "Rizky  Maulana", "Ani", "2023-06-20", "Mawar"), child("5", "Sari", "Dewi"),
];

test("children whose names sound alike stand under each other, and what tells them apart is known", () => {
  const alike = findAlike(alikeOnes, LIMITS);
  assert.deepEqual([...alike.keys()], ["1", "3", "4"]);
  assert.deepEqual(alike.get("3"), { sound: "RISKIMAULANA", differing: ["parent", "born", "posyandu"], count: 3 });
  const rows = alikeOnes.map((one) => ({ child: one }));
  assert.deepEqual(placeAlike(rows, alike).map((row) => row.child.id), ["1", "3", "4", "2", "5"]);
  const twins = findAlike([child("1", "Ani", "Sri"), child("2", "ANI", "Sri"), child("3", "M. Ali", "Sri"), child("4", "Muhammad Ali", "Tuti")], LIMITS);
  assert.deepEqual([...twins].map(([id, { differing }]) => [id, differing]), [["1", []], ["2", []], ["3", ["parent"]], ["4", ["parent"]]]);
});

test("the next child is the next of the list as it is shown, then from its start", () => {
  const alike = findAlike(alikeOnes, LIMITS);
  const next = (after, ...todo) => findNextChild({ todo: todo.map((i) => ({ child: alikeOnes[i] })) }, after, alike)?.id;
  assert.equal(next(alikeOnes[0], 1, 2, 3, 4), "3"); // Rizki, and not Rita
  assert.equal(next(alikeOnes[3], 1, 2, 4), "5"); // Rita, Rizki, Rizky, Sari
  assert.equal(next(alikeOnes[4], 1, 2, 4), "2");
  assert.equal(next(alikeOnes[4], 4), undefined);
  assert.equal(next(child("9", "Putri", "guest"), 1, 4), "2");
});

const entry = (changes) => ({
  id: "e1", kind: "measurement", child: "Ani", village: "33", state: "waiting", tried: false, at: 1,
  body: { measured_on: "2024-08-05", weight_kg: 9.3, lenhei_cm: null, position: "" }, ...changes,
});
const roster = { village: { code: "33", name: "" }, at: 1000, children: [
  row("Ani", "2023-06-20", { id: "1", on: "2024-07-05", kg: 9.1, gain: "B" }),
] };

test("what this phone has entered is laid over the roster", () => {
  const seen = (...entries) => mergeEntries(roster, entries, growth, KBM)[0].seen.map((m) => [m.id, m.kg, m.gain]);
  const before = ["1", 9.1, "B"];
  assert.deepEqual(seen(entry()), [before, ["e1", 9.3, "N"]]);
  // What has to be put right does not count, nor what the roster must have known when it was asked for.
  assert.deepEqual(seen(entry({ state: "fix" })), [before]);
  assert.deepEqual(seen(entry({ state: "received", receivedAt: 999 })), [before]);
  assert.deepEqual(seen(entry({ state: "received", receivedAt: 1001 })), [before, ["e1", 9.3, "N"]]);
  const correction = entry({ body: { ...entry().body, measured_on: "2024-07-05", corrects: "1" } });
  assert.deepEqual(seen(correction), [["e1", 9.3, "B"]]);
});

test("a weighing is judged by the card of its day", () => {
  const later = { validFrom: "2024-09-01", fromMonths: [1, 15], grams: { 1: [300, 250], 2: [300, 250] }, leastDays: 21 };
  const gainOn = (before, on, kg, born = "2023-06-20") => (
    gainCode(growth, row("Ani", born), { on, kg }, [{ on: before, kg: 9 }], [...KBM, later]));
  assert.equal(gainOn("2009-11-05", "2009-12-05", 9.2, "2009-01-01"), "N"); // before the first card, that one
  assert.equal(gainOn("2024-07-05", "2024-08-31", 9.2), "N");
  assert.equal(gainOn("2024-08-05", "2024-09-01", 9.2), "T");
  assert.equal(gainOn("2024-08-05", "2024-09-18", 9.25), "T"); // 14 months, and 15 a day later
  assert.equal(gainOn("2024-08-05", "2024-09-19", 9.25), "N");
});

test("a weight nobody believes, or of less than three weeks ago, is compared with none", () => {
  const gainOn = (kg, on, ...before) => gainCode(growth, row("Ani", "2023-06-20"), { on, kg }, before, KBM);
  const july = { on: "2024-07-31", kg: 9.1, gain: "B" };
  assert.equal(gainOn(9.2, "2024-08-09", july), "O");
  assert.equal(gainOn(9.2, "2024-08-21", july), "T");
  assert.equal(gainOn(39.5, "2024-08-25", july), "O");
  const believed = { on: "2024-08-05", kg: 9.3, gain: "N" };
  const mistyped = { on: "2024-08-25", kg: 39.5, gain: "O" };
  assert.equal(gainOn(9.6, "2024-09-15", july, believed, mistyped), "N");
  assert.equal(gainOn(9.6, "2024-09-15", july, mistyped), "O");
});

test("a day that has values already is put right, and one that waits is changed", () => {
  const target = (on, entries, opened) => {
    const [child] = mergeEntries(roster, entries, growth, KBM);
    const found = findTarget(child, on, entries, words, opened);
    return [found.entry && found.entry.id, found.corrects, found.taken];
  };
  const waiting = entry();
  assert.deepEqual(target("2024-08-05", []), [null, "", ""]);
  assert.deepEqual(target("2024-07-05", []), [null, "1", ""]);
  assert.deepEqual(target("2024-08-05", [waiting]), ["e1", "", ""]);
  assert.deepEqual(target("2024-08-05", [entry({ tried: true })]), [null, "e1", ""]);
  const other = entry({ id: "e2", body: { ...waiting.body, measured_on: "2024-08-06" } });
  assert.deepEqual(target("2024-08-05", [waiting, other], { editing: other }), ["e2", "", "refused.day_waiting"]);
});
