/**
 * Who works on this phone (`Session`), and the village at hand (`VillageRoster`): from the phone at once, from
 * the register when it answers.
 */
import { mergeEntries } from "./children.js";
import {
  Encryption, OfflineError, SERVER_TROUBLES, SignedOutError, findMoment, listPossibleMoments, openStore, readEntries,
  requestJson, silentMs, troubleWithoutAnswer,
} from "./store.js";
import { dayAt, words } from "./template.js";

const ROSTER_IS_FRESH_MS = 600_000;
const LEFT = "left"; // in localStorage: signed out, and the register does not know it yet

export class Session {
  /** @type {PhoneUser | null} */ me = null;
  /** Of the user's data on this phone; null until her keys are known. @type {Encryption | null} */ encryption = null;
  /** What waits or was received today. @type {OutboxEntry[]} */ entries = [];
  /** The entries are what the phone holds: it has answered when it was asked last. */ areEntriesRead = false;
  /** Entries that no key opens. */ lostCount = 0;
  /** The register has another version of this page and its scripts. */ isOutdated = false;
  /** Signed out in this tab or in another one. */ hasLeft = false;
  /** Why the register could not be reached. @type {Trouble} */ trouble = "";

  /** @param {PhoneStore} store @param {Urls} urls */
  constructor(store, urls) {
    this.store = store;
    this.urls = urls;
    this.tabs = "BroadcastChannel" in globalThis ? new BroadcastChannel("register") : null;
  }

  /** @param {Urls} urls */
  static async open(urls) {
    const session = new Session(await openStore(), urls);
    session.me = (await session.store.me()) || null;
    if (session.me && !session.me.sealed && !session.isInOtherHands()) {
      session.encryption = new Encryption((await session.store.keys(session.me.user.id)) || []);
      await session.refreshEntries();
    }
    return session;
  }

  async refreshEntries() {
    const { me, encryption, store } = this;
    if (!me || !encryption) {
      this.entries = [];
      return;
    }
    const read = await readEntries(store, encryption, me.user.id).catch(() => ({ areEntriesRead: false }));
    if (this.encryption === encryption) Object.assign(this, read);
  }

  /** The phone's store was opened and read, and holds nothing that the register has not received. */
  get isAllSent() {
    const isRead = this.store.isKept && this.areEntriesRead && !this.lostCount;
    return isRead && this.entries.every((entry) => entry.state === "received");
  }

  /** How many entries are in any of these states. @param {EntryState[]} states */
  count(...states) {
    return this.entries.filter((entry) => states.includes(entry.state)).length;
  }

  /** Say why the register could not be reached; from when on its server is silent is known until it answers. @param {Trouble} trouble */
  async setTrouble(trouble) {
    this.trouble = trouble;
    const silentSince = SERVER_TROUBLES.includes(trouble) ? this.me?.silentSince || Date.now() : undefined;
    if (silentSince !== this.me?.silentSince) await this.updateMe({ silentSince });
  }

  /** Somebody else has signed in on this phone: what it keeps of the user before has to go. */
  isInOtherHands() {
    const cookie = /(?:^|; )who=(\d+)/.exec(document.cookie);
    return this.me !== null && cookie !== null && Number(cookie[1]) !== this.me.user.id;
  }

  /**
   * Take over whose session it is. Another user than before: what the phone keeps of that one's rosters goes.
   * @param {SessionData} data
   */
  async applySession(data) {
    const { store } = this;
    if (this.hasLeft) return;
    if (this.me && this.me.user.id !== data.user.id) await this.forget();
    this.isOutdated = data.version !== this.urls.version;
    const before = this.me;
    const keys = store.isKept ? await Encryption.importKeys(data.keys) : [];
    if (store.isKept) await store.setKeys(data.user.id, keys);
    const { user, posts, menu, until, starts, answers } = data;
    this.me = {
      user, posts, menu, until, starts, answers,
      village: before?.village ?? "",
      several: before?.several ?? false,
      clockOffsetMs: new Date(data.now).getTime() - Date.now(),
      syncedAt: Date.now(),
    };
    await store.setMe(this.me);
    if (!this.encryption) this.encryption = new Encryption(keys);
    await this.refreshEntries();
  }

  /** Change what is known of the user. @param {Partial<PhoneUser>} changes */
  async updateMe(changes) {
    if (!this.me) return;
    this.me = { ...this.me, ...changes };
    await this.store.setMe(this.me);
  }

  /** Keep what is being typed while the page is loaded again: sealed, and gone with the rosters. @param {Drafts} drafts */
  async keepDrafts(drafts) {
    if (!this.me || !this.encryption) return;
    const typed = [...drafts].map(([address, fields]) => [address, [...fields]]);
    await this.store.setRoster(`${this.me.user.id}/drafts`, await this.encryption.encrypt(typed));
  }

