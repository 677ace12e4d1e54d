/** Who a child is, as far as the phone judges it: a birth date that is estimated, and a NIK that is asked about. */

const MIDDLE = 15;
const RUN = /(\d)\1{7}/;

/** @param {number} year @param {number} month from 0 @param {number} day */
const isoDate = (year, month, day) => new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10);

/** The 15th of the month of a day; an earlier day of it where the 15th is yet to come. @param {string} day @param {string} today */
export function birthDateInMonth(day, today) {
  const middle = `${day.slice(0, 8)}${MIDDLE}`;
  const first = `${day.slice(0, 8)}01`;
  const earlier = middle < today ? middle : today;
  return earlier > first ? earlier : first;
}

/** The middle of the days of birth of who has completed so many months on a day. @param {number} months @param {string} on */
export function birthDateAtAge(months, on) {
  const [year, month, day] = on.split("-").map(Number);
  const lastOfMonth = new Date(Date.UTC(year, month - months, 0)).getUTCDate();
  return isoDate(year, month - 1 - months, Math.min(day, lastOfMonth) - MIDDLE);
}

/** Whether a whole NIK can be one at all. @param {string} nik */
function isPossible(nik) {
  const [day, month] = [Number(nik.slice(6, 8)), Number(nik.slice(8, 10))];
  const isDate = ((day >= 1 && day <= 31) || (day >= 41 && day <= 71)) && month >= 1 && month <= 12;
  return !RUN.test(nik) && isDate && ![nik.slice(0, 2), nik.slice(2, 4), nik.slice(4, 6)].includes("00");
}

/**
 * Codes of what has to be confirmed before a NIK is noted as that of a child born on that day.
 * @param {string} nik of 16 digits @param {string} born @param {{from: number, to: number}} parentAges
 */
export function findNikQuestions(nik, born, parentAges) {
  if (!isPossible(nik)) return ["nik_impossible"];
  const older = (100 + (Number(born.slice(0, 4)) % 100) - Number(nik.slice(10, 12))) % 100;
  return older >= parentAges.from && older <= parentAges.to ? ["nik_parent"] : [];
}
