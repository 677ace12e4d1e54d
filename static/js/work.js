// @ts-check
/**
 * The cadre's workspace: opens what the phone keeps, asks the register for what is new, draws the address,
 * and sends what waits - on load, on reconnect, when the tab returns, after a save, and by a button.
 */
import { Offline, Outbox, SignedOut, UNDO_MS, Vault, ask, mayChange, openStore, sendable } from "./outbox.js";
import { loadGrowth } from "./growth.js";
import { withEntries } from "./children.js";
import { day, dayAt, draw, say, setIcon, time, words } from "./draw.js";
import { drawKeptChild, drawMeasure, drawRoster, drawVillages } from "./views.js";

/** Fetched when it is opened, and kept by the worker; gone only when the site was updated under this page. */
const more = () => import("./more.js");

const main = document.getElementById("work");
const urls = { ...main.dataset };
const SLOWEST_RETRY_MS = 300_000;
const FIRST_RETRY_MS = 15_000;
const CLOCK_MAY_DIFFER_MS = 600_000;
const ROSTER_IS_FRESH_MS = 600_000;
const LONG_UNHEARD_MS = 35 * 24 * 3600 * 1000;

/**
 * What the views draw from; `roster` is the village at hand, `whole` a child of it with all that was ever
 * measured, `entries` what waits or was received today, `drafts` what was typed and not saved, by address.
 */
const state = {
  store: null, me: null, outbox: null, growth: null, roster: null, whole: null, entries: [], drafts: new Map(), urls,
  /** @type {"" | "offline" | "signed_out" | "refused"} */ trouble: "",
  freshAt: 0, saved: null, left: false, noted: false, retryMs: FIRST_RETRY_MS, timer: 0, syncing: null, again: false, ready: null,
};

const app = {
  state,
  go,
  redraw,
  say,
  /** Today at the posyandu, by the register's clock where it has told it. */
  today: () => dayAt(nowMs()),
  /** The children of the roster with this phone's entries laid over. */
  children: () => withEntries(state.roster, state.entries, words.kbm),
  childOf,
  show,
  keep: keepEntry,
  sendNow,
  leave,
  readFile,
  keepTyped,
  forgetTyped,
  note: (text) => note("info", text),
};

// --- addresses -----------------------------------------------------------------------------------------

const ADDRESSES = [
  [/^\/roster\/$/, rosterPage],
  [/^\/children\/new\/$/, newChildPage],
  [/^\/children\/([0-9a-f-]{36})\/measure\/$/, measurePage],
  [/^\/grid\/$/, gridPage],
  [/^\/outbox\/$/, outboxPage],
  [/^\/sign-out\/$/, async () => (await more()).drawSignOut(app)],
];

/** Pages of the register that the phone can stand in for where there is no network. */
const UNREACHED = [[/^\/children\/([0-9a-f-]{36})\/$/, keptChildPage]];

let turns = 0; // counts the addresses drawn: what comes late for an earlier one is not drawn over a later one

/** Draw the address the browser shows. */
async function route({ focus = true } = {}) {
  if (await isInOtherHands()) return;
  turns += 1;
  const turn = turns;
  const { pathname, searchParams } = new URL(location.href);
  const known = [...ADDRESSES, ...UNREACHED].find(([address]) => address.test(pathname));
  const [pattern, draws] = known || [/^/, noNetworkPage];
  const [, ...parts] = pattern.exec(pathname);
  try {
    await draws(searchParams, ...parts);
  } catch (error) {
    if (turn === turns) noNetworkPage(); // a script that is not here: the site was updated under this page
    throw error;
  }
  if (turn !== turns) return;
  const heading = main.querySelector("h1");
  if (focus && heading && !main.contains(document.activeElement)) heading.focus();
  if (heading) document.title = `${heading.textContent} - ${say("site")}`;
}

function go(url) {
  history.pushState(null, "", url);
  state.noted = false;
  document.getElementById("banner").replaceChildren();
  status();
  scrollTo(0, 0);
  return route();
}

function redraw() {
  return route({ focus: false });
}

function show(drawn) {
  main.replaceChildren(drawn.root || drawn);
}

