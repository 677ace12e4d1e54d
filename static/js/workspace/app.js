/**
 * The cadre's workspace: opens what the phone keeps, draws the page of the address, and shows above it who works
 * here and what waits. Pages get it as `app` (types.d.ts).
 *
 * The first screen may take ten requests (experience: a slow line pays half a second for each), so it loads
 * this module, those it imports, and one of pages/. Everything else comes with the service worker, or when it is used.
 */
import { Session, VillageRoster } from "./session.js";
import {
  CLOCK_MAY_DIFFER_MS, Encryption, SignedOutError, isPutBack, isPutForward, requestJson, takeAsRight,
  troubleWithoutAnswer,
} from "./store.js";
import {
  byId, describeSending, fieldOf, fillTemplate, formatDay, formatTime, isPageReplaced, jsonOf, say, setIcon, updateWorker,
} from "./template.js";
import { Growth } from "./zscores.js";

const LONG_UNHEARD_MS = 35 * 24 * 3600 * 1000;

/** @typedef {{openPage: (app: Workspace, query: URLSearchParams, ...parts: string[]) => unknown}} PageModule */
/** Pages of the workspace by address. @type {[RegExp, () => Promise<PageModule>][]} */
const ROUTES = [
  [/^\/roster\/$/, () => import("./pages/roster.js")],
  [/^\/children\/new\/$/, () => import("./pages/new_child.js")],
  [/^\/children\/([0-9a-f-]{36})\/measure\/$/, () => import("./pages/entry.js")],
  [/^\/roster\/cases\/$/, () => import("./pages/cases.js")],
  [/^\/roster\/services\/$/, () => import("./pages/services.js")],
  [/^\/roster\/events\/$/, () => import("./pages/events.js")],
  [/^\/grid\/$/, () => import("./pages/grid.js")],
  [/^\/outbox\/$/, () => import("./pages/outbox.js")],
  [/^\/sign-out\/$/, () => import("./pages/sign_out.js")],
];

/** Pages of the register that the phone can stand in for where there is no network. @type {typeof ROUTES} */
const OFFLINE_ROUTES = [
  [/^\/children\/([0-9a-f-]{36})\/$/, () => import("./pages/child.js")],
  [/^\/convergence\/$/, () => import("./pages/services.js")],
];

const main = byId("work");
const urls = /** @type {Urls} */ ({ ...main.dataset });
let turn = 0;
let hasNote = false; // on what was just done: it stays in the banner until the next page
/** @type {Promise<PhoneSync> | null} */
let sync = null;

byId("sync").hidden = false; // it says that the phone is looked into; only what was read is said then
const session = await Session.open(urls);
/** Whether a worker served this page: another one that takes over then is a newer one. */
let hasWorker = Boolean(navigator.serviceWorker?.controller);

/** @type {Workspace} */
const app = {
  session,
  village: /** @type {any} */ (null), // set below: it needs the app itself
  growth: new Growth(jsonOf("growth-tables")),
  drafts: new Map(),
  lastSaved: null,
  get turn() { return turn; },
  go,
  redraw: () => route({ focus: false }),
  show: (drawn) => main.replaceChildren(drawn.root),
  showRefused: () => (session.hasEnded ? showEnded() : app.show(fillTemplate("t-refused", { roster: "/roster/" }))),
  showNoNetwork,
  showUnreachable,
  isTyping: () => Boolean(main.querySelector("form:not([role=search]), .grid, .just-saved, [data-typed]")),
  note,
  renderHeader,
  renderStatus,
  keepDraft,
  forgetDraft: (form) => app.drafts.delete(form.dataset.address || ""),
  loadSync,
};
app.village = new VillageRoster(app);
session.onForget = () => {
  app.village.forget();
  app.drafts.clear();
};

/** What sends; asked for again when it could not be had. */
function loadSync() {
  sync = sync || import("./sync.js").then(({ OutboxSync }) => new OutboxSync(app)).catch((error) => {
    sync = null;
    throw error;
  });
  return sync;
}

// --- pages by their address ----------------------------------------------------------------------------

