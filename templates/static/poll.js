// A reader's own choice in a poll, kept in this browser and sent nowhere. Polls work without this.
for (const poll of document.querySelectorAll("[data-poll]")) {
  const note = poll.querySelector("[data-choice]");
  const name = `poll:${poll.dataset.poll}`;
  const told = note.querySelector("output");
  let kept;
  try {
    kept = localStorage.getItem(name);
  } catch {
    continue; // this browser keeps nothing
  }
  if (kept) {
    told.textContent = kept;
    note.hidden = false;
  }
  note.querySelector("button").addEventListener("click", () => {
    localStorage.removeItem(name);
    note.hidden = true;
    poll.querySelector("summary, input:not([type=hidden])")?.focus();
  });
  poll.addEventListener("submit", () => {
    const chosen = [...poll.querySelectorAll(".answer input:checked")].map((one) => one.labels[0].textContent.trim());
    try {
      localStorage.setItem(name, chosen.join("; "));
    } catch {
      // full, or forbidden
    }
  });
}
