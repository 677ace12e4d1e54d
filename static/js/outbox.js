// @ts-check
/**
 * What the phone keeps - who works on it, the roster, what was typed - and how that reaches the register.
 *
 * Children's data lie sealed (AES-GCM) under a key that the register tells whoever signs in. Signing out
 * wipes the key and the roster; what still waits stays sealed, and only the same user's key opens it again.
 * Where the browser refuses to keep anything, `Memory` holds it until the page is closed.
 *
 * An entry: {id, user, kind: "measurement" | "child", state, at, notBefore, tried, rev} and, sealed, its
 * content {body (as the API takes it), child, name, village, answer, receivedAt}. `rev` counts its changes: a
 * write that was decided on an older one does nothing, so that an edit and a sending never undo each other.
 * States:
 *
 *   waiting   to be sent when there is a network and `notBefore` has passed (the seconds to undo)
 *   sending   on its way; found so after a crash it is sent again, which the register knows by the id
 *   received  the register has said that it is stored
 *   fix       the register has said why not; somebody has to look
 */

const NAME = "register";
const [ME, KEYS, ROSTERS, OUTBOX] = ["me", "keys", "rosters", "outbox"];

/** The store of this phone: kept if the browser allows it, else in memory. */
export async function openStore() {
  try {
    if (!globalThis.crypto || !crypto.subtle) throw new Error("no secure context");
    return new Kept(await openDatabase());
  } catch (error) {
    return new Memory();
  }
}

function openDatabase() {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(NAME, 1);
    opening.onupgradeneeded = () => {
      const database = opening.result;
      [ME, KEYS, ROSTERS].forEach((name) => database.createObjectStore(name));
      database.createObjectStore(OUTBOX, { keyPath: "id" }).createIndex("user", "user");
    };
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
    opening.onblocked = () => reject(new Error("another version of the register is open"));
  });
}

/** IndexedDB, one transaction an operation; a promise is kept only once the transaction is on disk. */
class Kept {
  constructor(database) {
    this.isKept = true;
    this._database = database;
    database.onversionchange = () => database.close();
  }

  _do(name, mode, ask) {
    return new Promise((resolve, reject) => {
      const transaction = this._database.transaction(name, mode, { durability: "strict" });
      const request = ask(transaction.objectStore(name));
      transaction.oncomplete = () => resolve(request && request.result);
      transaction.onabort = () => reject(transaction.error);
      transaction.onerror = () => reject(transaction.error);
    });
  }

  me() { return this._do(ME, "readonly", (s) => s.get("me")); }
  setMe(me) { return this._do(ME, "readwrite", (s) => (me ? s.put(me, "me") : s.clear())); }
  keys(user) { return this._do(KEYS, "readonly", (s) => s.get(user)); }
  setKeys(user, keys) { return this._do(KEYS, "readwrite", (s) => s.put(keys, user)); }
  wipeKeys() { return this._do(KEYS, "readwrite", (s) => s.clear()); }
  roster(place) { return this._do(ROSTERS, "readonly", (s) => s.get(place)); }
  setRoster(place, sealed) { return this._do(ROSTERS, "readwrite", (s) => s.put(sealed, place)); }
  wipeRosters() { return this._do(ROSTERS, "readwrite", (s) => s.clear()); }
  entries(user) { return this._do(OUTBOX, "readonly", (s) => s.index("user").getAll(user)); }
  /** Write the entry (null: delete it) if `fits` says so of what is there now; whether it did. */
  async change(id, entry, fits) {
    let done = false;
    await this._do(OUTBOX, "readwrite", (s) => {
      const asked = s.get(id);
      asked.onsuccess = () => {
        if (!fits(asked.result)) return;
        if (entry) s.put(entry);
        else s.delete(id);
        done = true;
      };
    });
    return done;
  }
}

/** The same, until the page is closed. */
class Memory {
  constructor() {
    this.isKept = false;
    this._maps = { [ME]: new Map(), [KEYS]: new Map(), [ROSTERS]: new Map(), [OUTBOX]: new Map() };
  }

