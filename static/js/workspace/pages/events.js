/** Who came to the events of these days, ticked one by one: with or without a network. */
import { isAlive } from "../children.js";
import { fillTemplate, formatDay, formatTime, redrawOnEntries, runOnce, say } from "../template.js";

/** @param {Workspace} app @param {URLSearchParams} query */
export async function openPage(app, query) {
  if (await app.village.ensureRoster({ village: query.get("village") || "" })) drawEvents(app);
  else if (app.village.options) (await import("./roster.js")).drawVillages(app, app.village.options);
}

/** @param {Workspace} app */
function drawEvents(app) {
  const { village, at, events = [] } = app.village.open;
  const drawn = fillTemplate("t-events", {
    title: say("title", { village: village.name }, "t-event-words"),
    nobody: events.length === 0,
    kept_at: app.session.trouble && say("kept_at", { time: formatTime(at) }),
    roster: app.village.url,
  });
  /** @type {HTMLElement[]} */
  const places = [];
  const fill = () => places.forEach((place, i) => {
    const event = (app.village.open.events || []).find((one) => one.id === events[i].id);
    if (event) place.replaceChildren(...event.people.map((one) => drawPerson(app, event, one)));
  });
  events.forEach((event) => {
    const section = fillTemplate("t-event", {
      title: event.title, day: formatDay(event.on), later: event.on > app.session.today, url: `/events/${event.id}/`,
    });
    places.push(section.slots.people);
    drawn.slots.events.append(section.root);
  });
  fill();
  app.show(drawn);
  redrawOnEntries(() => places.some((place) => place.isConnected), () => {
    if (app.village.data) fill();
  });
}

/** Whether somebody came: the last answer counts. @param {Workspace} app @param {PhoneEvent} event @param {PhoneEvent["people"][number]} person */
function hasCome({ session, village }, event, person) {
  const own = session.entries.filter((entry) => entry.kind === "attendance" && isAlive(entry, village.open.at)
    && entry.body.event === event.id && entry.body.cadre === person.id);
  return own.length ? own[own.length - 1].body.present : Boolean(person.came);
}

/** @param {Workspace} app @param {PhoneEvent} event @param {PhoneEvent["people"][number]} person */
function drawPerson(app, event, person) {
  const came = hasCome(app, event, person);
  const isOpen = event.on <= app.session.today;
  const drawn = fillTemplate("t-came", {
    name: person.name, village: person.village, came,
    present: isOpen && !came, absent: isOpen && came, whose: `: ${person.name}`,
  });
  const button = drawn.find("button");
  if (button) button.addEventListener("click", () => runOnce(button, () => keepAttendance(app, event, person, !came)));
  return drawn.root;
}

/** @param {Workspace} app @param {PhoneEvent} event @param {PhoneEvent["people"][number]} person @param {boolean} present */
async function keepAttendance(app, event, person, present) {
  const body = { id: crypto.randomUUID(), event: event.id, cadre: person.id, present };
  const sync = await app.loadSync();
  await sync.keepEntry({
    id: body.id, kind: "attendance", child: "", name: person.name, village: app.village.open.village.code,
    words: `${event.title}: ${say(present ? "present" : "absent", {}, "t-event-words")}`, body,
  });
}
