/** Shapes of what register, phone and pages give each other: read by the type checker, sent to nobody. */

type SexCode = 1 | 2;
type IndexName = "haz" | "waz" | "whz" | "baz";
type Urls = Record<string, string>;

/** A measurement as the roster has it: kg, cm and an ISO date; what was not measured is left out or null. */
interface PhoneMeasurement {
  id?: string;
  on: string;
  kg?: number | null;
  cm?: number | null;
  position?: string;
  muac?: number | null;
  head?: number | null;
  oedema?: boolean;
  /** Unusual, and confirmed. */
  confirmed?: boolean;
  gain?: string;
  /** The entry of this phone that it comes from. */
  entry?: OutboxEntry;
}

interface SavedMeasurement extends PhoneMeasurement {
  id: string;
}

/** What a z-score is computed from. A measure that is null, left out or NaN is missing. */
interface ChildMeasures {
  /** 1 boy, 2 girl. */
  sex: number;
  /** Whole days; null when unknown. */
  ageDays: number | null;
  weightKg?: number | null;
  /** Length or height as measured. */
  lenheiCm?: number | null;
  headCm?: number | null;
  /** "L" lying, "H" standing, "" unknown. */
  position?: string;
  /** Of both feet. */
  oedema?: boolean;
}

/** An index of the standards: what it measures, by which tables, and beyond which z it is not believed. */
interface GrowthIndex {
  measure: "clenheiCm" | "weightKg" | "bmi" | "headCm";
  tables: string[];
  restricted: boolean;
  low: number;
  high: number;
  /** Water is not weight. */
  hiddenByOedema: boolean;
  /** From the least z to the greatest, and the limits of those above the normal. */
  labels: GrowthLabel[];
  classesAbove: number[];
}

/** Limits of registry.growth, by script/growth_tables.py. */
interface GrowthRules {
  /** The last day of age that is under five. */
  lastDay: number;
  /** From this day a child is measured standing. */
  standingFromDay: number;
  /** A standing mark before it is not believed. */
  standingBelievedFromDay: number;
  standingToLyingCm: number;
  /** Weeks of pregnancy to which an age is corrected, and below which it is. */
  termWeeks: number;
  pretermBelowWeeks: number;
  /** Measures outside of these, in kg or cm, count as missing. */
  least: number;
  most: number;
  /** Without age and position, a child shorter than this is taken as lying. */
  unknownLyingBelowCm: number;
  indices: Record<IndexName | "hcz", GrowthIndex>;
  /** A z-score of head circumference further from 0 is referred. */
  oddHeadBeyond: number;
  /** The limits of the classes below the normal, of every index. */
  classesBelow: number[];
  muac: { severeCm: number; moderateCm: number; fromMonth: number; beforeMonth: number; labels: GrowthLabel[] };
}

interface IndexMeasures {
  sex: number;
  ageDays: number | null;
  position: string;
  oedema: boolean;
  measures: Record<GrowthIndex["measure"], number | null>;
}

/** A class of Permenkes 2/2020; index: the one it was given for (haz, waz, whz, baz, muac). */
/** What is believed of a child after a measurement: the classes by code, "" where not (kpm/advice_rules.py). */
interface Condition {
  months: number;
  month: number;
  isBaby: boolean;
  weighsTooLittle: boolean;
  haz: string;
  waz: string;
  whz: string;
  muac: string;
  gain: string | undefined;
  twice: boolean;
  isFlagged: boolean;
  isComplete: boolean;
  hasGiziBuruk: boolean;
  isTooHeavy: boolean;
  isForToday: boolean;
  isForThisWeek: boolean;
  hasOddHead: boolean;
  isJudged: boolean;
  daysSince: number;
}

interface GrowthLabel {
  /** Stable English name. */
  readonly code: string;
  /** The official Indonesian term. */
  readonly id: string;
  /** WHO's term. */
  readonly en: string;
  /** 0 fine, 1 watch, 2 act, 3 act at once. */
  readonly severity: number;
  readonly index: string;
}

/**
 * What one child's measures say. What was not given or not computed is null. z-scores are rounded to two decimals;
 * flag: computed, but beyond what WHO believes, so measure again.
 */
interface Assessment extends Record<IndexName | "hcz", number | null>, Record<`${IndexName}Flag`, boolean> {
  ageDays: number | null;
  /** Length or height corrected for the position. */
  clenheiCm: number | null;
  /** A standing mark under 9 months. */
  positionDisbelieved: boolean;
  /** kg/m2. */
  bmi: number | null;
  oedema: boolean;
  /** The class of each z-score that is believed. */
  labels: Record<IndexName, GrowthLabel | null>;
}

