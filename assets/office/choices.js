// What happens when something is ticked, chosen or not possible now?

export function watchChoices() {
  // A button that is not possible now stays focusable and says why; it only must not act.
  document.addEventListener("click", (event) => {
    if (event.target.closest("[aria-disabled=true]")) event.preventDefault();
  });

  // A form is sent once, however often one clicks; a while later (a download leaves the page as it is) again.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const method = event.submitter?.getAttribute("formmethod") ?? form.method;
    if (event.defaultPrevented || method !== "post") return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 3000);
  });
  document.querySelector(".errors")?.focus();
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
