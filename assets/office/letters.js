// How does the letter change while one writes? The server composes it; what it drew anew is put in place.

const PAUSE = 600; // milliseconds after the last key

export function watchLetter() {
  const form = document.querySelector("[data-compose]");
  if (!form) return;
  let waiting = 0;
  let asked = 0;

  async function refresh() {
    const mine = (asked += 1);
    const typed = new FormData(form);
    typed.set("do", "show");
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(typed), redirect: "error" }).catch(() => null);
    if (!answer?.ok || mine !== asked) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const old of document.querySelectorAll("[data-fresh]")) {
      const made = page.getElementById(old.id);
      const paper = old.querySelector(".desk-top");
      const at = paper?.scrollTop ?? 0;
      if (!made) continue;
      old.replaceChildren(...made.childNodes);
      if (paper) old.querySelector(".desk-top").scrollTop = at;
    }
  }

  form.querySelector("#new-words")?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    form.querySelector("[data-add]").click();
  });
  // Wherever the focus is: who changes nothing sends at once.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    form.querySelector("[data-send]")?.click();
  });
  form.querySelector("[data-ready]")?.addEventListener("change", (event) => {
    const reasons = form.querySelector("#reasons");
    if (!event.target.value) return;
    reasons.value = [reasons.value.trim(), event.target.value].filter(Boolean).join(" ");
    reasons.dispatchEvent(new Event("input", { bubbles: true }));
  });
  form.addEventListener("input", (event) => {
    if (event.target.name?.startsWith("new-")) return;
    clearTimeout(waiting);
    waiting = setTimeout(refresh, PAUSE);
  });
}
