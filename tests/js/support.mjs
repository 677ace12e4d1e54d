/** What the tests of the phone's rules share: WHO's tables, and the reference files that Python's tests read too. */
import { readFileSync } from "node:fs";
import { Growth } from "../../static/js/workspace/zscores.js";

const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");

export const tablesOf = () => JSON.parse(read("../../static/js/growth-tables.json"));
export const growth = new Growth(tablesOf());

/** The rows of a file of tests/data/growth, which has no quoted cells, by the names of its head. */
export function rowsOf(name) {
  const [head, ...lines] = read(`../data/growth/${name}`).trim().split(/\r?\n/).map((line) => line.split(","));
  return lines.map((line) => Object.fromEntries(head.map((column, i) => [column, line[i]])));
}

export const numberOf = (text) => (text ? Number(text) : null);
