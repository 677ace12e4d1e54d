/**
 * What was entered on this phone and how it reaches the register.
 *
 * An entry: {id, user, kind, state, at, notBefore, tried, rev} and, encrypted, its content {body (as the API takes
 * it), child, name, village, words, answer, receivedAt}. New children are sent first, then measurements in batches,
 * then what is of any other kind, one by one, to the address that the page has for that kind. What is about no child
 * has an empty `child`; `words` say what it is where it is no child and no measurement. `rev` counts its changes: a
 * write that was decided on an older one does nothing, so that an edit and a sending never undo each other.
 * States:
 *
 *   waiting   to be sent when there is a network and `notBefore` has passed (the seconds to undo)
 *   sending   on its way; found so after a crash it is sent again, which the register knows by the id
 *   received  the register has said that it is stored
 *   fix       the register has said why not; somebody has to look
 */
import { canChange } from "./children.js";
import { OfflineError, SignedOutError, fromBase64, postJson, readEntries, requestJson } from "./store.js";

const BATCH = 20;
export const UNDO_MS = 10_000;
const KEEP_RECEIVED_MS = 24 * 3600 * 1000;

/** The register answered, and takes nothing from this user. */
class BatchRefusedError extends Error {}

/** How a sending ended. @typedef {"nothing" | "sent" | "stuck" | "busy" | OfflineTrouble | "refused" | "signed_out" | "closed" | "other_user" | "ended"} Outcome */

export class Outbox extends EventTarget {
  /** @param {PhoneStore} store @param {PhoneEncryption} encryption @param {number} user @param {Urls} urls */
  constructor(store, encryption, user, urls) {
    super();
    this.store = store;
    this.encryption = encryption;
    this.user = user;
    this.urls = urls;
    /** Addresses by kind, of what is sent one by one (kpm/posted_kinds.py). @type {Record<string, string>} */
    this.posts = { ...JSON.parse(urls.posts || "{}"), child: urls.children };
    /** How long the server asked to be left alone when it last had too much to do. */
    this.askedWaitMs = 0;
    /** What an undo brings back, by id. @type {Map<string, {before: EntryRecord | null, rev: number}>} */
    this._before = new Map();
    this.channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("outbox") : null;
    if (this.channel) this.channel.onmessage = () => this.dispatchEvent(new Event("change"));
  }

  /** This user's entries with their content, oldest first. */
  async entries() {
    return (await readEntries(this.store, this.encryption, this.user)).entries;
  }

  /**
   * Keep a new or changed entry; when the promise resolves it is on the phone's disk. False when it is on its
   * way already and can no longer be changed. Rejects when the phone has no room.
   * @param {NewEntry} entry
   */
  async save(entry, { undo = true } = {}) {
    const now = Date.now();
    /** @type {OutboxEntry} */
    const changed = { at: now, rev: 0, ...entry, user: this.user, state: "waiting", tried: false, answer: null,
      notBefore: undo ? now + UNDO_MS : now };
    /** @type {EntryRecord | null} */
    let before = null;
    const saved = await this._write(changed, (there) => {
      before = there || null;
      return !there || (canChange(there) && there.rev === changed.rev);
    });
    if (saved) this._before.set(entry.id, { before, rev: changed.rev + 1 });
    this._changed();
    return saved;
  }

  /** Take the last save back: what was there before it, or nothing. False when it is sent or changed since. @param {string} id */
  async undo(id) {
    const { before, rev } = this._before.get(id) || { before: null, rev: -1 };
    const undone = await this.store.change(id, before && { ...before, rev: rev + 1 },
      (there) => there !== undefined && canChange(there) && there.rev === rev);
    this._before.delete(id);
    this._changed();
    return undone;
  }

  /** Throw an entry away; false when it is too late. @param {string} id */
  async remove(id) {
    const removed = await this.store.change(id, null, (there) => there !== undefined && canChange(there));
    this._changed();
    return removed;
  }

  /** Everything that waits is due now. */
  async makeDue() {
    for (const entry of (await this.entries()).filter((e) => e.state === "waiting")) {
      await this._put({ ...entry, notBefore: Date.now() });
    }
  }

  /** Write what was made of an entry as it was read, unless somebody has changed it since. @param {OutboxEntry} entry */
  _put(entry) {
    return this._write(entry, (there) => there?.rev === entry.rev);
  }

  /** @param {OutboxEntry} entry @param {EntryTest} fits */
  async _write(entry, fits) {
    const { id, user, kind, state, at, notBefore, tried, rev, ...content } = entry;
    const sealed = await this.encryption.encrypt(content);
    return this.store.change(id, { id, user, kind, state, at, notBefore, tried, rev: rev + 1, sealed }, fits);
  }

  _changed() {
    this.dispatchEvent(new Event("change"));
    if (this.channel) this.channel.postMessage("change");
  }

  /** Send what is due, in one tab at a time; "stuck" when nothing was taken. @returns {Promise<Outcome>} */
  async send() {
    if (!navigator.locks) return this._send();
    return navigator.locks.request(`send/${this.user}`, { ifAvailable: true }, (lock) => (
      lock ? this._send() : "busy"
    ));
  }

