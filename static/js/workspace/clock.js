/** What time it is by a phone's clock that may be wrong, and by the register's, heard some time ago. Milliseconds. */

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