/** Draw the page of the address that the browser shows. */
async function route({ focus = true } = {}) {
  if (await forgetFormerUser()) return;
  if (session.isUnheard) await session.seal("unheard");
  turn += 1;
  const days = session.possibleDays;
  if (days.length) return askDay(days);
  const mine = turn;
  const { pathname, searchParams } = new URL(location.href);
  const found = [...ROUTES, ...OFFLINE_ROUTES].find(([address]) => address.test(pathname));
  try {
    if (found) {
      const [address, load] = found;
      const page = await load();
      const [, ...parts] = address.exec(pathname) || [];
      if (mine === turn) await page.openPage(app, searchParams, ...parts);
    } else showNoNetwork();
  } catch (error) {
    // A script that is not here: of a site that was updated under this page, or of one that cannot be reached.
    if (mine === turn) await (await isPageReplaced(urls) ? showOutdated() : showNoNetwork());
    throw error;
  }
  if (mine !== turn) return;
  const heading = main.querySelector("h1");
  if (focus && heading && !main.contains(document.activeElement)) heading.focus();
  if (heading) document.title = `${heading.textContent} - ${say("site")}`;
}

/** @param {string} url */
function go(url) {
  history.pushState(null, "", url);
  hasNote = false;
  byId("banner").replaceChildren();
  renderStatus();
  scrollTo(0, 0);
  return route();
}

/** Somebody else has signed in on this phone: what it keeps of the user before goes, before anything is drawn. */
async function forgetFormerUser() {
  if (!session.isInOtherHands()) return false;
  await session.forget();
  location.reload();
  return true;
}

function showNoNetwork() {
  const trouble = troubleWithoutAnswer();
  if (session.me) app.show(fillTemplate("t-no-network", { roster: "/roster/", [trouble]: true }));
  else showNothingKept();
}

/** Say why there is nothing to draw. @param {Error} error */
function showUnreachable(error) {
  if (session.me?.sealed) showSealed(session.me);
  else if (session.hasEnded) showEnded();
  else if (error instanceof SignedOutError && !session.me) location.assign(session.loginUrl);
  else if (session.me && session.me.village) showNoNetwork();
  else showNothingKept();
}

function showEnded() {
  if (session.me?.starts) return app.show(fillTemplate("t-not-started", { day: formatDay(session.me.starts) }));
  const count = session.entries.filter((entry) => entry.state !== "received").length;
  return app.show(fillTemplate("t-ended", { waiting: count > 0 && say("ended", { count }) }));
}

/** Let the day be chosen before anything is dated by it. @param {string[]} days as the phone shows, and if it is still behind */
function askDay([shown, later]) {
  const me = /** @type {PhoneUser} */ (session.me);
  const drawn = fillTemplate("t-day", { shown: formatDay(shown), later: formatDay(later) });
  drawn.root.querySelectorAll("button").forEach((button) => button.addEventListener("click", async () => {
    await session.updateMe(button.value === "shown" ? takeAsRight(me) : { isStillBehind: true });
    await route();
    renderStatus();
  }));
  app.show(drawn);
}

/** Say why the phone forgot the children, and let what waits be saved as it is. @param {PhoneUser} me */
async function showSealed({ user, sealed }) {
  main.replaceChildren();
  const undo = byId("undo");
  undo.hidden = true;
  /** @type {HTMLElement} */ (undo.querySelector("p")).textContent = ""; // it names a child
  const count = (await session.store.entries(user.id)).filter((entry) => entry.state !== "received").length;
  const drawn = fillTemplate("t-sealed", {
    closed: sealed === "closed",
    unheard: sealed === "unheard",
    waiting: count > 0 && say(`sealed_${sealed}`, { count }),
    login: session.loginUrl,
  });
  drawn.find("[data-do=save-file]")?.addEventListener("click", async () => {
    const [{ saveFile }, { Outbox }] = await Promise.all([import("./pages/outbox.js"), import("./outbox.js")]);
    await saveFile(app, new Outbox(session.store, new Encryption([]), user.id, urls));
  });
  app.show(drawn);
}

function showNothingKept() {
  const drawn = fillTemplate("t-nothing-kept", { login: session.loginUrl });
  drawn.find("[data-do=again]").addEventListener("click", () => location.reload());
  app.show(drawn);
}