  /** Take it back, once. @param {Drafts} drafts */
  async takeDrafts(drafts) {
    const sealed = this.me && this.encryption && await this.store.roster(`${this.me.user.id}/drafts`);
    if (!sealed) return;
    const typed = await this.encryption?.decrypt(sealed).catch(() => []);
    for (const [address, fields] of typed) drafts.set(address, new Map(fields));
    if (typed.length) await this.keepDrafts(new Map());
  }

  async forget() {
    const { store } = this;
    Object.assign(this, { me: null, encryption: null, entries: [] });
    this.onForget();
    await store.wipeRosters();
    await store.wipeKeys();
    await store.setMe(null);
  }

  /** Nothing stays that can be read here: what waits opens when its user signs in. @param {"closed" | "unheard"} why */
  async seal(why) {
    Object.assign(this, { encryption: null, entries: [], lostCount: 0 });
    this.onForget();
    await this.store.wipeRosters();
    await this.updateMe({ sealed: why });
    await this.store.wipeKeys();
  }

  /** The register was not heard for so long that this phone may be lost. */
  get isUnheard() {
    return Boolean(this.me && !this.me.sealed && silentMs(this.me) > Number(this.urls.rosterDays) * 24 * 3600 * 1000);
  }

  /** What the pages hold of the user goes too: set by app.js. */
  onForget() {}

  async leave() {
    this.hasLeft = true;
    localStorage.setItem(LEFT, "1");
    if (this.tabs) this.tabs.postMessage(LEFT);
    await this.forget();
    await this.end();
    await this.forget(); // what was on its way when she tapped
    location.assign(this.urls.login);
  }

  /** True unless somebody signed out here without a network and the register still cannot be reached. */
  async canRequest() {
    if (!localStorage.getItem(LEFT)) return true;
    await this.end();
    return !localStorage.getItem(LEFT);
  }

  /** End the register's session too; without a network that is done the next time there is one. */
  async end() {
    try {
      const { body } = await requestJson(this.urls.session);
      await fetch(this.urls.logout, { method: "POST", headers: { "X-CSRFToken": body.csrf }, redirect: "manual" });
      localStorage.removeItem(LEFT);
    } catch (error) {
      if (error instanceof SignedOutError) localStorage.removeItem(LEFT);
    }
  }

  /** Her term has ended or is to come: no child is shown here, and what waits is kept for a file. */
  get hasEnded() {
    return Boolean(this.me?.until) && this.today > String(this.me?.until);
  }

  get loginUrl() {
    return `${this.urls.login}?next=${encodeURIComponent(location.pathname + location.search)}`;
  }

  /** Today at the posyandu, by the register's clock where it is known. */
  get today() {
    return dayAt(this.nowMs);
  }

  /** The month that a page opens on when its address names none, as registry/figures/default_month.py has it. */
  get defaultMonth() {
    return `${this.today.slice(0, 7)}-01`;
  }

  /** The moment, by the register's clock where it is known. */
  get nowMs() {
    return this.me ? findMoment(this.me, Date.now()) : Date.now();
  }

  /** The days of which only who holds the phone knows which is today: as the phone shows, and if it is still behind. */
  get possibleDays() {
    const days = this.me ? listPossibleMoments(this.me, Date.now()).map(dayAt) : [];
    return days[0] === days[1] ? [] : days;
  }
}

export class VillageRoster {
  /** @type {RosterData | null} */ data = null;
  /** One child with all that was ever measured. @type {Partial<RosterData> | null} */ whole = null;
  /** The villages to choose from, where there are several. @type {VillageOption[] | null} */ options = null;
  freshAt = 0;

  /** @param {Workspace} app */
  constructor(app) {
    this.app = app;
    this.session = app.session;
  }

  /** The roster that is open. Error when there is none. */
  get open() {
    if (!this.data) throw new Error("no roster is at hand");
    return this.data;
  }

  /** The register was asked for the roster of this month a moment ago. */
  get isFresh() {
    return Date.now() - this.freshAt < ROSTER_IS_FRESH_MS;
  }

  get url() {
    return `/roster/?village=${this.open.village.code}`;
  }

  /** The children of the roster with this phone's entries laid over. */
  get children() {
    return mergeEntries(this.open, this.session.entries, this.app.growth, words.kbm);
  }

  /** @param {string} id */
  findChild(id) {
    const { data, whole, session } = this;
    if (!data) return undefined;
    const isWhole = whole && whole.children && whole.children[0].id === id;
    const from = { ...data, ...(isWhole ? whole : { children: data.children.filter((child) => child.id === id) }) };
    return mergeEntries(from, session.entries, this.app.growth, words.kbm).find((child) => child.id === id);
  }

  /** A child that is at hand. Error when it is not. @param {string} id */
  getChild(id) {
    const child = this.findChild(id);
    if (!child) throw new Error(`no child ${id} is at hand`);
    return child;
  }

  /** Whether a child is at hand, with the measurement that is to be put right. @param {RosterQuery} wanted */
  hasChild({ child: id, corrects }) {
    const child = id ? this.findChild(id) : undefined;
    return child !== undefined && (!corrects || child.seen.some((m) => m.id === corrects));
  }

