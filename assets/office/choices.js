// What happens when something is ticked, chosen or not possible now?

export function watchChoices() {
  // A button that is not possible now stays focusable and says why; it only must not act.
  document.addEventListener("click", (event) => {
    if (event.target.closest("[aria-disabled=true]")) event.preventDefault();
  });

  // A form is sent once, however often one clicks.
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.method !== "post") return;
    if (event.target.dataset.sent) event.preventDefault();
    event.target.dataset.sent = "yes";
  });
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  for (const choice of document.querySelectorAll("select[data-submit]")) {
    choice.addEventListener("change", () => choice.form.requestSubmit());
  }

  const boxes = [...document.querySelectorAll("tbody input[name=pick]")];
  const all = document.querySelector("input[data-pick-all]");
  const said = document.querySelector("[data-picked]");
  const count = () => {
    for (const box of boxes) box.closest("tr").classList.toggle("on", box.checked);
    const picked = boxes.filter((box) => box.checked).length;
    if (said) said.textContent = picked;
    if (all) [all.checked, all.indeterminate] = [picked > 0 && picked === boxes.length, picked > 0 && picked < boxes.length];
  };
  for (const box of boxes) box.addEventListener("change", count);
  all?.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    count();
  });
  if (boxes.length) count();
}
