/** What waits on the phone is sent in its order: children, measurements, then other kinds one by one. */
import assert from "node:assert/strict";
import test from "node:test";
import { Encryption, Outbox, listSendable, openStore } from "./outbox_support.mjs";

const URLS = {
  session: "/session", children: "/children", batch: "/batch",
  posts: JSON.stringify({ step: "/steps", attendance: "/attendance" }),
};
const USER = 7;

/** An outbox in memory, and what it has sent; `answer` may say otherwise than that all is stored. */
async function outboxOf(answer = () => undefined, urls = URLS) {
  const sent = [];
  globalThis.fetch = async (url, options = {}) => {
    const body = options.body ? JSON.parse(options.body) : null;
    if (body) sent.push([url, body.items ? body.items.map((one) => one.id) : body.id]);
    const said = answer(url, body) ?? (
      url === "/session" ? [200, { user: { id: USER }, csrf: "c" }]
        : url === "/batch" ? [200, { results: body.items.map(({ id }) => ({ id, measurement: {}, status: "created" })) }]
          : [201, { id: body.id }]
    );
    return new Response(JSON.stringify(said[1]), { status: said[0], headers: { "Content-Type": "application/json" } });
  };
  const outbox = new Outbox(await openStore(), new Encryption([]), USER, urls);
  outbox.channel?.close();
  outbox.channel = null;
  return { outbox, sent };
}

let clock = 1000;
const save = (outbox, id, kind, child = "", more = {}) => (
  outbox.save({ id, kind, child, name: id, village: "v", at: clock++, body: { id, child }, ...more }, { undo: false })
);
const statesOf = async (outbox) => Object.fromEntries((await outbox.entries()).map((e) => [e.id, e.state]));

test("other kinds go one by one to their address, oldest first, after children and measurements", async () => {
  const { outbox, sent } = await outboxOf();
  await save(outbox, "s1", "step", "new");
  await save(outbox, "a1", "attendance");
  await save(outbox, "m1", "measurement", "new");
  await save(outbox, "s2", "step", "old");
  await save(outbox, "new", "child", "new");
  assert.equal(await outbox.send(), "sent");
  // What is of the new child was held back until the register had it.
  assert.deepEqual(sent, [
    ["/children", "new"], ["/batch", ["m1"]], ["/steps", "s1"], ["/attendance", "a1"], ["/steps", "s2"],
  ]);
  assert.deepEqual(new Set(Object.values(await statesOf(outbox))), new Set(["received"]));
});

test("a child that is refused keeps back what is of it, and nothing else", async () => {
  const { outbox, sent } = await outboxOf((url) => (url === "/children" ? [422, { detail: "no" }] : undefined));
  await save(outbox, "new", "child", "new");
  await save(outbox, "s1", "step", "new");
  await save(outbox, "s2", "step", "old");
  await outbox.send();
  assert.deepEqual(sent, [["/children", "new"], ["/steps", "s2"]]);
  assert.deepEqual(await statesOf(outbox), { new: "fix", s1: "waiting", s2: "received" });
  assert.deepEqual(listSendable(await outbox.entries()).map((e) => e.id), []);
});

test("a refusal keeps what was typed, with the register's sentence", async () => {
  const refusal = { code: "future", detail: "Tanggal langkah tidak boleh setelah hari ini.", errors: { on: ["Setelah hari ini."] } };
  const { outbox, sent } = await outboxOf((url) => (url === "/steps" ? [422, refusal] : undefined));
  await save(outbox, "s1", "step", "old", { words: "besok: dikunjungi" });
  await save(outbox, "a1", "attendance");
  await outbox.send();
  const [step, attendance] = await outbox.entries();
  assert.deepEqual([step.state, step.answer, step.words], ["fix", refusal, "besok: dikunjungi"]);
  assert.deepEqual(step.body, { id: "s1", child: "old" });
  assert.equal(attendance.state, "received");
  assert.equal(sent.length, 2);
});

test("a network that breaks off leaves the entry waiting, and the next sending sends it once", async () => {
  let isBroken = true;
  const { outbox, sent } = await outboxOf((url) => (url === "/steps" && isBroken ? [502, {}] : undefined));
  await save(outbox, "s1", "step", "old");
  assert.equal(await outbox.send(), "silent");
  assert.deepEqual(await statesOf(outbox), { s1: "waiting" });
  isBroken = false;
  assert.equal(await outbox.send(), "sent");
  assert.deepEqual(sent, [["/steps", "s1"], ["/steps", "s1"]]);
});

const answerOf = (status, body, type = "application/json") => async () => (
  new Response(body, { status, headers: { "Content-Type": type } }));
const failing = async () => { throw new TypeError("Failed to fetch"); };
/** Never answers, until it is given up. */
const hanging = (_url, { signal }) => new Promise((_resolve, reject) => {
  signal.addEventListener("abort", () => reject(signal.reason));
});

for (const [what, isOnline, fetch, outcome] of [
  ["no network", false, failing, "offline"],
  ["nobody answers although there is a network", true, failing, "silent"],
  ["the server fails", true, answerOf(500, "{}"), "silent"],
  ["a proxy answers that the server does not", true, answerOf(502, "<h1>Bad Gateway</h1>", "text/html"), "silent"],
  ["a captive portal answers with its page", true, answerOf(200, "<h1>WiFi</h1>", "text/html"), "foreign"],
  ["a captive portal sends elsewhere", true, async () => ({ status: 0, type: "opaqueredirect", headers: new Headers() }), "foreign"],
  ["an answer breaks off", true, answerOf(200, "{\"user\": {"), "silent"],
  ["there is too much to do", true, answerOf(503, "{}"), "overloaded"],
  ["no answer comes in a minute", true, hanging, "slow"],
]) {
  test(`why nothing was sent: ${what}`, async (t) => {
    const { outbox } = await outboxOf();
    await save(outbox, "s1", "step", "old");
    const before = Object.getOwnPropertyDescriptor(globalThis, "navigator");
    Object.defineProperty(globalThis, "navigator", { value: { onLine: isOnline }, configurable: true });
    t.after(() => Object.defineProperty(globalThis, "navigator", before));
    globalThis.fetch = fetch;
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const sending = outbox.send();
    for (let i = 0; fetch === hanging && i < 20; i += 1) await new Promise(setImmediate);
    if (fetch === hanging) t.mock.timers.tick(60_000);
    assert.equal(await sending, outcome);
    assert.deepEqual(await statesOf(outbox), { s1: "waiting" });
  });
}

test("what has no address on this page waits for one that has", async () => {
  const { outbox, sent } = await outboxOf(() => undefined, { ...URLS, posts: "{}" });
  await save(outbox, "s1", "step", "old");
  assert.equal(await outbox.send(), "stuck");
  assert.deepEqual([sent, await statesOf(outbox)], [[], { s1: "waiting" }]);
});

test("a step can be undone for ten seconds, and is in the file that a phone saves", async () => {
  const { outbox } = await outboxOf();
  const entry = { id: "s1", kind: "step", child: "old", name: "Siti", village: "v", words: "w", body: { id: "s1" } };
  await outbox.save(entry);
  assert.equal(await outbox.send(), "nothing");
  const file = JSON.parse(await outbox.toFile());
  assert.deepEqual([file.records[0].kind, file.records[0].sealed.content.words], ["step", "w"]);
  assert.equal(await outbox.undo("s1"), true);
  assert.deepEqual(await outbox.entries(), []);
  assert.equal(await outbox.fromFile(JSON.stringify(file)), 1);
  assert.deepEqual(await statesOf(outbox), { s1: "waiting" });
});
