// Copies the text of a box. Without a script the box is there to be selected by hand.

for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!(button instanceof HTMLButtonElement) || !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const box = document.getElementById(button.dataset.copy ?? "");
    if (!(box instanceof HTMLTextAreaElement)) return;
    box.select();
    await navigator.clipboard.writeText(box.value);
    button.textContent = button.dataset.copied ?? "";
  });
}
