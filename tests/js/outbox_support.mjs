/** The outbox without a browser: it keeps in memory, and a page without words is there for the modules it needs. */
globalThis.navigator ??= {};
globalThis.document = { getElementById: () => ({ textContent: "{}" }), querySelectorAll: () => [] };
const outbox = await import("../../static/js/workspace/outbox.js");
const store = await import("../../static/js/workspace/store.js");

export const { Outbox, listSendable } = outbox;
export const { Encryption, openStore } = store;
