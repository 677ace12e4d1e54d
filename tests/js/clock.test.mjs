/** A phone that was 11 days behind when the register was heard at noon of 5 August, and what its clock shows later. */
import assert from "node:assert/strict";
import test from "node:test";
import { findMoment, isPutBack, listPossibleMoments, takeAsRight } from "../../static/js/workspace/store.js";

const at = (text) => Date.parse(`2024-${text}:00Z`);
const DAY = 24 * 3600 * 1000;
const BEHIND = { clockOffsetMs: 11 * DAY, syncedAt: at("07-25T12:00") };

test("a clock that is still behind is read with the register's answer", () => {
  assert.equal(findMoment(BEHIND, at("07-25T15:00")), at("08-05T15:00"));
  assert.deepEqual(listPossibleMoments(BEHIND, at("08-05T11:40")), []);
});

test("a clock that leapt past the register's answer was put right, or as many days went by: it is asked", () => {
  assert.equal(findMoment(BEHIND, at("08-05T12:30")), at("08-05T12:30"));
  assert.deepEqual(listPossibleMoments(BEHIND, at("08-05T12:30")), [at("08-05T12:30"), at("08-16T12:30")]);
});

test("what is answered holds from then on", () => {
  const right = takeAsRight(BEHIND);
  assert.equal(findMoment(right, at("08-05T12:30")), at("08-05T12:30"));
  assert.equal(findMoment(right, at("08-06T09:00")), at("08-06T09:00"));
  assert.deepEqual(listPossibleMoments(right, at("08-06T09:00")), []);
  assert.ok(isPutBack(right, at("08-05T11:00")), "the register was heard at noon of 5 August");
  const still = { ...BEHIND, isStillBehind: true };
  assert.equal(findMoment(still, at("08-05T12:30")), at("08-16T12:30"));
  assert.deepEqual(listPossibleMoments(still, at("08-05T12:30")), []);
});

test("a clock that is ahead and put right is behind the register's answer at most until then", () => {
  const ahead = { clockOffsetMs: -11 * DAY, syncedAt: at("08-16T12:00") };
  assert.equal(findMoment(ahead, at("08-16T12:30")), at("08-05T12:30"));
  assert.equal(findMoment(ahead, at("08-05T12:30")), at("08-05T12:30"));
  assert.deepEqual(listPossibleMoments(ahead, at("08-05T12:30")), []);
});
