/**
 * What the phone keeps, and how it is encrypted: who works on it, keys, rosters and the outbox. Below it what time it
 * is and how the register is asked, since a file more would be a request more of the first load.
 *
 * Children's data lie encrypted (AES-GCM) under a key that the register gives the user who signs in. Signing
 * out deletes key and rosters; what still waits stays encrypted, and only the same user's key opens it again.
 * Where the browser's store does not open, `MemoryStore` holds it until the page is closed.
 */

const NAME = "register";
const [ME, KEYS, ROSTERS, OUTBOX] = ["me", "keys", "rosters", "outbox"];
const AES = "AES-GCM";
const OPEN_MS = 10_000;

/** Open the store of this phone: kept if it opens and can be read, else in memory. @returns {Promise<PhoneStore>} */
export async function openStore() {
  try {
    if (!globalThis.crypto || !crypto.subtle) throw new Error("no secure context");
    const store = new IndexedDbStore(await openDatabase());
    await store.me();
    return store;
  } catch {
    return new MemoryStore();
  }
}

/** @returns {Promise<IDBDatabase>} */
function openDatabase() {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(NAME, 1);
    opening.onupgradeneeded = () => {
      const database = opening.result;
      [ME, KEYS, ROSTERS].forEach((name) => database.createObjectStore(name));
      database.createObjectStore(OUTBOX, { keyPath: "id" }).createIndex("user", "user");
    };
    opening.onsuccess = () => resolve(opening.result);
    setTimeout(() => reject(new Error("the store does not open")), OPEN_MS); // some browsers never say why
    opening.onerror = () => reject(opening.error);
    opening.onblocked = () => reject(new Error("another version of the register is open"));
  });
}

/**
 * IndexedDB, one transaction an operation; a promise resolves only once the transaction is on disk.
 * @implements {PhoneStore}
 */
class IndexedDbStore {
  /** @param {IDBDatabase} database */
  constructor(database) {
    this.isKept = true;
    this._database = database;
    database.onversionchange = () => database.close();
  }

  /**
   * @param {string} name @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest | void} act
   * @returns {Promise<any>}
   */
  _run(name, mode, act) {
    return new Promise((resolve, reject) => {
      const transaction = this._database.transaction(name, mode, { durability: "strict" });
      const request = act(transaction.objectStore(name));
      transaction.oncomplete = () => resolve(request && request.result);
      transaction.onabort = () => reject(transaction.error);
      transaction.onerror = () => reject(transaction.error);
    });
  }

  me() { return this._run(ME, "readonly", (s) => s.get("me")); }
  /** @param {PhoneUser | null} me */
  setMe(me) { return this._run(ME, "readwrite", (s) => (me ? s.put(me, "me") : s.clear())); }
  /** @param {number} user */
  keys(user) { return this._run(KEYS, "readonly", (s) => s.get(user)); }
  /** @param {number} user @param {CryptoKey[]} keys */
  setKeys(user, keys) { return this._run(KEYS, "readwrite", (s) => s.put(keys, user)); }
  wipeKeys() { return this._run(KEYS, "readwrite", (s) => s.clear()); }
  /** @param {string} place */
  roster(place) { return this._run(ROSTERS, "readonly", (s) => s.get(place)); }
  /** @param {string} place @param {Sealed} sealed */
  setRoster(place, sealed) { return this._run(ROSTERS, "readwrite", (s) => s.put(sealed, place)); }
  wipeRosters() { return this._run(ROSTERS, "readwrite", (s) => s.clear()); }
  /** @param {number} user */
  entries(user) { return this._run(OUTBOX, "readonly", (s) => s.index("user").getAll(user)); }

  /**
   * Write the entry (null: delete it) if `fits` says so of what is there now; whether it did.
   * @param {string} id @param {EntryRecord | null} entry @param {EntryTest} fits
   */
  async change(id, entry, fits) {
    let done = false;
    await this._run(OUTBOX, "readwrite", (s) => {
      const reading = s.get(id);
      reading.onsuccess = () => {
        if (!fits(reading.result)) return;
        if (entry) s.put(entry);
        else s.delete(id);
        done = true;
      };
    });
    return done;
  }
}