/** `corrected`: the same by the corrected age of a child born early; null where nothing is corrected. */
type AssessedMeasurement = PhoneMeasurement & Assessment & {
  ageDays: number; oedema: boolean; weeks: number | undefined; corrected: Assessment | null;
};

/** Whose measurements are judged. */
interface Born {
  sex: SexCode;
  born: string;
  /** Completed weeks of pregnancy, where known. */
  weeks?: number;
}

/** An open case: days as ISO dates. `word` instead of a reason by its code, where the register does not know it yet. */
interface PhoneCase {
  id: string;
  kind: string;
  reason: string;
  word?: string;
  urgency: string;
  opened: string;
  visited?: string;
  referred?: string;
  arrived?: string;
  treated?: string;
  /** Since when a referral waits for an answer, and whose. */
  waiting?: string;
  whom?: string;
}

/** A step as StepChoice of kpm/case_words.py names it. */
interface PhoneStep {
  on: string;
  step: string;
}

/** `isAskedFor`: the newest measurement of this phone refers the child. */
interface ChildCases {
  cases: PhoneCase[];
  isAskedFor: boolean;
  last?: PhoneStep;
}

interface PhoneChild extends Born {
  id: string;
  name: string;
  /** The day of birth is not known. */
  estimated?: boolean;
  parent?: string;
  posyandu?: string;
  /** Two values of one day: the midwife chooses. */
  rival?: boolean;
  /** Lives since today in the village of that name, and is counted there. */
  moved?: string;
  /** Died or moved away. */
  gone?: boolean;
  rt?: string;
  rw?: string;
  /** Those that are open, as the register had them. */
  cases?: PhoneCase[];
  /** The newest step of an open case. */
  step?: PhoneStep;
  seen: SavedMeasurement[];
  /** Enrolled on this phone, and not yet in the register's roster. */
  isNew?: boolean;
}

// Classes by another name, since an import() in a comment of a script counts as an import when files are collected.
type GrowthStandards = import("./workspace/zscores.js").Growth;
type PhoneSession = import("./workspace/session.js").Session;
type PhoneEncryption = import("./workspace/store.js").Encryption;
type PhoneSync = import("./workspace/sync.js").OutboxSync;
type OpenEntryForm = import("./workspace/pages/entry.js").EntryForm;

/** Somebody for whom services are (kpm/service_roster.py); of a child of the roster its row says who it is. */
interface PhoneServed {
  id: string;
  tab: string;
  due: string[];
  /** The newest day of each service. */
  had?: Record<string, string>;
  name?: string;
  rt?: string;
  rw?: string;
  born?: string;
  parent?: string;
  posyandu?: string;
  /** The last menstrual period, and the day of birth of the child. */
  period?: string;
  delivered?: string;
}

/** An event with who is called to it (kpm/event_roster.py). */
interface PhoneEvent {
  id: string;
  title: string;
  on: string;
  people: { id: number; name: string; village: string; came?: boolean }[];
}

/** What a person should have this month: `on` which day it was had, "" where it lacks. */
interface ServedRow {
  id: string;
  tab: string;
  isChild: boolean;
  person: PhoneChild | PhoneServed;
  services: { service: string; on: string; isTyped: boolean }[];
  lacks: string[];
}

/** What services and tabs are called, what is typed in each, and what is due to a child that is new here. */
interface ServiceWords {
  words: Record<string, string>;
  tabs: Record<string, string>;
  typed: Record<string, string[]>;
  dueOfChild: string[];
}

/** What of a roster is asked for; what is empty is not. */
interface RosterQuery {
  village?: string;
  month?: string;
  child?: string;
  corrects?: string;
}

interface VillageOption {
  code: string;
  name: string;
  kecamatan: string;
}

/** A village's roster; `at`: when it was asked for (ms); `asked`: how. */
interface RosterData {
  /** Of a child whose record was merged: the one that was kept. */
  kept?: string;
  village: { code: string; name: string };
  several: boolean;
  posyandu: { id: number; name: string }[];
  /** Of the running month alone. */
  services?: { height_months: number; people: PhoneServed[] };
  /** Of these days; `people`: those called, and who came. */
  events?: PhoneEvent[];
  children: PhoneChild[];
  asked: RosterQuery;
  at: number;
}

interface MenuLink {
  url: string;
  words: string;
}

