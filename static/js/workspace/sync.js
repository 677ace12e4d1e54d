/** Keeps entries on the phone, offers to undo them, and sends them: when they are due, on reconnect, by a button. */
import { Outbox, UNDO_MS, listSendable } from "./outbox.js";
import { byId, say, sayWhatCounts } from "./template.js";

const SLOWEST_RETRY_MS = 300_000;
const FIRST_RETRY_MS = 15_000;
const TROUBLES = /** @type {const} */ (["offline", "silent", "slow", "foreign", "overloaded", "signed_out", "refused"]);

export class OutboxSync {
  /** @type {Outbox | null} */ _outbox = null;
  _retryMs = FIRST_RETRY_MS;
  _timer = 0;
  _undoTimer = 0;
  /** The sending under way in this tab. @type {Promise<string> | null} */ _sending = null;
  _isAskedAgain = false;

  /** @param {Workspace} app */
  constructor(app) {
    this.app = app;
    this.session = app.session;
  }

  /** The outbox of the user who works here; null when nobody does. */
  get _current() {
    const { me, encryption, store, urls } = this.session;
    if (!me || !encryption) return null;
    if (!this._outbox || this._outbox.encryption !== encryption) {
      this._outbox = new Outbox(store, encryption, me.user.id, urls);
      this._outbox.addEventListener("change", () => this._showChange());
    }
    return this._outbox;
  }

  get outbox() {
    const outbox = this._current;
    if (!outbox) throw new Error("nobody works here");
    return outbox;
  }

  async _showChange() {
    if (!this._current) return;
    await this.session.refreshEntries();
    this.app.renderStatus();
    document.dispatchEvent(new CustomEvent("entries"));
    if (location.pathname === "/outbox/") this.app.redraw();
  }

  /** Put an entry on the phone and say so; false, with the reason in sight, when it could not be. @param {NewEntry} entry */
  async keepEntry(entry) {
    let isSaved = false;
    try {
      isSaved = await this.outbox.save(entry);
      if (!isSaved) this.app.note("watch", say("on_its_way"));
    } catch {
      this.app.note("act", say("no_room"));
    }
    await this.session.refreshEntries();
    if (isSaved) this._offerUndo(entry);
    return isSaved;
  }

  /** What was saved can be taken back until it is sent. @param {NewEntry} entry */
  _offerUndo(entry) {
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
    const bar = byId("undo");
    const button = /** @type {HTMLButtonElement} */ (bar.querySelector("button"));
    /** @type {HTMLElement} */ (bar.querySelector("p")).textContent = say("undo", { name: entry.name });
    button.onclick = () => {
      bar.hidden = true;
      this._undo(entry);
    };
    bar.hidden = false;
    clearTimeout(this._undoTimer);
    this._undoTimer = setTimeout(() => { bar.hidden = true; }, UNDO_MS);
    setTimeout(() => this.send(), UNDO_MS + 100);
  }

  /** @param {NewEntry} entry */
  async _undo(entry) {
    const { app, session } = this;
    const isUndone = await this.outbox.undo(entry.id);
    await session.refreshEntries();
    if (entry.kind === "child" || entry.kind === "measurement") app.lastSaved = null;
    const isGone = !session.entries.some((one) => one.id === entry.id);
    const undoneKey = entry.body.corrects ? "correction_undone" : "undone";
    const key = isUndone ? (isGone ? undoneKey : "restored") : "too_late";
    const sentences = [say(key, { name: entry.name }), key === "undone" ? "" : this._sayWhatCounts(entry)];
    app.note(isUndone ? "info" : "watch", sentences.join(" ").trim());
    if (isGone && entry.kind === "child") history.pushState(null, "", "/roster/");
    // What she is typing by now, of the next child, stays under her hands.
    if (app.drafts.has(location.pathname + location.search)) document.dispatchEvent(new CustomEvent("entries"));
    else await app.redraw();
  }

