/** What the phone knows of a child, where the page of the register cannot be had. */
import { adviseOn, canChange, measureUrl } from "../children.js";
import { drawSteps } from "../case_steps.js";
import { drawResult, drawStanding, listSaid } from "../result.js";
import { listUnsaidReasons } from "../standing.js";
import { troubleWithoutAnswer } from "../store.js";
import { describeChild, describeHome, fillTemplate, formatDay, formatValues, words } from "../template.js";

/** @param {Workspace} app @param {URLSearchParams} _query @param {string} id */
export async function openPage(app, _query, id) {
  await app.session.setTrouble(troubleWithoutAnswer()); // or the register's own page would be here
  app.renderStatus();
  app.village.whole = null;
  const wanted = { child: id };
  if (app.village.hasChild(wanted) || await app.village.loadFromPhone(wanted)) drawChild(app, id);
  else app.showNoNetwork();
}

/** @param {Workspace} app @param {string} id */
function drawChild(app, id) {
  const { today } = app.session;
  const child = app.village.getChild(id);
  const last = child.seen[child.seen.length - 1];
  const drawn = fillTemplate("t-kept-child", {
    name: child.name,
    who: [describeChild(child, today), describeHome(child)].filter(Boolean).join(", "),
    measure: measureUrl(id, last && last.on === today ? last.entry : undefined),
    roster: app.village.url,
  });
  /** @type {string[]} */
  let said = [];
  if (last) {
    const advice = adviseOn(app.growth, child, last, words);
    const standing = listUnsaidReasons(app.growth, child, last, words, advice.steps);
    drawn.slots.result.append(...drawStanding(standing), drawResult(advice));
    said = listSaid(advice, standing);
  }
  drawn.slots.result.append(drawSteps(app, child, { said }));
  [...child.seen].reverse().forEach((m) => {
    const isOpen = m.entry && canChange(m.entry);
    const line = fillTemplate("t-kept-value", {
      day: formatDay(m.on),
      values: formatValues(m),
      url: isOpen ? measureUrl(id, m.entry) : `/children/${id}/measure/?corrects=${m.id}`,
    });
    drawn.slots.values.append(line.root);
  });
  app.show(drawn);
}
