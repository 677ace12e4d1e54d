/** What may be said of a phone's outbox: that all is sent only once its store was opened, read, and holds nothing. */
import assert from "node:assert/strict";
import test from "node:test";
import { Encryption, openStore } from "./outbox_support.mjs";

const { Session } = await import("../../static/js/workspace/session.js");

/** The session of user 7 on a phone whose store opens, with what it answers when it is read. */
async function sessionOf(entries, isKept = true) {
  const session = new Session(Object.assign(await openStore(), { isKept, entries }), {});
  session.tabs?.close();
  Object.assign(session, { me: { user: { id: 7, name: "S" }, syncedAt: 0 }, encryption: new Encryption([]) });
  return session;
}
const entry = (state) => ({ id: state, user: 7, kind: "step", state, at: 1, notBefore: 1, tried: true, rev: 1, sealed: { content: {} } });

test("before the store was read nobody knows whether all is sent", async () => {
  const session = await sessionOf(async () => []);
  assert.equal(session.isAllSent, false);
  await session.refreshEntries();
  assert.equal(session.isAllSent, true);
});

test("what waits or was refused is not sent, what was received is", async () => {
  for (const [states, isAllSent] of [[["received"], true], [["received", "waiting"], false], [["fix"], false], [["sending"], false]]) {
    const session = await sessionOf(async () => states.map(entry));
    await session.refreshEntries();
    assert.equal(session.isAllSent, isAllSent, states.join());
  }
});

test("a store that stops answering keeps what was read of it, and is said to be unread", async () => {
  let isBroken = false;
  const session = await sessionOf(async () => {
    if (isBroken) throw new DOMException("closed", "InvalidStateError");
    return [entry("received")];
  });
  await session.refreshEntries();
  isBroken = true;
  await session.refreshEntries();
  assert.deepEqual([session.areEntriesRead, session.isAllSent, session.entries.length], [false, false, 1]);
});

test("an entry that no key opens, or a phone whose store does not open, is never all sent", async () => {
  const locked = { ...entry("waiting"), sealed: { iv: new Uint8Array(12), data: new Uint8Array(20) } };
  for (const session of [await sessionOf(async () => [locked]), await sessionOf(async () => [], false)]) {
    await session.refreshEntries();
    assert.deepEqual([session.areEntriesRead, session.isAllSent], [true, false]);
  }
});

test("since when the server is silent is known until it answers, and not of a phone without a network", async () => {
  const session = await sessionOf(async () => []);
  await session.setTrouble("silent");
  const since = session.me.silentSince;
  assert.ok(since > 0);
  session.me.silentSince = since - 60_000;
  await session.setTrouble("foreign");
  assert.equal(session.me.silentSince, since - 60_000);
  for (const trouble of ["offline", ""]) {
    await session.setTrouble("silent");
    await session.setTrouble(trouble);
    assert.deepEqual([session.trouble, session.me.silentSince], [trouble, undefined]);
  }
});