  /** What counts where a measurement was entered; empty where this phone does not know. @param {NewEntry} entry */
  _sayWhatCounts({ kind, child: id, body }) {
    const child = kind === "measurement" ? this.app.village.findChild(id) : undefined;
    const m = child?.seen.find((one) => one.id === body.id) || child?.seen.find((one) => one.id === body.corrects);
    return m ? sayWhatCounts(m) : "";
  }

  async sendNow() {
    await this.outbox.makeDue();
    byId("undo").hidden = true;
    return this.send();
  }

  /** Send what is due; while that is under way in this tab, once more when it is done. @returns {Promise<string>} */
  async send() {
    if (!this._current || this.session.hasLeft) return "nothing";
    if (this._sending) {
      this._isAskedAgain = true;
      return this._sending;
    }
    this._sending = this._sendDue();
    let outcome = "nothing";
    try {
      outcome = await this._sending;
    } finally {
      this._sending = null;
    }
    if (!this._isAskedAgain) return outcome;
    this._isAskedAgain = false;
    return this.send();
  }

  async _sendDue() {
    const { app, session } = this;
    if (!await session.canRequest() || !this._current) return "nothing";
    const outcome = await this._current.send();
    if (session.hasLeft || !session.me) return outcome;
    if (outcome === "other_user") {
      await session.forget();
      location.assign("/roster/");
      return outcome;
    }
    const trouble = TROUBLES.find((one) => one === outcome);
    if (trouble) await session.setTrouble(trouble);
    if (outcome === "sent") await this.onServerResponse();
    if (outcome === "ended" || outcome === "closed") await app.village.loadFromRegister({ village: "" });
    await session.refreshEntries();
    this._retryLater(outcome);
    app.renderStatus();
    return outcome;
  }

  /** The register has answered: it is back, and knows more than the roster at hand. */
  async onServerResponse() {
    const { app, session } = this;
    await session.setTrouble("");
    await session.updateMe({ syncedAt: Date.now() });
    const asked = app.village.data ? app.village.data.asked : {};
    const village = session.me ? session.me.village : "";
    const isNew = await app.village.loadFromRegister(asked.month ? asked : { village });
    if (isNew && /^\/roster\/((cases|services|events)\/)?$/.test(location.pathname) && !app.isTyping()) await app.redraw();
  }

  /** The network or the tab is back: send, and ask for what is new. */
  async onReconnect() {
    const { app, session } = this;
    const outcome = await this.send();
    if (outcome === "nothing" && session.me && (session.trouble || !app.village.isFresh)) await this.onServerResponse();
  }

  /** Send when the next entry is due; without a network, or when nothing was taken, after ever longer pauses. @param {string} outcome */
  _retryLater(outcome) {
    clearTimeout(this._timer);
    const due = listSendable(this.session.entries).map((entry) => entry.notBefore);
    if (due.length === 0 || outcome === "signed_out" || outcome === "ended") return;
    const hasFailed = outcome === "stuck" || TROUBLES.some((one) => one === outcome);
    this._retryMs = hasFailed ? Math.min(2 * this._retryMs, SLOWEST_RETRY_MS) : FIRST_RETRY_MS;
    const untilDue = Math.min(Math.max(Math.min(...due) - Date.now(), 1000), UNDO_MS);
    // Another tab that is sending will soon be done.
    /** @type {Record<string, number>} */
    const waits = { nothing: untilDue, sent: untilDue, busy: FIRST_RETRY_MS / 10 };
    const askedMs = outcome === "overloaded" ? Math.min(this.outbox.askedWaitMs, SLOWEST_RETRY_MS) : 0;
    this._timer = setTimeout(() => this.send(), waits[outcome] || Math.max(this._retryMs, askedMs));
  }

  /** Add the entries of a file that another phone saved. @param {string} text */
  async readFile(text) {
    const count = await this.outbox.fromFile(text).catch(() => null);
    const sentence = count === null ? say("file_other") : say("file_added", { count });
    this.app.note(count === null ? "watch" : "info", sentence);
    await this._showChange();
    return this.send();
  }
}
