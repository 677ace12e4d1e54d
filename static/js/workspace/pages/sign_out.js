/** Signing out: what the phone keeps of the children goes, what waits stays encrypted. */
import { fillTemplate, say } from "../template.js";

/** @param {Workspace} app */
export function openPage(app) {
  const count = app.session.entries.filter((entry) => entry.state !== "received").length;
  const drawn = fillTemplate("t-sign-out", { waiting: count > 0 && say("wait_count", { count }), roster: "/roster/" });
  drawn.find("[data-do=leave]").addEventListener("click", () => app.session.leave());
  const send = drawn.find("[data-do=send]");
  if (send) {
    send.addEventListener("click", async () => {
      await (await app.loadSync()).sendNow();
      openPage(app);
    });
  }
  app.show(drawn);
}
