// When a session is about to end: a warning two minutes before, with a way to stay.

const WARN_BEFORE = 120;

/** Watch the session that `<dialog data-session-idle>` describes; seconds. */
export function watchSession() {
  const dialog = document.querySelector("dialog[data-session-idle]");
  if (!dialog) return;
  const idle = Number(dialog.dataset.sessionIdle);
  const end = Date.now() + 1000 * Number(dialog.dataset.sessionLeft);
  const form = dialog.querySelector("form");
  let last = Date.now();
  let told = false; // of the end that nothing puts off
  const left = () => Math.min(last + 1000 * idle, end) - Date.now();
  const timer = setInterval(() => {
    if (left() <= 0) {
      clearInterval(timer);
      location.assign(dialog.dataset.sessionOver);
    } else if (left() <= 1000 * WARN_BEFORE && !dialog.open && !told) {
      dialog.showModal();
    }
  }, 5000);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
    if (!answer.ok) return location.reload();
    last = Date.now();
    told = end - last <= 1000 * WARN_BEFORE;
    dialog.close();
  });
}