async function rosterPage(query) {
  const village = query.get("village") || "";
  const month = query.get("month") || "";
  if (await have({ village, month })) {
    drawRoster(app, month ? `${month}-01` : `${app.today().slice(0, 7)}-01`, Boolean(month));
  } else if (state.villages) drawVillages(app);
}

function childOf(id) {
  const { entries, roster, whole } = state;
  const from = whole && whole.children[0].id === id ? { ...roster, ...whole } : roster;
  return withEntries(from, entries, words.kbm).find((child) => child.id === id);
}

async function measurePage(query, id) {
  await state.ready;
  // What was seen last is in the roster of this month, not in that of a month gone by.
  if (state.roster && state.roster.asked.month) state.roster = null;
  state.whole = null;
  const turn = turns;
  const corrects = query.get("corrects") || "";
  const opened = state.entries.find((e) => (corrects ? e.body.corrects === corrects : e.id === query.get("entry")));
  const editing = opened && mayChange(opened) ? opened : null;
  const wanted = corrects && !editing ? { child: id, corrects } : { child: id };
  if (!isHere(wanted) && !await have(opened && !corrects ? { village: opened.village } : wanted)) return;
  if (turn !== turns) return;
  if (isHere(wanted)) drawMeasure(app, id, editing, corrects);
  else if (isHere({ child: id })) show(draw("t-changed", { page: `/children/${id}/` }));
  else show(draw("t-refused", { roster: "/roster/" }));
}

/** The child is at hand, and so is the measurement of it that is to be put right. */
function isHere({ child, corrects }) {
  const found = state.roster && childOf(child);
  return Boolean(found) && (!corrects || found.seen.some((m) => m.id === corrects));
}

async function keptChildPage(_query, id) {
  await state.ready;
  state.trouble = "offline";
  status();
  state.whole = null;
  if (isHere({ child: id }) || await fromPhone({ child: id })) drawKeptChild(app, id);
  else noNetworkPage();
}

async function newChildPage(query) {
  const editing = state.entries.find((entry) => entry.id === query.get("entry"));
  const village = (editing && editing.village) || query.get("village") || "";
  if (await have({ village })) (await more()).drawNewChild(app, editing && mayChange(editing) ? editing : null);
  else if (state.villages) drawVillages(app);
}

async function gridPage(query) {
  if (await have({ village: query.get("village") || "" })) (await more()).drawGrid(app);
  else if (state.villages) drawVillages(app);
}

async function outboxPage() {
  if (state.outbox || await have({ village: "" })) (await more()).drawOutbox(app);
}

function noNetworkPage() {
  if (state.me) show(draw("t-no-network", { roster: "/roster/" }));
  else showNothingKept();
}

// --- the roster: from the phone at once, from the register when it answers ----------------------------------

/**
 * Have the roster of a village, month or child at hand. False when something else was drawn instead: the
 * villages to choose from, or why there is nothing.
 */
async function have(wanted) {
  const turn = turns;
  const [has] = await Promise.all([find(wanted), state.ready]);
  return has && turn === turns;
}

async function find(wanted) {
  state.villages = null;
  if (!wanted.village && !wanted.child && state.me && state.me.several) {
    // Several villages to choose from; without a network the one that was open last.
    if (await fromRegister(wanted)) return true;
    if (state.villages) return false;
  }
  const fits = state.roster && (!wanted.village || wanted.village === state.roster.village.code)
    && !wanted.month && !state.roster.asked.month && !wanted.child;
  if (fits && Date.now() - state.freshAt < ROSTER_IS_FRESH_MS) return true;
  if (!wanted.month && await fromPhone(wanted)) {
    const turn = turns;
    fromRegister(wanted).then((news) => news && turn === turns && !isTyping() && redraw());
    return true;
  }
  return fromRegister(wanted, { must: true });
}

/** The roster this phone keeps, if it is the one that is wanted. */
async function fromPhone(wanted) {
  const { me, store, outbox } = state;
  const { village, child } = wanted;
  if (!me || !outbox) return false;
  const place = `${me.user.id}/${village || me.village}`;
  const sealed = await store.roster(place);
  if (!sealed) return false;
  try {
    state.roster = { ...(await outbox.vault.open(sealed)), asked: {} };
  } catch (error) {
    return false;
  }
  state.entries = await outbox.entries();
  return !child || isHere(wanted);
}

