const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Whether two children may be one, for asking the cadre and never for deciding: the twin of registry/likeness.py.
 * Its limits and lists of words come from the register as data (kpm/workspace_strings.py).
 */
import { plain } from "./children.js";

export class NameComparison {
  /** @param {NameLimits} limits */
  constructor(limits) {
    this.limits = limits;
  }

  /**
   * Children of one village who may be this one, each with the question to ask: "same_child" or "twin".
   * @param {PhoneChild[]} children @param {Born & {name: string, parent?: string}} one
   */
  findPossibleDuplicates(children, one) {
    return children.map((child) => ({ child, question: this.findQuestion(one, child) }))
      .filter(({ question }) => question);
  }

  /**
   * What is to be asked of two records of one village; "" where they are of two children.
   * @param {Born & {name: string, parent?: string}} one @param {Born & {name: string, parent?: string}} other
   */
  findQuestion(one, other) {
    const [isSameDay, isSameSex] = [one.born === other.born, one.sex === other.sex];
    if (!(isSameDay || isSameSex) || !(isSameDay || isSlip(one.born, other.born))) return "";
    const parents = this._compareParents(one.parent || "", other.parent || "");
    if (isSameDay && isSameSex) {
      if (this._areLikeNames(one.name, other.name)) return "same_child";
      return parents === "same" ? "twin" : "";
    }
    const isOne = parents === "same" ? this._areLikeNames(one.name, other.name)
      : parents === "unknown" && one.name.trim().includes(" ") && foldName(one.name) === foldName(other.name);
    return isOne ? "same_child" : "";
  }

  /** A name that is part of the other counts as alike. @param {string} name @param {string} otherName */
  _areLikeNames(name, otherName) {
    const [one, other] = [this._namesOf(name), this._namesOf(otherName)];
    if (ratio(foldName(name), foldName(otherName)) >= this.limits.similarName) return true;
    if ((one.size && isPart(one, other)) || (other.size && isPart(other, one))) return true;
    if (isAbbreviated(nameWords(name), nameWords(otherName)) || isAbbreviated(one, other)) return true;
    return this._isNearlyOne(this._writtenOut(name), this._writtenOut(otherName));
  }

  /** @param {string} one @param {string} other */
  _isNearlyOne(one, other) {
    if (ratio(one, other) >= this.limits.similarName) return true;
    return Math.min(one.length, other.length) >= this.limits.shortestName && distance(one, other) <= 1;
  }

  /** "same", "other" or "unknown". @param {string} one @param {string} other */
  _compareParents(one, other) {
    const [words, others] = [this._untitled(one), this._untitled(other)];
    if (!words.size || !others.size) return "unknown";
    if (isPartOrInitials(words, others) || isPartOrInitials(others, words)) return "same";
    const sorted = (/** @type {Set<string>} */ set) => [...set].sort().join(" ");
    const alike = ratio(sorted(words), sorted(others));
    if (alike >= this.limits.sameParent) return "same";
    return alike < this.limits.otherParent ? "other" : "unknown";
  }

  /** @param {string} name */
  _namesOf(name) {
    return new Set([...nameWords(name)].map((word) => this.limits.writtenOut[word] ?? word));
  }

  /** @param {string} name */
  _untitled(name) {
    return new Set([...nameWords(name)].filter((word) => !this.limits.titles.includes(word)));
  }

  /** As `foldName`, with the words that are cut short in full, and no silent H behind a word. @param {string} name */
  _writtenOut(name) {
    const words = plain(name).split(" ").map((word) => this.limits.writtenOut[word] ?? word);
    return foldName(words.map((word) => word.replace(/H$/, "")).join(""));
  }
}

/**
 * Two dates (ISO) differ in one of day, month and year, or in their order, or by a day.
 * @param {string} one @param {string} other
 */
export function isSlip(one, other) {
  const [[year, month, day], [otherYear, otherMonth, otherDay]] = [one.split("-"), other.split("-")];
  const same = Number(day === otherDay) + Number(month === otherMonth) + Number(year === otherYear);
  const isTurned = year === otherYear && day === otherMonth && month === otherDay;
  return same >= 2 || isTurned || Math.abs(Date.parse(one) - Date.parse(other)) <= DAY_MS;
}

/** @param {Set<string>} one @param {Set<string>} other */
const isAbbreviated = (one, other) => one.size > 0 && other.size > 0
  && (isPartOrInitials(one, other) || isPartOrInitials(other, one));

const nameWords = (/** @type {string} */ name) => new Set(plain(name).split(" ").filter(Boolean));
/** @param {Set<string>} small @param {Set<string>} large */
const isPartOrInitials = (small, large) => {
  const rest = [...small].filter((word) => !large.has(word));
  const initials = rest.every((word) => word.length === 1 && [...large].some((other) => other.startsWith(word)));
  return initials && (!rest.length || [...small].some((word) => word.length > 1 && large.has(word)));
};
/** @param {Set<string>} small @param {Set<string>} large */
const isPart = (small, large) => [...small].every((word) => large.has(word));

/** A name for comparing: no case, blank, punctuation or doubled letter. @param {string} name */
const foldName = (name) => plain(name).replace(/ /g, "").replace(/([A-Z])\1+/g, "$1");

/** How many letters are put in, left out or replaced. @param {string} one @param {string} other */
function distance(one, other) {
  let above = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (const letter of one) {
    const row = [above[0] + 1];
    for (let i = 0; i < other.length; i += 1) {
      row.push(Math.min(above[i + 1] + 1, row[i] + 1, above[i] + (letter === other[i] ? 0 : 1)));
    }
    above = row;
  }
  return above[other.length];
}

/**
 * 100 for the same text: twice the longest common subsequence over both lengths, as rapidfuzz counts it.
 * @param {string} one @param {string} other
 */
function ratio(one, other) {
  const total = one.length + other.length;
  if (total === 0) return 100;
  let above = new Array(other.length + 1).fill(0);
  for (const letter of one) {
    const row = [0];
    for (let i = 0; i < other.length; i += 1) {
      row.push(letter === other[i] ? above[i] + 1 : Math.max(above[i + 1], row[i]));
    }
    above = row;
  }
  return (200 * above[other.length]) / total;
}