/**
 * Give a form back what was typed at its address and not saved, and keep what is typed from now on.
 * @param {HTMLFormElement} form @param {(name: string) => void} [onRestore] called with each field given back
 */
function keepDraft(form, onRestore = () => {}) {
  const address = location.pathname + location.search;
  const draft = app.drafts.get(address) || new Map();
  form.dataset.address = address;
  draft.forEach((value, name) => {
    Object.assign(fieldOf(form, name), { [typeof value === "boolean" ? "checked" : "value"]: value });
    onRestore(name);
  });
  form.addEventListener("input", (event) => {
    const target = /** @type {HTMLInputElement} */ (event.target);
    draft.set(target.name, target.type === "checkbox" ? target.checked : fieldOf(form, target.name).value);
    app.drafts.set(address, draft);
  });
}

// --- above the page: who works here, what waits, what was just done --------------------------------------

/** Name, place and menu of who works here. */
function renderHeader() {
  const { me } = session;
  if (!me) return;
  byId("who").textContent = me.posts.slice(0, 2).join(" \u00b7 ") + (me.posts.length > 2 ? " \u2026" : "");
  const menu = byId("menu");
  menu.hidden = me.menu.length === 0;
  /** @type {HTMLElement} */ (menu.querySelector("ul")).replaceChildren(...me.menu.map((link) => {
    const item = document.createElement("li");
    const anchor = document.createElement("a");
    anchor.href = link.url;
    anchor.textContent = link.words;
    if (location.pathname.startsWith(link.url)) anchor.setAttribute("aria-current", "page");
    item.append(anchor);
    return item;
  }));
}

/** The line above everything: what waits, and when the register last answered. */
function renderStatus() {
  const { entries, me, trouble } = session;
  if (me?.sealed) byId("banner").replaceChildren();
  byId("sync").hidden = !me || Boolean(me.sealed) || !session.encryption;
  if (!me || byId("sync").hidden) return;
  const [waiting, mustFix] = [session.count("waiting", "sending"), session.count("fix")];
  byId("sync-words").textContent = describeSending(session, me);
  byId("sync").className = `sync sync--${mustFix || !session.areEntriesRead ? "watch" : "quiet"}`;
  byId("sync-now").hidden = !waiting || trouble === "signed_out" || session.hasEnded;
  byId("sync-list").hidden = !entries.length;
  if (hasNote) return;
  const warning = clockWarning(me);
  if (session.isOutdated) showReload();
  else if (trouble === "signed_out") showBanner("watch", say("signed_out", { count: waiting }), session.loginUrl, say("sign_in"));
  else if (session.lostCount) showBanner("watch", say("lost", { count: session.lostCount }));
  else if (!session.store.isKept) showBanner("watch", say("not_kept"));
  else if (warning) showBanner("watch", warning);
}

function showReload() {
  showBanner("watch", say("outdated"), location.href, say("reload"));
  byId("banner").querySelector("a")?.addEventListener("click", reload);
}

function showOutdated() {
  const drawn = fillTemplate("t-outdated");
  drawn.find("button").addEventListener("click", reload);
  app.show(drawn);
}

/** @param {Event} event */
async function reload(event) {
  event.preventDefault();
  event.stopPropagation();
  // What is no draft has to be saved by hand.
  if (main.querySelector(".grid [aria-invalid=true], .grid [data-busy], [data-typed]")) {
    note("watch", say("save_row"));
    return;
  }
  if (!session.store.isKept && (app.isTyping() || !session.entries.every(({ state }) => state === "received"))) {
    note("watch", say("not_kept"));
    return;
  }
  await session.keepDrafts(app.drafts);
  if (!await isPageReplaced(urls)) await updateWorker();
  location.reload();
}