/** Ask the register; true when there is a roster now. With `must`, draw why when there is none. */
async function fromRegister(wanted, { must = false } = {}) {
  const query = new URLSearchParams(Object.entries(wanted).filter(([, value]) => value));
  const at = Date.now(); // what is received from now on may not be in the answer
  const turn = turns;
  try {
    if (!await mayAsk()) return without(new Offline("signed out here"), must && turn === turns);
    const { status: code, body } = await ask(`${urls.roster}?${query}`);
    if (state.left) return false;
    if (body.session) await adopt(body.session);
    state.trouble = "";
    if (code !== 200) {
      if (must && turn === turns) show(draw("t-refused", { roster: "/roster/" }));
    } else if (body.villages) state.villages = body.villages;
    else await keepRoster(body, wanted, at, turn);
    status();
    return code === 200 && !body.villages;
  } catch (error) {
    return without(error, must && turn === turns);
  }
}

function without(error, must) {
  if (!(error instanceof Offline || error instanceof SignedOut)) throw error;
  state.trouble = error instanceof SignedOut ? "signed_out" : "offline";
  status();
  if (!must) return false;
  if (error instanceof SignedOut && !state.me) location.assign(loginUrl());
  else if (state.me && state.me.village) noNetworkPage();
  else showNothingKept();
  return false;
}

function showNothingKept() {
  const drawn = draw("t-nothing-kept", { login: loginUrl() });
  drawn.find("[data-do=again]").addEventListener("click", () => location.reload());
  show(drawn);
}

const loginUrl = () => `${urls.login}?next=${encodeURIComponent(location.pathname + location.search)}`;

/** The phone's clock shows less than when the register was last heard: it has been put back since. */
const isPutBack = () => Boolean(state.me) && Date.now() < state.me.syncedAt - CLOCK_MAY_DIFFER_MS;

/** The moment, by the register's clock: what it told last is the least that it can be. */
function nowMs() {
  const { me } = state;
  if (!me) return Date.now();
  if (isPutBack()) return Math.max(Date.now(), me.syncedAt + me.clockOffsetMs);
  return Date.now() + me.clockOffsetMs;
}

/** What is the matter with the phone's clock, in words; empty when nothing is. */
function clockWords() {
  const { me } = state;
  const [phone, heard] = [time(Date.now()), time(me.syncedAt + me.clockOffsetMs)];
  if (isPutBack() && Date.now() < me.syncedAt + me.clockOffsetMs - CLOCK_MAY_DIFFER_MS) {
    return say("clock_back", { phone, heard, today: day(app.today()) });
  }
  if (!isPutBack() && Math.abs(me.clockOffsetMs) > CLOCK_MAY_DIFFER_MS) {
    return say("clock", { minutes: Math.round(Math.abs(me.clockOffsetMs) / 60_000) });
  }
  return Date.now() - me.syncedAt > LONG_UNHEARD_MS ? say("clock_far", { today: day(app.today()), heard }) : "";
}

/** Somebody else has signed in on this phone: what it kept of the one before goes, before anything is drawn. */
async function isInOtherHands() {
  const who = /(?:^|; )who=(\d+)/.exec(document.cookie);
  if (!state.me || !who || Number(who[1]) === state.me.user.id) return false;
  await forget();
  location.reload();
  return true;
}

async function forget() {
  const { store } = state;
  Object.assign(state, { me: null, outbox: null, roster: null, whole: null, entries: [] });
  state.drafts.clear();
  await store.wipeRosters();
  await store.wipeKeys();
  await store.setMe(null);
}

/** Who is signed in now. Another user than before: what the phone kept of that one's roster goes. */
async function adopt(session) {
  const { store } = state;
  if (state.left) return;
  if (state.me && state.me.user.id !== session.user.id) await forget();
  const before = state.me;
  const keys = store.isKept ? await Vault.importKeys(session.keys) : [];
  if (store.isKept) await store.setKeys(session.user.id, keys);
  state.me = {
    user: session.user,
    posts: session.posts,
    menu: session.menu,
    village: before ? before.village : "",
    several: Boolean(before) && before.several,
    clockOffsetMs: new Date(session.now).getTime() - Date.now(),
    syncedAt: Date.now(),
  };
  await store.setMe(state.me);
  if (!state.outbox) openOutbox(keys);
  state.entries = await state.outbox.entries();
  frame();
}

