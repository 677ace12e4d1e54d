/** The day at a posyandu: chosen once by user and village, its list, its guests. */
import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";
import { PosyanduDay } from "../../static/js/workspace/store.js";

const POSYANDU = [{ id: 7, name: "Melati" }, { id: 8, name: "Mawar" }];
const TODAY = "2024-08-20";
const child = (id, posyandu) => ({ id, name: id, sex: 1, born: "2023-01-01", posyandu, seen: [] });
const CHILDREN = [child("ani", "Melati"), child("budi", "Mawar"), child("cici", undefined)];

const kept = new Map();
globalThis.localStorage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
beforeEach(() => kept.clear());

const open = (place = "1/33", today = TODAY, posyandu = POSYANDU) => new PosyanduDay(place, posyandu, today);
const listed = (day) => CHILDREN.filter((one) => day.has(one)).map((one) => one.id);

test("the posyandu is chosen once, by user and village", () => {
  assert.deepEqual([open().choice, listed(open())], ["", ["ani", "budi", "cici"]]);
  open().choose({ choice: "7" });
  assert.deepEqual([open().choice, open().name, listed(open())], ["7", "Melati", ["ani"]]);
  assert.deepEqual([open("2/33").choice, open("1/34").choice], ["", ""]);
  assert.equal(open("1/33", "2024-09-20").choice, "7"); // also a month later
});

test("all of them and those without one are choices too", () => {
  open().choose({ choice: "all" });
  assert.deepEqual([open().choice, open().name, listed(open())], ["all", "", ["ani", "budi", "cici"]]);
  open().choose({ choice: "none" });
  assert.deepEqual([open().choice, listed(open())], ["none", ["cici"]]);
});

test("a posyandu that is there no more is chosen anew, and one alone is not chosen", () => {
  open().choose({ choice: "7" });
  assert.equal(open("1/33", TODAY, [POSYANDU[1], { id: 9, name: "Dahlia" }]).choice, "");
  const alone = open("1/33", TODAY, [POSYANDU[1]]);
  assert.deepEqual([alone.isChoosable, alone.choice, listed(alone)], [false, "all", ["ani", "budi", "cici"]]);
});

test("another day holds until the day is over on which it was chosen, and never lies ahead", () => {
  assert.equal(open().day, TODAY);
  open().choose({ day: "2024-08-13" });
  assert.deepEqual([open().day, open("2/33").day, open("1/33", "2024-08-21").day], ["2024-08-13", TODAY, "2024-08-21"]);
  open().choose({ choice: "8" });
  assert.equal(open().day, "2024-08-13");
  open().choose({ day: "2024-08-25" });
  assert.equal(open().day, TODAY);
});

test("a child of another posyandu is a guest where and when it was measured", () => {
  const entry = (id, changes) => ({ kind: "measurement", child: id, state: "waiting", posyandu: "7", body: { measured_on: TODAY }, ...changes });
  const guests = (...entries) => open().listGuests(CHILDREN, entries).map((one) => one.id);
  open().choose({ choice: "7" });
  assert.deepEqual(guests(entry("ani"), entry("budi"), entry("budi"), entry("cici", { state: "received" })), ["budi", "cici"]);
  assert.deepEqual(guests(entry("budi", { state: "fix" }), entry("cici", { posyandu: "8" })), []);
  assert.deepEqual(guests(entry("budi", { body: { measured_on: "2024-08-19" } })), []);
  assert.deepEqual(guests({ ...entry("budi"), posyandu: undefined }), []);
});
