/** Services on the phone: what its own entries add to those of the roster, before the register has them. */
import assert from "node:assert/strict";
import test from "node:test";
import { mergeEntries } from "../../static/js/workspace/children.js";
import { listServed } from "../../static/js/workspace/services.js";
import { growth } from "./support.mjs";

const AT = 1000; // when the roster was asked for
const due = ["weighing", "counselling"];
const words = { typed: { young_child: ["counselling"], pregnant: ["check_up"] }, dueOfChild: due };
const girl = { id: "a", name: "Ani", sex: 2, born: "2023-06-20", seen: [] };
const served = { id: "a", tab: "young_child", due };
const mother = { id: "m", tab: "pregnant", due: ["check_up"], name: "Wati" };
const serviceOf = (child, more = {}) => (
  { id: `s-${child}`, kind: "service", child, state: "waiting", body: { child, service: "counselling", on: "2024-08-20" }, ...more }
);
function list(entries, { people = [served, mother], children = [girl] } = {}) {
  const roster = { children, village: { code: "v" }, at: AT, services: { height_months: 6, people } };
  return listServed(roster, mergeEntries(roster, entries, growth, []), entries, "2024-08-01", words);
}

test("a waiting service is had at once; one that was refused or that the roster knows is not", () => {
  assert.deepEqual(list([])[0].lacks, due);
  const [one] = list([serviceOf("a")]);
  assert.deepEqual([one.lacks, one.services[1]], [["weighing"], { service: "counselling", on: "2024-08-20", isTyped: true }]);
  for (const more of [{ state: "fix" }, { state: "received", receivedAt: AT - 1 }]) {
    assert.deepEqual(list([serviceOf("a", more)])[0].lacks, due);
  }
  const body = { beneficiary: "m", service: "check_up", on: "2024-08-20" };
  assert.deepEqual(list([{ id: "c", kind: "service", child: "", state: "waiting", body }])[1].lacks, []);
});

test("a measurement that waits for the midwife's choice is no weighing yet", () => {
  const body = { child: "a", measured_on: "2024-08-20", weight_kg: 9.1 };
  const weighing = { id: "w", kind: "measurement", child: "a", state: "waiting", body };
  assert.deepEqual(list([weighing])[0].lacks, ["counselling"]);
  const rival = { ...weighing, state: "received", receivedAt: AT + 1, answer: { code: "rival" } };
  assert.deepEqual(list([rival])[0].lacks, due);
});

test("a child that is new on the phone stands first while it is under two, and only once", () => {
  const born = (id, day) => ({
    id, kind: "child", child: id, village: "v", state: "waiting", body: { name: id, sex: "P", birth_date: day },
  });
  const entries = [born("new", "2022-09-01"), born("two", "2022-08-31"), serviceOf("new")];
  assert.deepEqual(list(entries).map((one) => [one.id, one.lacks]), [["new", ["weighing"]], ["a", due], ["m", ["check_up"]]]);
  const known = [{ ...served, id: "new" }];
  assert.deepEqual(list(entries, { people: known, children: [{ ...girl, id: "new" }] }).map((one) => one.id), ["new"]);
});

test("a roster kept by an earlier version of the page has nobody", () => {
  assert.deepEqual(listServed({ at: AT }, [girl], [], "2024-08-01", words), []);
});