  async me() { return this._maps[ME].get("me"); }
  async setMe(me) { if (me) this._maps[ME].set("me", me); else this._maps[ME].clear(); }
  async keys(user) { return this._maps[KEYS].get(user); }
  async setKeys(user, keys) { this._maps[KEYS].set(user, keys); }
  async wipeKeys() { this._maps[KEYS].clear(); }
  async roster(place) { return this._maps[ROSTERS].get(place); }
  async setRoster(place, sealed) { this._maps[ROSTERS].set(place, sealed); }
  async wipeRosters() { this._maps[ROSTERS].clear(); }
  async entries(user) { return [...this._maps[OUTBOX].values()].filter((entry) => entry.user === user); }
  async change(id, entry, fits) {
    if (!fits(this._maps[OUTBOX].get(id))) return false;
    if (entry) this._maps[OUTBOX].set(id, entry);
    else this._maps[OUTBOX].delete(id);
    return true;
  }
}

// --- sealing -------------------------------------------------------------------------------------------

const AES = "AES-GCM";

/** Seals with the first key, opens with any. Without keys (memory only) it leaves things as they are. */
export class Vault {
  /** @param {CryptoKey[]} keys */
  constructor(keys) {
    this._keys = keys;
  }

  /** Keys of the register (base64) that no script can read out again. */
  static async importKeys(texts) {
    const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    return Promise.all(
      texts.map((text) => crypto.subtle.importKey("raw", bytes(text), AES, false, ["encrypt", "decrypt"])),
    );
  }

  async seal(content) {
    if (this._keys.length === 0) return { content };
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const text = new TextEncoder().encode(JSON.stringify(content));
    const data = await crypto.subtle.encrypt({ name: AES, iv }, this._keys[0], text);
    return { iv, data: new Uint8Array(data) };
  }

  /** What was sealed; Error when none of the keys opens it. */
  async open(sealed) {
    if ("content" in sealed) return sealed.content;
    for (const key of this._keys) {
      try {
        const text = await crypto.subtle.decrypt({ name: AES, iv: sealed.iv }, key, sealed.data);
        return JSON.parse(new TextDecoder().decode(text));
      } catch (error) {
        // Sealed under an earlier key, perhaps: try the next.
      }
    }
    throw new Error("sealed under another key");
  }
}

// --- sending ---------------------------------------------------------------------------------------------

const BATCH = 20;
const TIMEOUT_MS = 60_000;
export const UNDO_MS = 10_000;
const KEEP_RECEIVED_MS = 24 * 3600 * 1000;

/** No network, or a server that does not answer as the register does. */
export class Offline extends Error {}

/** The session has ended. */
export class SignedOut extends Error {}

/** The register answered, and takes nothing from this user. */
export class Refused extends Error {}

/**
 * JSON from the register. Offline without an answer, or for one that is not the register's (a login page, a
 * captive portal, a proxy's error); SignedOut for 401 and 403.
 */
export async function ask(url, options = {}) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), TIMEOUT_MS);
  try {
    const answer = await fetch(url, {
      cache: "no-store",
      credentials: "same-origin",
      redirect: "error",
      signal: stop.signal,
      ...options,
      headers: { Accept: "application/json", ...options.headers },
    });
    if (answer.status === 401 || answer.status === 403) throw new SignedOut();
    if (!(answer.headers.get("Content-Type") || "").startsWith("application/json")) throw new Offline();
    const body = await answer.json();
    if (answer.status >= 500) throw new Offline();
    return { status: answer.status, body };
  } catch (error) {
    if (error instanceof SignedOut) throw error;
    throw new Offline(String(error));
  } finally {
    clearTimeout(timer);
  }
}

function post(url, body, csrf) {
  return ask(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
    body: JSON.stringify(body),
  });
}