function openOutbox(keys) {
  state.outbox = new Outbox(state.store, new Vault(keys), state.me.user.id, urls);
  state.outbox.addEventListener("change", changed);
}

async function keepRoster(body, asked, at, turn) {
  if (state.left) return;
  const { session, whole, ...roster } = body;
  const isOpen = state.roster && state.roster.village.code === roster.village.code && !asked.month;
  if (turn === turns && whole) state.whole = { children: [whole], at };
  if (turn === turns || isOpen) {
    state.roster = { ...roster, asked, at };
    if (!asked.month) state.freshAt = Date.now();
  }
  state.entries = await state.outbox.entries();
  if (asked.month) return;
  Object.assign(state.me, { village: roster.village.code, several: roster.several });
  await state.store.setMe(state.me);
  const sealed = await state.outbox.vault.seal({ ...roster, at });
  if (!state.left) await state.store.setRoster(`${state.me.user.id}/${roster.village.code}`, sealed);
}

// --- sending -------------------------------------------------------------------------------------------

async function changed() {
  if (!state.outbox) return;
  state.entries = await state.outbox.entries();
  status();
  document.dispatchEvent(new CustomEvent("entries"));
  if (location.pathname === "/outbox/") redraw();
}

/** Put an entry on the phone and say so; false, with the reason in sight, when it could not be. */
async function keepEntry(entry) {
  let kept = false;
  try {
    kept = await state.outbox.save(entry);
    if (!kept) note("watch", say("on_its_way"));
  } catch (error) {
    note("act", say("no_room"));
  }
  state.entries = await state.outbox.entries();
  if (kept) offerUndo(entry);
  return kept;
}

/** What was saved can be taken back until it is sent. */
function offerUndo(entry) {
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
  const bar = document.getElementById("undo");
  bar.querySelector("p").textContent = say("undo", { name: entry.name });
  const button = bar.querySelector("button");
  button.onclick = async () => {
    bar.hidden = true;
    const undone = await state.outbox.undo(entry.id);
    state.entries = await state.outbox.entries();
    state.saved = null;
    const isGone = !state.entries.some((one) => one.id === entry.id);
    const word = isGone ? "undone" : "restored";
    note(undone ? "info" : "watch", say(undone ? word : "too_late", { name: entry.name }));
    if (isGone && entry.kind === "child") history.pushState(null, "", "/roster/");
    // What she is typing by now, of the next child, stays under her hands.
    if (state.drafts.has(location.pathname + location.search)) document.dispatchEvent(new CustomEvent("entries"));
    else await redraw();
  };
  bar.hidden = false;
  clearTimeout(bar.dataset.timer);
  bar.dataset.timer = String(setTimeout(() => { bar.hidden = true; }, UNDO_MS));
  setTimeout(sync, UNDO_MS + 100);
}

/** A word on what was just done; it goes with the next page. */
function note(kind, text) {
  state.noted = true;
  banner(kind, text);
  // The buttons of a form are a screen below the banner.
  if (kind !== "info") document.getElementById("banner").scrollIntoView({ block: "center" });
}

// --- what is being typed: kept until it is saved, wherever she looks meanwhile ----------------------------

/** Give a form back what was typed at its address and not saved, and keep what is; `back(name)`: each field. */
function keepTyped(form, back = () => {}) {
  const address = location.pathname + location.search;
  const draft = state.drafts.get(address) || new Map();
  form.dataset.address = address;
  draft.forEach((value, name) => {
    form.elements[name][typeof value === "boolean" ? "checked" : "value"] = value;
    back(name);
  });
  form.addEventListener("input", ({ target }) => {
    draft.set(target.name, target.type === "checkbox" ? target.checked : form.elements[target.name].value);
    state.drafts.set(address, draft);
  });
}

function forgetTyped(form) {
  state.drafts.delete(form.dataset.address);
}

async function sendNow() {
  await state.outbox.hurry();
  document.getElementById("undo").hidden = true;
  return sync();
}