/** What is the matter with the phone's clock, in words; empty when nothing is. @param {PhoneUser} me */
function clockWarning(me) {
  const { clockOffsetMs, syncedAt } = me;
  const shown = Date.now();
  const [phone, heard, today] = [formatTime(shown), formatTime(syncedAt + clockOffsetMs), formatDay(session.today)];
  if (isPutBack(me, shown)) {
    return shown < syncedAt + clockOffsetMs - CLOCK_MAY_DIFFER_MS ? say("clock_back", { phone, heard, today }) : "";
  }
  if (Math.abs(clockOffsetMs) > CLOCK_MAY_DIFFER_MS && (me.isStillBehind || !isPutForward(me, shown))) {
    return say("clock", { minutes: Math.round(Math.abs(clockOffsetMs) / 60_000) });
  }
  return shown - syncedAt > LONG_UNHEARD_MS ? say("clock_far", { today, heard }) : "";
}

/** @param {string} kind @param {string} text @param {string} url @param {string} action */
function showBanner(kind, text, url = "", action = "") {
  const drawn = fillTemplate("t-notice", { text, url, action });
  if (kind === "watch" || kind === "act") drawn.find(".notice").classList.add(`notice--${kind}`);
  setIcon(drawn.root, kind);
  byId("banner").replaceChildren(drawn.root);
}

/** Show a word on what was just done; it goes with the next page. @param {string} kind @param {string} text */
function note(kind, text) {
  hasNote = true;
  showBanner(kind, text);
  // The buttons of a form are a screen below the banner.
  if (kind !== "info") byId("banner").scrollIntoView({ block: "center" });
}

// --- events, and the start -------------------------------------------------------------------------------

/** @param {string} language */
async function chooseLanguage(language) {
  if (app.drafts.has(location.pathname + location.search)) {
    note("watch", say("save_first"));
    return;
  }
  try {
    const { body } = await requestJson(urls.session).catch(() => ({ body: { csrf: "" } }));
    const form = new URLSearchParams({ language, next: location.pathname });
    await fetch("/i18n/setlang/", { method: "POST", headers: { "X-CSRFToken": body.csrf }, body: form, redirect: "manual" });
    location.reload();
  } catch {
    note("watch", say("language_offline"));
  }
}

/** Draw the workspace's own addresses here, without a request. @param {MouseEvent} event */
function followLink(event) {
  const link = event.target instanceof Element && event.target.closest("a");
  if (!link || !link.hasAttribute("href") || link.target || link.hasAttribute("download")) return;
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const url = new URL(link.href);
  if (url.origin !== location.origin || !ROUTES.some(([address]) => address.test(url.pathname))) return;
  event.preventDefault();
  go(url.pathname + url.search);
}

function listen() {
  const onReconnect = async () => (await loadSync()).onReconnect();
  addEventListener("popstate", () => route());
  addEventListener("online", onReconnect);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && onReconnect());
  navigator.serviceWorker?.addEventListener("controllerchange", async () => {
    session.isOutdated ||= hasWorker && await isPageReplaced(urls);
    hasWorker = true;
    renderStatus();
  });
  if (session.tabs) {
    session.tabs.onmessage = () => {
      session.hasLeft = true;
      main.replaceChildren();
      location.assign(urls.login);
    };
  }
  byId("sync-now").addEventListener("click", async () => (await loadSync()).sendNow());
  document.querySelectorAll("#language button").forEach((button) => {
    button.addEventListener("click", () => chooseLanguage(/** @type {HTMLButtonElement} */ (button).value));
  });
  document.addEventListener("click", followLink);
}

/**
 * Be there without a network, and among the phone's apps. Asked for last: nothing on the page waits for it. The
 * worker brings the scripts of all pages; then those of the entry, which is one tap away, are taken from it.
 */
async function install() {
  const link = document.createElement("link");
  Object.assign(link, { rel: "manifest", href: urls.manifest });
  document.head.append(link);
  try {
    await navigator.serviceWorker.register(urls.worker, { scope: "/" });
    await navigator.serviceWorker.ready;
  } catch {
    // A browser without workers: what is not loaded now is asked for when it is opened.
  }
  await Promise.all([import("./pages/entry.js"), import("./pages/entry_save.js"), loadSync()]);
}

async function start() {
  listen();
  if (session.encryption) renderHeader();
  renderStatus();
  await session.takeDrafts(app.drafts);
  await route({ focus: false });
  renderStatus();
  install().catch(() => {}); // without a network they are asked for again
  if (session.entries.length) await (await loadSync()).send();
}

start();
