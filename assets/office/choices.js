// What happens when something is ticked, chosen or not possible now?

export function watchChoices() {
  // A button that is not possible now stays focusable and says why; it only must not act.
  document.addEventListener("click", (event) => {
    if (event.target.closest("[aria-disabled=true]")) event.preventDefault();
  });

  // A form is sent once, however often one clicks, and its button shows that it is on its way. What opens beside the
  // page or is downloaded leaves it as it is. Where no page comes at all (somebody stopped it), it may be sent again.
  const letGo = (form) => {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll(".on-its-way")) button.classList.remove("on-its-way");
    form.removeAttribute("aria-busy");
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const method = event.submitter?.getAttribute("formmethod") ?? form.method;
    const beside = event.submitter?.hasAttribute("data-download") || (event.submitter?.formTarget || form.target) === "_blank";
    if (event.defaultPrevented || method !== "post" || beside || form.hasAttribute("data-download")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    form.setAttribute("aria-busy", "true");
    event.submitter?.classList.add("on-its-way");
    setTimeout(() => letGo(form), 15_000);
  });
  document.querySelector(".errors")?.focus();

  // A number that was refused is scanned anew: it must not come behind the refused one.
  document.addEventListener("focusin", ({ target }) => {
    if (target.matches("input.code[aria-invalid=true]")) target.select();
  });

  // A page that opens at one of its sections shows there what the last act said: on top nobody would see it.
  const section = document.getElementById(location.hash.slice(1));
  const flashes = document.querySelectorAll(".flash");
  if (section && flashes.length && section.getBoundingClientRect().top - flashes[0].getBoundingClientRect().top > innerHeight / 2) {
    if (section.matches("li")) section.prepend(...flashes);
    else section.before(...flashes);
    addEventListener("load", () => flashes[0].scrollIntoView());
  }
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) letGo(form);
  });

  // Who is to get a decision ready writes first what is paid by.
  const prepare = () => [...document.querySelectorAll("#preparing input.in")].find((field) => !field.value)?.focus();
  for (const link of document.querySelectorAll('a[href="#preparing"]')) link.addEventListener("click", () => setTimeout(prepare));

  for (const choice of document.querySelectorAll("select[data-submit]")) {
    choice.addEventListener("change", () => choice.form.requestSubmit());
  }

  for (const button of document.querySelectorAll("[data-all-ways]")) {
    button.addEventListener("click", () => {
      for (const way of button.form.querySelectorAll(`input[name^="way-"][value="${button.dataset.allWays}"]`)) way.checked = true;
    });
  }

  const boxes = [...document.querySelectorAll("tbody input[data-pick]")];
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