/** The answer of session.json. */
interface SessionData {
  user: { id: number; name: string };
  posts: string[];
  menu: MenuLink[];
  /** The last day on which she works anywhere; empty where none is set. */
  until: string;
  /** The first day of a term that is to come, of who works nowhere yet; else empty. */
  starts: string;
  /** May say that a child arrived where it was referred to, and was treated. */
  answers: boolean;
  csrf: string;
  keys: string[];
  now: string;
  /** Of the register's page and scripts; another than the page's own is a newer one. */
  version: string;
}

/** Who works on this phone; `village` is the one that was open last. */
interface PhoneUser extends Pick<SessionData, "user" | "posts" | "menu" | "until" | "starts" | "answers"> {
  village: string;
  several: boolean;
  clockOffsetMs: number;
  syncedAt: number;
  /** Since when the server has not answered, although there was a network. */
  silentSince?: number;
  /** Said by who holds the phone: its clock, behind at the register's last answer, was not put right since. */
  isStillBehind?: boolean;
  /** Why rosters and keys are gone: the account was closed, or the register was not heard for long. */
  sealed?: "closed" | "unheard";
}

/** What stands where a measurement was, as the API tells it: its correction, or itself if it is void; by whom and when. */
interface CurrentMeasurement {
  id: string;
  measured_on: string;
  state: string;
  reason: string;
  by: string;
  at: string;
}

/** What the register said of an entry. */
interface EntryAnswer {
  code?: string;
  detail?: string;
  errors?: Record<string, string[]>;
  doubts?: { code: string; message: string }[];
  /** Of a correction that came too late. */
  current?: CurrentMeasurement | null;
  children?: { id: string; name: string; sex?: string; birth_date: string; parent_name?: string }[];
}

/** Why the register gave no answer of its own; `silent`: with a network, as far as the phone knows (store.js). */
type OfflineTrouble = "offline" | "silent" | "slow" | "foreign" | "overloaded";
type Trouble = "" | OfflineTrouble | "signed_out" | "refused";

type EntryState = "waiting" | "sending" | "received" | "fix";

/** What was entered on this phone; see outbox.js. */
interface OutboxEntry {
  id: string;
  /** "child", "measurement", or a kind of kpm/posted_kinds.py. */
  kind: string;
  /** Empty of what is about no child. */
  child: string;
  /** Whom or what it is about. */
  name: string;
  /** What it says, where it is no child and no measurement. */
  words?: string;
  village: string;
  /** At which posyandu it was measured, by its number. */
  posyandu?: string;
  /** As the API takes it. */
  body: any;
  user: number;
  state: EntryState;
  at: number;
  notBefore: number;
  tried: boolean;
  rev: number;
  answer?: EntryAnswer | null;
  receivedAt?: number;
}

/** What a page enters; the outbox adds the rest. */
type NewEntry = Pick<OutboxEntry, "id" | "kind" | "child" | "name" | "village" | "body"> & Partial<OutboxEntry>;

/** Encrypted under the user's key, or as it is where the browser has no encryption. */
type Sealed = { iv: Uint8Array<ArrayBuffer>; data: Uint8Array<ArrayBuffer> } | { content: any };

type EntryRecord = Pick<OutboxEntry, "id" | "user" | "kind" | "state" | "at" | "notBefore" | "tried" | "rev"> & {
  sealed: Sealed;
};

type EntryTest = (there: EntryRecord | undefined) => boolean;

/** What was typed and not saved: by address, by the name of the field. */
type Drafts = Map<string, Map<string, string | boolean>>;

interface PhoneStore {
  isKept: boolean;
  me(): Promise<PhoneUser | undefined>;
  setMe(me: PhoneUser | null): Promise<unknown>;
  keys(user: number): Promise<CryptoKey[] | undefined>;
  setKeys(user: number, keys: CryptoKey[]): Promise<unknown>;
  wipeKeys(): Promise<unknown>;
  roster(place: string): Promise<Sealed | undefined>;
  setRoster(place: string, sealed: Sealed): Promise<unknown>;
  wipeRosters(): Promise<unknown>;
  entries(user: number): Promise<EntryRecord[]>;
  change(id: string, entry: EntryRecord | null, fits: EntryTest): Promise<boolean>;
}

/** Sentences by their codes, and rules that are data (kpm/workspace_strings.py). */
/** Why a child is on the follow-up list: in words, since which day it was seen last, and what to do. */
interface StandingReason {
  word: string;
  on: string;
  /** Of the chip. */
  kind: string;
  step: string;
}