/** The same, until the page is closed. @implements {PhoneStore} */
class MemoryStore {
  isKept = false;
  /** @type {PhoneUser | undefined} */ _me;
  /** @type {Map<number, CryptoKey[]>} */ _keys = new Map();
  /** @type {Map<string, Sealed>} */ _rosters = new Map();
  /** @type {Map<string, EntryRecord>} */ _entries = new Map();

  async me() { return this._me; }
  /** @param {PhoneUser | null} me */
  async setMe(me) { this._me = me || undefined; }
  /** @param {number} user */
  async keys(user) { return this._keys.get(user); }
  /** @param {number} user @param {CryptoKey[]} keys */
  async setKeys(user, keys) { this._keys.set(user, keys); }
  async wipeKeys() { this._keys.clear(); }
  /** @param {string} place */
  async roster(place) { return this._rosters.get(place); }
  /** @param {string} place @param {Sealed} sealed */
  async setRoster(place, sealed) { this._rosters.set(place, sealed); }
  async wipeRosters() { this._rosters.clear(); }
  /** @param {number} user */
  async entries(user) { return [...this._entries.values()].filter((entry) => entry.user === user); }

  /** @param {string} id @param {EntryRecord | null} entry @param {EntryTest} fits */
  async change(id, entry, fits) {
    if (!fits(this._entries.get(id))) return false;
    if (entry) this._entries.set(id, entry);
    else this._entries.delete(id);
    return true;
  }
}