export class Outbox extends EventTarget {
  /**
   * @param {any} store @param {any} vault @param {number} user
   * @param {{session: string, batch: string, children: string}} urls
   */
  constructor(store, vault, user, urls) {
    super();
    Object.assign(this, { store, vault, user, urls });
    this._before = new Map(); // id -> what an undo brings back
    this.lost = 0; // entries that no key opens: never thrown away
    this.channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("outbox") : null;
    if (this.channel) this.channel.onmessage = () => this.dispatchEvent(new Event("change"));
  }

  /** This user's entries with their content, oldest first. */
  async entries() {
    const found = [];
    this.lost = 0;
    for (const { sealed, ...entry } of await this.store.entries(this.user)) {
      try {
        found.push({ ...entry, ...(await this.vault.open(sealed)) });
      } catch (error) {
        this.lost += 1;
      }
    }
    return found.sort((one, other) => one.at - other.at);
  }

  /**
   * Keep a new or changed entry; when the promise resolves it is on the phone's disk. False when it is on its
   * way already and can no longer be changed. Rejects when the phone has no room.
   */
  async save(entry, { undo = true } = {}) {
    const now = Date.now();
    const changed = { at: now, rev: 0, ...entry, user: this.user, state: "waiting", tried: false, answer: null,
      notBefore: undo ? now + UNDO_MS : now };
    let before = null;
    const saved = await this._write(changed, (there) => {
      before = there;
      return !there || (mayChange(there) && there.rev === changed.rev);
    });
    if (saved) this._before.set(entry.id, { before, rev: changed.rev + 1 });
    this._changed();
    return saved;
  }

  /** Take the last save back: what was there before it, or nothing. False when it is sent or changed since. */
  async undo(id) {
    const { before, rev } = this._before.get(id) || { before: null, rev: -1 };
    const undone = await this.store.change(id, before && { ...before, rev: rev + 1 },
      (there) => Boolean(there) && mayChange(there) && there.rev === rev);
    this._before.delete(id);
    this._changed();
    return undone;
  }

  /** Throw an entry away; false when it is too late. */
  async remove(id) {
    const removed = await this.store.change(id, null, (there) => Boolean(there) && mayChange(there));
    this._changed();
    return removed;
  }

  /** Everything that waits is due now. */
  async hurry() {
    for (const entry of (await this.entries()).filter((e) => e.state === "waiting")) {
      await this._put({ ...entry, notBefore: Date.now() });
    }
  }

  /** Write what was made of an entry as it was read, unless somebody has changed it since. */
  _put(entry) {
    return this._write(entry, (there) => Boolean(there) && there.rev === entry.rev);
  }

  async _write(entry, fits) {
    const { id, user, kind, state, at, notBefore, tried, rev, ...content } = entry;
    const sealed = await this.vault.seal(content);
    return this.store.change(id, { id, user, kind, state, at, notBefore, tried, rev: rev + 1, sealed }, fits);
  }

  _changed() {
    this.dispatchEvent(new Event("change"));
    if (this.channel) this.channel.postMessage("change");
  }

  /**
   * Send what is due, in one tab at a time. Gives nothing, sent, stuck (nothing was
   * taken), busy, offline, refused, signed_out or other_user.
   */
  async send() {
    if (!navigator.locks) return this._send();
    return navigator.locks.request(`send/${this.user}`, { ifAvailable: true }, (lock) => (
      lock ? this._send() : "busy"
    ));
  }

  async _send() {
    await this._tidy();
    const entries = await this.entries();
    if (dueOf(entries).length === 0) return "nothing";
    try {
      // The session's own page: whose it is, and a CSRF token that is fresh.
      const { body: session } = await ask(this.urls.session);
      if (session.user.id !== this.user) return "other_user";
      for (const entry of dueOf(entries).filter((e) => e.kind === "child")) await this._sendChild(entry, session.csrf);
      await this._sendMeasurements(session.csrf);
      const left = new Set(dueOf(await this.entries()).map((e) => e.id));
      return dueOf(entries).every((e) => left.has(e.id)) ? "stuck" : "sent";
    } catch (error) {
      if (error instanceof SignedOut) return "signed_out";
      if (error instanceof Refused) return "refused";
      if (error instanceof Offline) return "offline";
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
      const isOld = Date.now() - entry.receivedAt > KEEP_RECEIVED_MS;
      if (entry.state === "received" && isOld) await this.store.change(entry.id, null, () => true);
    }
  }