  forget() {
    Object.assign(this, { data: null, whole: null });
  }

  /** No child's data stays on the phone of a cadre whose term has ended. */
  async _wipe() {
    this.forget();
    await this.session.store.wipeRosters();
  }

  /**
   * Have the roster of a village, month or child at hand. False when something else was drawn instead: the
   * villages to choose from, or why there is nothing.
   * @param {RosterQuery} wanted
   */
  async ensureRoster(wanted) {
    const { turn } = this.app;
    return (await this._find(wanted)) && turn === this.app.turn;
  }

  /** @param {RosterQuery} wanted */
  async _find(wanted) {
    const { app, session } = this;
    this.options = null;
    if (session.hasEnded || session.me?.sealed) return this.loadFromRegister(wanted, { must: true });
    if (!wanted.village && !wanted.child && session.me && session.me.several) {
      // Several villages to choose from; without a network the one that was open last.
      if (await this.loadFromRegister(wanted)) return true;
      if (this.options) return false;
    }
    const { data } = this;
    const fits = data && (!wanted.village || wanted.village === data.village.code)
      && !wanted.month && !data.asked.month && !wanted.child;
    if (fits && this.isFresh) return true;
    if (!wanted.month && await this.loadFromPhone(wanted)) {
      const { turn } = app;
      this.loadFromRegister(wanted).then((isNew) => {
        if ((isNew || session.hasEnded) && turn === app.turn && !app.isTyping()) app.redraw();
      });
      return true;
    }
    return this.loadFromRegister(wanted, { must: true });
  }

  /** Whether this phone keeps the roster that is wanted, which is then at hand. @param {RosterQuery} wanted */
  async loadFromPhone(wanted) {
    const { me, store, encryption } = this.session;
    if (!me || !encryption) return false;
    const sealed = await store.roster(`${me.user.id}/${wanted.village || me.village}`);
    if (!sealed) return false;
    try {
      this.data = { ...(await encryption.decrypt(sealed)), asked: {} };
    } catch {
      return false;
    }
    await this.session.refreshEntries();
    return !wanted.child || this.hasChild(wanted);
  }

  /**
   * Ask the register; whether there is a roster now. With `must`, draw why when there is none.
   * @param {RosterQuery} wanted
   */
  async loadFromRegister(wanted, { must = false } = {}) {
    const { app, session } = this;
    const query = new URLSearchParams(Object.entries(wanted).filter(([, value]) => value));
    const at = Date.now(); // what is received from now on may not be in the answer
    const { turn } = app;
    const mustDraw = () => must && turn === app.turn;
    try {
      if (!await session.canRequest()) return this._stayWithout(new OfflineError(troubleWithoutAnswer()), mustDraw());
      const { status, body } = await requestJson(`${session.urls.roster}?${query}`);
      if (session.hasLeft) return false;
      if (body.session) await session.applySession(body.session);
      if (body.session) app.renderHeader();
      if (session.hasEnded) await this._wipe();
      await session.setTrouble("");
      const isRoster = status === 200 && !body.villages;
      if (isRoster) await this._keep(body, wanted, at, turn);
      else if (status === 200) this.options = body.villages;
      else if (mustDraw()) app.showRefused();
      app.renderStatus();
      return isRoster;
    } catch (error) {
      return this._stayWithout(error, mustDraw());
    }
  }

  /** @param {unknown} error @param {boolean} mustDraw */
  async _stayWithout(error, mustDraw) {
    const { app, session } = this;
    if (!(error instanceof OfflineError || error instanceof SignedOutError)) throw error;
    await session.setTrouble(error instanceof SignedOutError ? "signed_out" : error.trouble);
    if (error instanceof SignedOutError && error.isClosed && session.me) await session.seal("closed");
    app.renderStatus();
    if (mustDraw || session.me?.sealed) app.showUnreachable(error);
    return false;
  }

  /**
   * @param {any} body @param {RosterQuery} asked @param {number} at when it was asked for @param {number} turn
   */
  async _keep(body, asked, at, turn) {
    const { app, session } = this;
    if (session.hasLeft) return;
    const { session: _session, whole, ...roster } = body;
    const isOpen = this.data && this.data.village.code === roster.village.code && !asked.month;
    if (turn === app.turn && whole) this.whole = { children: [whole], at };
    if (turn === app.turn || isOpen) {
      this.data = { ...roster, asked, at };
      if (!asked.month) this.freshAt = Date.now();
    }
    await session.refreshEntries();
    if (asked.month || !session.me || !session.encryption) return;
    await session.updateMe({ village: roster.village.code, several: roster.several });
    const place = `${session.me.user.id}/${roster.village.code}`;
    const sealed = await session.encryption.encrypt({ ...roster, at });
    if (!session.hasLeft) await session.store.setRoster(place, sealed);
  }
}