export const fromBase64 = (/** @type {string} */ text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/** Encrypts with the first key, decrypts with any. Without keys (memory only) it leaves things as they are. */
export class Encryption {
  /** @param {CryptoKey[]} keys */
  constructor(keys) {
    this._keys = keys;
  }

  /** Keys of the register (base64) that no script can read out again. @param {string[]} texts */
  static async importKeys(texts) {
    return Promise.all(
      texts.map((text) => crypto.subtle.importKey("raw", fromBase64(text), AES, false, ["encrypt", "decrypt"])),
    );
  }

  /** @param {any} content @returns {Promise<Sealed>} */
  async encrypt(content) {
    if (this._keys.length === 0) return { content };
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const text = new TextEncoder().encode(JSON.stringify(content));
    const data = await crypto.subtle.encrypt({ name: AES, iv }, this._keys[0], text);
    return { iv, data: new Uint8Array(data) };
  }

  /** What was encrypted; Error when none of the keys opens it. @param {Sealed} sealed @returns {Promise<any>} */
  async decrypt(sealed) {
    if ("content" in sealed) return sealed.content;
    for (const key of this._keys) {
      try {
        const text = await crypto.subtle.decrypt({ name: AES, iv: sealed.iv }, key, sealed.data);
        return JSON.parse(new TextDecoder().decode(text));
      } catch {
        // Encrypted under an earlier key, perhaps: try the next.
      }
    }
    throw new Error("encrypted under another key");
  }
}

/**
 * A user's entries with their content, oldest first; `lostCount`: those that no key opens, never thrown away. Rejects
 * when the store cannot be read.
 * @param {PhoneStore} store @param {Encryption} encryption @param {number} user
 */
export async function readEntries(store, encryption, user) {
  /** @type {OutboxEntry[]} */
  const entries = [];
  let lostCount = 0;
  for (const { sealed, ...record } of await store.entries(user)) {
    try {
      entries.push({ ...record, ...(await encryption.decrypt(sealed)) });
    } catch {
      lostCount += 1;
    }
  }
  entries.sort((one, other) => one.at - other.at);
  return { entries, lostCount, areEntriesRead: true };
}

/**
 * How long the register was not heard, in milliseconds: the shorter of two, by the clock of then and by the
 * register's. Neither counts where the clock stands before it; none: 0. @param {PhoneUser} me
 */
export function silentMs({ syncedAt, clockOffsetMs }) {
  const silences = [syncedAt, syncedAt + clockOffsetMs].map((at) => Date.now() - at).filter((ms) => ms >= 0);
  return silences.length ? Math.min(...silences) : 0;
}

// --- what time it is: a phone's clock may be wrong, the register's was heard some time ago; in milliseconds --

export const CLOCK_MAY_DIFFER_MS = 600_000;

/** @typedef {Pick<PhoneUser, "clockOffsetMs" | "syncedAt" | "isStillBehind">} HeardClock */

/** The phone shows less than at the register's last answer: it has been put back. @param {HeardClock} heard @param {number} shown */
export const isPutBack = ({ syncedAt }, shown) => shown < syncedAt - CLOCK_MAY_DIFFER_MS;

/**
 * The phone, which was behind at the register's last answer, shows more than the register did then: it was put right
 * since, or as much time has gone by. @param {HeardClock} heard @param {number} shown
 */
export function isPutForward({ clockOffsetMs, syncedAt }, shown) {
  return clockOffsetMs > CLOCK_MAY_DIFFER_MS && shown >= syncedAt + clockOffsetMs - CLOCK_MAY_DIFFER_MS;
}

/** The moment; the register's last answer is the least that it can be. @param {HeardClock} heard @param {number} shown */
export function findMoment(heard, shown) {
  const { clockOffsetMs, syncedAt, isStillBehind } = heard;
  if (isPutBack(heard, shown)) return Math.max(shown, syncedAt + clockOffsetMs);
  return isPutForward(heard, shown) && !isStillBehind ? shown : shown + clockOffsetMs;
}

/**
 * What the phone shows and what it would be if nobody has put it right: only who holds it knows which. None once it is
 * said, or where nothing is in doubt. @param {HeardClock} heard @param {number} shown
 */
export function listPossibleMoments(heard, shown) {
  const isInDoubt = isPutForward(heard, shown) && !heard.isStillBehind;
  return isInDoubt ? [shown, shown + heard.clockOffsetMs] : [];
}

/** What is known of the clock once it is said to be right. @param {HeardClock} heard */
export const takeAsRight = ({ clockOffsetMs, syncedAt }) => ({ clockOffsetMs: 0, syncedAt: syncedAt + clockOffsetMs });

/** @param {string} iso @param {string} month */
export const isSameMonth = (iso, month) => iso.slice(0, 7) === month.slice(0, 7);

/** The last day of the month of an ISO date. @param {string} month */
export function lastDay(month) {
  const [year, number] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10);
}

/** The first day of the month `count` months later. @param {string} month @param {number} count */
export function addMonths(month, count) {
  const [year, number] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 1 + count, 1)).toISOString().slice(0, 10);
}

// --- the day at the posyandu: which posyandu and day a user works on in a village, chosen once ------------------
// (here, for the same reason; it names no child, so it lies open, and outlives signing out)

export const [ALL_POSYANDU, NO_POSYANDU] = ["all", "none"];

export class PosyanduDay {
  /** @param {string} place the user and the village @param {RosterData["posyandu"]} posyandu @param {string} today */
  constructor(place, posyandu, today) {
    this.posyandu = posyandu;
    this.today = today;
    this._key = `posyandu/${place}`;
    /** @type {{choice?: string, day?: string, on?: string}} */
    this._kept = JSON.parse(localStorage.getItem(this._key) || "{}");
  }

  /** The day of the roster that is open. @param {Workspace} app */
  static of({ session, village: { open } }) {
    return new PosyanduDay(`${session.me?.user.id}/${open.village.code}`, open.posyandu, session.today);
  }

  get isChoosable() {
    return this.posyandu.length > 1;
  }

  /** The number of a posyandu, ALL_POSYANDU or NO_POSYANDU; empty where nothing was chosen yet. */
  get choice() {
    const { choice = "" } = this._kept;
    if (!this.isChoosable) return ALL_POSYANDU;
    return [ALL_POSYANDU, NO_POSYANDU].includes(choice) || this.name ? choice : "";
  }