  /** @returns {Promise<Outcome>} */
  async _send() {
    await this._tidy();
    const entries = await this.entries();
    if (listDue(entries).length === 0) return "nothing";
    try {
      // The session's own page: whose it is, and a CSRF token that is fresh.
      const { body: session } = await requestJson(this.urls.session);
      if (session.user.id !== this.user) return "other_user";
      if (session.code === "ended") return "ended";
      await this._sendSingly(entries, (e) => e.kind === "child", session.csrf);
      await this._sendMeasurements(session.csrf);
      await this._sendSingly(await this.entries(), (e) => e.kind !== "child" && e.kind in this.posts, session.csrf);
      const left = new Set(listDue(await this.entries()).map((e) => e.id));
      return listDue(entries).every((e) => left.has(e.id)) ? "stuck" : "sent";
    } catch (error) {
      if (error instanceof SignedOutError) return error.isClosed ? "closed" : "signed_out";
      if (error instanceof BatchRefusedError) return "refused";
      if (error instanceof OfflineError) {
        this.askedWaitMs = error.waitMs;
        return error.trouble;
      }
      throw error;
    } finally {
      await this._tidy();
      this._changed();
    }
  }

  /** What a crash left "sending" waits again (we hold the lock: nobody is sending); old receipts go. */
  async _tidy() {
    for (const entry of await this.entries()) {
      if (entry.state === "sending") await this._put({ ...entry, state: "waiting" });
      const isOld = Date.now() - (entry.receivedAt ?? NaN) > KEEP_RECEIVED_MS;
      if (entry.state === "received" && isOld) await this.store.change(entry.id, null, () => true);
    }
  }

  /** Send those that are due, oldest first. @param {OutboxEntry[]} entries @param {(e: OutboxEntry) => boolean} fits @param {string} csrf */
  async _sendSingly(entries, fits, csrf) {
    for (const entry of listDue(entries).filter(fits)) {
      if (!await this._put({ ...entry, state: "sending", tried: true })) continue;
      const { status, body } = await postJson(this.posts[entry.kind], entry.body, csrf);
      const state = status === 200 || status === 201 ? "received" : "fix";
      await this._put({ ...entry, rev: entry.rev + 1, tried: true, state, answer: body, receivedAt: Date.now() });
    }
  }

  /** @param {string} csrf */
  async _sendMeasurements(csrf) {
    const due = listDue(await this.entries()).filter((e) => e.kind === "measurement");
    for (let start = 0; start < due.length; start += BATCH) {
      await this._sendBatch(due.slice(start, start + BATCH), csrf);
    }
  }

  /** @param {OutboxEntry[]} entries @param {string} csrf */
  async _sendBatch(entries, csrf) {
    /** @type {OutboxEntry[]} */
    const sending = [];
    for (const entry of entries) {
      if (await this._put({ ...entry, state: "sending", tried: true })) sending.push({ ...entry, rev: entry.rev + 1 });
    }
    if (sending.length === 0) return;
    this._changed();
    const { status, body } = await postJson(this.urls.batch, { items: sending.map((e) => e.body) }, csrf);
    if (status !== 200 || !Array.isArray(body.results)) throw new BatchRefusedError(`the batch was answered ${status}`);
    /** @type {Map<string, any>} */
    const results = new Map(body.results.map((/** @type {any} */ result) => [result.id, result]));
    for (const entry of sending) {
      const answer = results.get(entry.id);
      const received = { ...entry, tried: true, answer, receivedAt: Date.now() };
      if (answer) await this._put({ ...received, state: stateOf(answer) });
    }
    this._changed();
  }

  /** Everything that waits as one text, sealed as it is here: only this user's key opens it again. */
  async toFile() {
    const records = (await this.store.entries(this.user)).filter((entry) => entry.state !== "received");
    return JSON.stringify({ format: "register-outbox-1", user: this.user, records: records.map(toText) });
  }

  /**
   * Take back what `toFile` wrote; how many were added, or null for a file that is not this user's. Rejects for
   * what is no JSON.
   * @param {string} text
   */
  async fromFile(text) {
    const file = JSON.parse(text);
    if (file?.format !== "register-outbox-1" || file.user !== this.user) return null;
    const known = new Set((await this.store.entries(this.user)).map((entry) => entry.id));
    /** @type {EntryRecord[]} */
    const records = file.records.map(fromText);
    const missing = records.filter((record) => !known.has(record.id));
    for (const record of missing) await this.encryption.decrypt(record.sealed); // all of them, before any is added
    for (const record of missing) {
      const state = record.state === "fix" ? "fix" : "waiting";
      await this.store.change(record.id, { ...record, user: this.user, state }, (there) => !there);
    }
    this._changed();
    return missing.length;
  }
}

/** What waits for nothing but a network: a child that the register does not have yet keeps back what is of it. @param {OutboxEntry[]} entries */
export function listSendable(entries) {
  const unknown = new Set(entries.filter((e) => e.kind === "child" && e.state !== "received").map((e) => e.id));
  return entries.filter((e) => e.state === "waiting" && (e.kind === "child" || !unknown.has(e.child)));
}

/** Of those what is due. A clock that was put right may have left the seconds to undo far ahead. @param {OutboxEntry[]} entries */
function listDue(entries) {
  const now = Date.now();
  return listSendable(entries).filter((e) => e.notBefore <= now || e.notBefore > now + UNDO_MS);
}

/** @param {any} result @returns {EntryState} */
function stateOf(result) {
  if (result.measurement) return "received"; // also a second value of the day, which the midwife looks at
  return result.status === "try_again" ? "waiting" : "fix";
}

const toBase64 = (/** @type {Uint8Array} */ bytes) => btoa(String.fromCharCode(...bytes));

/** @param {EntryRecord} record */
function toText(record) {
  const { sealed } = record;
  if ("content" in sealed) return record;
  return { ...record, sealed: { iv: toBase64(sealed.iv), data: toBase64(sealed.data) } };
}

/** @param {any} record @returns {EntryRecord} */
function fromText(record) {
  const { sealed } = record;
  if ("content" in sealed) return record;
  return { ...record, sealed: { iv: fromBase64(sealed.iv), data: fromBase64(sealed.data) } };
}