/** Send now; while that is under way in this tab, once more when it is done. */
async function sync() {
  if (!state.outbox || state.left) return "nothing";
  if (state.syncing) {
    state.again = true;
    return state.syncing;
  }
  state.syncing = sendDue();
  let outcome = "offline";
  try {
    outcome = await state.syncing;
  } finally {
    state.syncing = null;
  }
  if (!state.again) return outcome;
  state.again = false;
  return sync();
}

async function sendDue() {
  if (!await mayAsk()) return "nothing";
  const outcome = await state.outbox.send();
  if (state.left || !state.me) return outcome;
  if (outcome === "other_user") {
    await forget();
    location.assign("/roster/");
    return outcome;
  }
  if (["offline", "signed_out", "refused"].includes(outcome)) state.trouble = outcome;
  if (outcome === "sent") await heard();
  state.entries = state.outbox ? await state.outbox.entries() : [];
  retryLater(outcome);
  status();
  return outcome;
}

/** The register has answered: it is back, and knows more than the roster at hand. */
async function heard() {
  state.trouble = "";
  state.me = { ...state.me, syncedAt: Date.now() };
  await state.store.setMe(state.me);
  const { asked } = state.roster || { asked: {} };
  const news = await fromRegister(asked.month ? asked : { village: state.me.village });
  if (news && location.pathname === "/roster/" && !isTyping()) await redraw();
}

/** The network or the tab is back: send, and ask for what is new. */
async function back() {
  const outcome = await sync();
  if (outcome === "nothing" && state.me && (state.trouble || Date.now() - state.freshAt > ROSTER_IS_FRESH_MS)) await heard();
}

/** When the next entry is due; without a network, or when nothing was taken, after ever longer pauses. */
function retryLater(outcome) {
  clearTimeout(state.timer);
  const due = sendable(state.entries).map((entry) => entry.notBefore);
  if (due.length === 0 || outcome === "signed_out") return;
  const failed = ["offline", "refused", "stuck"].includes(outcome);
  state.retryMs = failed ? Math.min(2 * state.retryMs, SLOWEST_RETRY_MS) : FIRST_RETRY_MS;
  const untilDue = Math.min(Math.max(Math.min(...due) - Date.now(), 1000), UNDO_MS);
  // Another tab that is sending will soon be done.
  const wait = { nothing: untilDue, sent: untilDue, busy: FIRST_RETRY_MS / 10 }[outcome] || state.retryMs;
  state.timer = setTimeout(sync, wait);
}

/** The line above everything: what waits, and when the register was last heard. */
function status() {
  const { entries, me, outbox } = state;
  if (!me) return;
  const count = (...names) => entries.filter((entry) => names.includes(entry.state)).length;
  const waiting = count("waiting", "sending");
  const said = { count: waiting, time: time(me.syncedAt) };
  let sentence = say(waiting ? "waiting" : "synced", said);
  if (count("sending")) sentence = say("sending", { count: count("sending") });
  if (state.trouble === "offline") sentence = say(waiting ? "offline" : "offline_none", said);
  if (state.trouble === "signed_out") sentence = say("signed_out", said);
  if (state.trouble === "refused") sentence = say("refused");
  if (count("fix")) sentence += ` ${say("fix", { count: count("fix") })}`;
  document.getElementById("sync").hidden = false;
  document.getElementById("sync-words").textContent = sentence;
  document.getElementById("sync").className = `sync sync--${count("fix") ? "watch" : "quiet"}`;
  document.getElementById("sync-now").hidden = !waiting || state.trouble === "signed_out";
  document.getElementById("sync-list").hidden = !entries.length;
  if (state.noted) return;
  if (state.trouble === "signed_out") banner("watch", say("signed_out", said), loginUrl(), say("sign_in"));
  else if (outbox && outbox.lost) banner("watch", say("lost", { count: outbox.lost }));
  else if (!state.store.isKept) banner("watch", say("not_kept"));
  else if (clockWords()) banner("watch", clockWords());
}

function banner(kind, text, url = "", action = "") {
  const drawn = draw("t-notice", { text, url, action });
  if (kind === "watch" || kind === "act") drawn.find(".notice").classList.add(`notice--${kind}`);
  setIcon(drawn.root, kind);
  document.getElementById("banner").replaceChildren(drawn.root);
}

async function readFile(text) {
  const count = await state.outbox.fromFile(text).catch(() => null);
  note(count === null ? "watch" : "info", count === null ? say("file_other") : say("file_added", { count }));
  await changed();
  return sync();
}