  /** The name of the posyandu that was chosen; empty for all of them or none. */
  get name() {
    return this.posyandu.find(({ id }) => String(id) === this._kept.choice)?.name || "";
  }

  /** Today, or what was chosen instead today. */
  get day() {
    const { day, on } = this._kept;
    return day && on === this.today && day < this.today ? day : this.today;
  }

  /** @param {{choice?: string, day?: string}} changes */
  choose(changes) {
    this._kept = { ...this._kept, ...changes, ...(changes.day && { on: this.today }) };
    localStorage.setItem(this._key, JSON.stringify(this._kept));
  }

  /** Whether a child is on the list. @param {PhoneChild} child */
  has(child) {
    if (["", ALL_POSYANDU].includes(this.choice)) return true;
    return (child.posyandu || "") === this.name;
  }

  /** Children of another posyandu, or of none, who were measured at this one on its day. @param {PhoneChild[]} children @param {OutboxEntry[]} entries */
  listGuests(children, entries) {
    const own = entries.filter((entry) => entry.posyandu && entry.posyandu === this.choice && entry.state !== "fix"
      && entry.body.measured_on === this.day).map((entry) => entry.child);
    return children.filter((child) => own.includes(child.id) && !this.has(child));
  }
}

// --- asking the register, and why it could not be reached ----------------------------------------------------

const TIMEOUT_MS = 60_000;

/**
 * The phone may have a signal, but no register answers: nothing does, in time, or something else (a captive portal, a
 * proxy's page). @type {string[]}
 */
export const SERVER_TROUBLES = ["silent", "slow", "foreign"];

/** The register has given no answer of its own. */
export class OfflineError extends Error {
  /** @param {OfflineTrouble} trouble @param {number} [waitMs] how long a server that has too much to do asks to be left alone */
  constructor(trouble, waitMs = 0) {
    super(trouble);
    this.trouble = trouble;
    this.waitMs = waitMs;
  }
}

/** The session has ended; `isClosed`: because the account was closed. */
export class SignedOutError extends Error {
  isClosed = this.message === "account_closed";
}

/** Why a request has failed that nobody answered: without a network the phone knows it; else it cannot be told apart. */
export const troubleWithoutAnswer = () => (navigator.onLine === false ? "offline" : "silent");

/**
 * JSON from the register. OfflineError without an answer, or for one that is not the register's; SignedOutError for
 * 401 and 403.
 * @param {string} url @param {RequestInit} [options] @returns {Promise<{status: number, body: any}>}
 */
export async function requestJson(url, options = {}) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), TIMEOUT_MS);
  try {
    const answer = await fetch(url, {
      cache: "no-store",
      credentials: "same-origin",
      redirect: "manual",
      signal: stop.signal,
      ...options,
      headers: { Accept: "application/json", ...options.headers },
    });
    return await readAnswer(answer);
  } catch (error) {
    if (error instanceof SignedOutError || error instanceof OfflineError) throw error;
    throw new OfflineError(stop.signal.aborted ? "slow" : troubleWithoutAnswer());
  } finally {
    clearTimeout(timer);
  }
}

/** @param {Response} answer */
async function readAnswer(answer) {
  const { status, headers } = answer;
  if (status === 401 || status === 403) throw new SignedOutError((await answer.json().catch(() => ({}))).code);
  if (status === 429 || status === 503) throw new OfflineError("overloaded", 1000 * Number(headers.get("Retry-After")) || 0);
  if (status >= 500) throw new OfflineError("silent");
  // A redirect has no content, and is no answer of the register.
  if (!(headers.get("Content-Type") || "").startsWith("application/json")) throw new OfflineError("foreign");
  return { status, body: await answer.json() };
}

/** @param {string} url @param {any} body @param {string} csrf */
export function postJson(url, body, csrf) {
  return requestJson(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
    body: JSON.stringify(body),
  });
}