  async _sendChild(entry, csrf) {
    if (!await this._put({ ...entry, state: "sending", tried: true })) return;
    const { status, body } = await post(this.urls.children, entry.body, csrf);
    if (status === 429) throw new Offline("too many requests");
    const state = status === 200 || status === 201 ? "received" : "fix";
    await this._put({ ...entry, rev: entry.rev + 1, tried: true, state, answer: body, receivedAt: Date.now() });
  }

  async _sendMeasurements(csrf) {
    const due = dueOf(await this.entries()).filter((e) => e.kind === "measurement");
    for (let start = 0; start < due.length; start += BATCH) {
      await this._sendBatch(due.slice(start, start + BATCH), csrf);
    }
  }

  async _sendBatch(entries, csrf) {
    const sending = [];
    for (const entry of entries) {
      if (await this._put({ ...entry, state: "sending", tried: true })) sending.push({ ...entry, rev: entry.rev + 1 });
    }
    if (sending.length === 0) return;
    this._changed();
    const { status, body } = await post(this.urls.batch, { items: sending.map((e) => e.body) }, csrf);
    if (status !== 200 || !Array.isArray(body.results)) throw new Refused(`the batch was answered ${status}`);
    const results = new Map(body.results.map((result) => [result.id, result]));
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

  /** Take back what `toFile` wrote; how many were added, or null for a file that is not this user's. */
  async fromFile(text) {
    const file = parsed(text);
    if (!file || file.format !== "register-outbox-1" || file.user !== this.user) return null;
    const known = new Set((await this.store.entries(this.user)).map((entry) => entry.id));
    const missing = file.records.map(fromText).filter((record) => !known.has(record.id));
    for (const record of missing) await this.vault.open(record.sealed); // all of them, before any is added
    for (const record of missing) {
      const state = record.state === "fix" ? "fix" : "waiting";
      await this.store.change(record.id, { ...record, user: this.user, state }, (there) => !there);
    }
    this._changed();
    return missing.length;
  }
}

/** Not on its way yet, or refused: may be changed under its own id, and taken back. */
export const mayChange = (entry) => !entry.tried || entry.state === "fix";

/** What waits for nothing but a network: a child that the register does not have yet keeps its measurements back. */
export function sendable(entries) {
  const unknown = new Set(entries.filter((e) => e.kind === "child" && e.state !== "received").map((e) => e.id));
  return entries.filter((e) => e.state === "waiting" && (e.kind === "child" || !unknown.has(e.child)));
}

/** Of those what is due. A clock that was put right may have left the seconds to undo far ahead. */
function dueOf(entries) {
  const now = Date.now();
  return sendable(entries).filter((e) => e.notBefore <= now || e.notBefore > now + UNDO_MS);
}

function stateOf(result) {
  if (result.measurement) return "received"; // also a second value of the day, which the midwife looks at
  return result.status === "try_again" ? "waiting" : "fix";
}

const toBase64 = (bytes) => btoa(String.fromCharCode(...bytes));
const fromBase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

function toText(record) {
  const { sealed } = record;
  if ("content" in sealed) return record;
  return { ...record, sealed: { iv: toBase64(sealed.iv), data: toBase64(sealed.data) } };
}

function fromText(record) {
  const { sealed } = record;
  if ("content" in sealed) return record;
  return { ...record, sealed: { iv: fromBase64(sealed.iv), data: fromBase64(sealed.data) } };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    return null;
  }
}