interface Words {
  language: string;
  indices: Record<string, [string, string]>;
  flagged: string;
  oedema: string;
  head: { small: string; large: string };
  headings: Record<string, string>;
  steps: Record<string, string>;
  /** Why a child is on the follow-up list, by code. */
  reasons: Record<string, string>;
  /** Headings of the cases, the most urgent first. */
  urgencies: Record<string, string>;
  /** Every step in order; `answers`: only who treats children may record it. */
  caseSteps: { value: string; words: string; answers: boolean }[];
  /** Of one day, and of several. */
  caseOpen: [string, string];
  services: ServiceWords;
  caseWaiting: { soon: string; late: string };
  referredTo: Record<string, string>;
  notes: Record<string, string>;
  gains: Record<string, string>;
  twice: string;
  /** Why an O is of a weighing that is too near. */
  tooSoon: string;
  /** Of a child born early (kpm/early_birth.py). */
  early: Record<string, string>;
  doubts: Record<string, string>;
  positions: Record<string, string>;
  refused: Record<string, string>;
  waiting: Record<string, string>;
  ages: Record<string, string>;
  /** Lowest, highest and step of a field of the form. */
  limits: Record<string, [number, number, number]>;
  /** Lowest and highest. */
  birthLimits: Record<string, [number, number]>;
  /** Completed weeks of pregnancy. */
  gestationLimits: [number, number];
  /** Oldest first. */
  kbm: KbmTable[];
  plausibility: PlausibilityLimits;
  names: NameLimits;
  /** Questions about an identity by their codes. */
  identityDoubts: Record<string, string>;
  /** By how many years a parent is older than the child. */
  parentAges: { from: number; to: number };
}

/** The card of minimum monthly gains: grams by sex for each column, which begins at its month. */
interface KbmTable {
  /** ISO date of the first day whose weighings it judges. */
  validFrom: string;
  fromMonths: number[];
  grams: Record<SexCode, number[]>;
  /** Days between two weighings, at the least, for the second to be judged by the first. */
  leastDays: number;
}

/** From which growth between two measurements is doubted (registry/growth). */
interface PlausibilityLimits {
  lengthGainMm: number[];
  daysPerMonth: number;
  standingToLyingMm: number;
  shorterByMoreThanMm: number;
  weightShareAtOnce: number;
  weightLossSharePerMonth: number;
  weightLossShareAtMost: number;
  weightGainTimesMedian: number;
}

/** By what two names are alike, and the words that are left out or written out before (registry/name_similarity.py). */
interface NameLimits {
  similarName: number;
  sameParent: number;
  otherParent: number;
  shortestName: number;
  titles: string[];
  /** Letters and how they sound, in this order. */
  sounds: [string, string][];
  writtenOut: Record<string, string>;
}

interface Finding {
  name: string;
  word: string;
  kind: string;
  z: number | null;
}

interface Advice {
  kind: string;
  word: string;
  gain: string;
  steps: string[];
  notes: string[];
  findings: Finding[];
}

/** A child of the roster in its section. */
interface RosterRow {
  child: PhoneChild;
  last?: SavedMeasurement;
  ageDays: number;
  kind: string;
  word: string;
}

/** Children whose names sound as another's, by id; `differing`: what tells them from one another. */
type AlikeNames = Map<string, { sound: string; differing: string[]; count: number }>;

type Sections = Record<"again" | "todo" | "done" | "leaving" | "moved", RosterRow[]>;

/** What saving values of a day changes; see `targetOf`. */
interface EntryTarget {
  entry: OutboxEntry | null;
  corrects: string;
  taken: string;
}

/** A template that was filled. */
interface Drawing {
  root: DocumentFragment;
  slots: Record<string, HTMLElement>;
  find(selector: string): any;
}

/** What pages get of the workspace: app.js. */
interface Workspace {
  session: import("./workspace/session.js").Session;
  village: import("./workspace/session.js").VillageRoster;
  growth: GrowthStandards;
  /** What was typed and not saved, by address and field. */
  drafts: Drafts;
  /** Whose measurement was saved a moment ago, and of which day: its result stands above the next form. */
  lastSaved: { id: string; on: string } | null;
  /** Rises with each address drawn: what comes late for an earlier one is not drawn over a later one. */
  readonly turn: number;
  go(url: string): Promise<void>;
  redraw(): Promise<void>;
  show(drawn: Drawing): void;
  showRefused(): void;
  showNoNetwork(): void;
  showUnreachable(error: Error): void;
  isTyping(): boolean;
  note(kind: string, text: string): void;
  renderHeader(): void;
  renderStatus(): void;
  keepDraft(form: HTMLFormElement, onRestore?: (name: string) => void): void;
  forgetDraft(form: HTMLFormElement): void;
  loadSync(): Promise<PhoneSync>;
}