// --- coming and leaving ----------------------------------------------------------------------------------

const LEFT = "left"; // in localStorage: signed out, and the register does not know it yet
const tabs = "BroadcastChannel" in globalThis ? new BroadcastChannel("register") : null;

async function leave() {
  state.left = true;
  localStorage.setItem(LEFT, "1");
  if (tabs) tabs.postMessage(LEFT);
  await forget();
  await endSession();
  await forget(); // what was on its way when she tapped
  location.assign(urls.login);
}

/** True unless somebody signed out here without a network and the register still cannot be told. */
async function mayAsk() {
  if (!localStorage.getItem(LEFT)) return true;
  await endSession();
  return !localStorage.getItem(LEFT);
}

/** End the register's session too; without a network that is done the next time there is one. */
async function endSession() {
  try {
    const { body } = await ask(urls.session);
    await fetch(urls.logout, { method: "POST", headers: { "X-CSRFToken": body.csrf }, redirect: "manual" });
    localStorage.removeItem(LEFT);
  } catch (error) {
    if (error instanceof SignedOut) localStorage.removeItem(LEFT);
  }
}

/** Name, place and menu of who works here. */
function frame() {
  const { me } = state;
  document.getElementById("who").textContent = me.posts.slice(0, 2).join(" \u00b7 ") + (me.posts.length > 2 ? " \u2026" : "");
  const menu = document.getElementById("menu");
  menu.hidden = me.menu.length === 0;
  menu.querySelector("ul").replaceChildren(...me.menu.map((link) => {
    const item = document.createElement("li");
    const anchor = document.createElement("a");
    anchor.href = link.url;
    anchor.textContent = link.words;
    if (location.pathname.startsWith(link.url)) anchor.setAttribute("aria-current", "page");
    item.append(anchor);
    return item;
  }));
}

/** Somebody is filling in a form: nothing is drawn anew under her hands. */
function isTyping() {
  return Boolean(main.querySelector("form:not([role=search]), .grid, .just-saved"));
}

async function chooseLanguage(language) {
  if (state.drafts.has(location.pathname + location.search)) {
    note("watch", say("save_first"));
    return;
  }
  try {
    const { body } = await ask(urls.session).catch(() => ({ body: { csrf: "" } }));
    const form = new URLSearchParams({ language, next: location.pathname });
    await fetch("/i18n/setlang/", { method: "POST", headers: { "X-CSRFToken": body.csrf }, body: form, redirect: "manual" });
    location.reload();
  } catch (error) {
    note("watch", say("language_offline"));
  }
}

function listen() {
  addEventListener("popstate", () => route());
  addEventListener("online", back);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && back());
  if (tabs) {
    tabs.onmessage = () => {
      state.left = true;
      main.replaceChildren();
      location.assign(urls.login);
    };
  }
  document.getElementById("sync-now").addEventListener("click", sendNow);
  document.querySelectorAll("#language button").forEach((button) => {
    button.addEventListener("click", () => chooseLanguage(button.value));
  });
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest("a[href]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || link.target || link.hasAttribute("download")) return;
    const url = new URL(link.href);
    if (url.origin !== location.origin || !ADDRESSES.some(([address]) => address.test(url.pathname))) return;
    event.preventDefault();
    go(url.pathname + url.search);
  });
}

/** Be there without a network, and among the phone's apps. Asked for last: nothing on the page waits for it. */
function stay() {
  if ("serviceWorker" in navigator) navigator.serviceWorker.register(urls.worker, { scope: "/" }).catch(() => {});
  const link = document.createElement("link");
  Object.assign(link, { rel: "manifest", href: urls.manifest });
  document.head.append(link);
}

async function start() {
  // Asked for while the rest goes on: drawing waits for it.
  state.ready = loadGrowth(urls.tables).then((growth) => { state.growth = growth; });
  listen();
  state.store = await openStore();
  state.me = (await state.store.me()) || null;
  if (state.me && !await isInOtherHands()) {
    openOutbox((await state.store.keys(state.me.user.id)) || []);
    frame();
    state.entries = await state.outbox.entries();
  }
  await route({ focus: false });
  status();
  stay();
  await sync();
}

start();
