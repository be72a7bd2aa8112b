// How is a scan paged and enlarged without losing what was typed, and which reasons fit the verdict?

const WIDTHS = [800, 1400, 1400]; // as the server draws them, by step of enlargement

function watchScan(viewer) {
  const scan = viewer.querySelector(".scan-view");
  const now = viewer.querySelector("[data-page-now]");
  if (!scan) return;
  let page = Number(viewer.dataset.page);
  let zoom = Number(viewer.dataset.zoom);
  const pages = Number(viewer.dataset.pages);
  const DEEDS = { before: [-1, 0], after: [1, 0], smaller: [0, -1], larger: [0, 1] };
  const possible = ([pageStep, zoomStep]) =>
    page + pageStep >= 1 && page + pageStep <= pages && zoom + zoomStep >= 1 && zoom + zoomStep <= WIDTHS.length;

  function show() {
    scan.src = viewer.dataset.address.replace(/\/0$/, `/${page}?w=${WIDTHS[zoom - 1]}`);
    scan.alt = scan.alt.replace(/\d+$/, page);
    scan.className = `scan-view zoom-${zoom}`;
    now.textContent = page;
    for (const tool of viewer.querySelectorAll("[data-deed]")) {
      const open = possible(DEEDS[tool.dataset.deed]);
      tool.toggleAttribute("aria-disabled", false);
      if (!open) tool.setAttribute("aria-disabled", "true");
      if (open && !tool.hasAttribute("href")) tool.href = location.href;
      if (!open) {
        tool.removeAttribute("href");
        tool.setAttribute("role", "link");
        tool.tabIndex = 0;
      }
    }
  }

  viewer.addEventListener("click", (event) => {
    const step = DEEDS[event.target.closest("[data-deed]")?.dataset.deed];
    if (!step) return;
    event.preventDefault();
    if (!possible(step)) return;
    if (step[0]) viewer.querySelector(".sheet").scrollTop = 0;
    page += step[0];
    zoom += step[1];
    show();
  });
}

function watchVerdict(form) {
  const reason = form.querySelector("[data-reason]");
  const ready = form.querySelector("#ready");
  if (!reason) return;
  const reasoned = form.dataset.reasoned.split(" ");
  const groups = [...ready.querySelectorAll("optgroup")];

  function fit() {
    const given = form.elements.verdict.value;
    const asked = reasoned.includes(given);
    reason.hidden = !asked;
    for (const group of groups) {
      group.remove();
      if (group.dataset.of === given) ready.append(group);
    }
    // Illegible, missing, outdated say enough with their first reason; what is wrong, on what the acceptance of a
    // document that did not come rests, or why one is not needed, only the clerk can say.
    const enough = asked && ["illegible", "missing", "outdated"].includes(given);
    ready.selectedIndex = enough && !form.elements.reason.value ? 1 : 0;
  }
  for (const choice of form.querySelectorAll("input[name=verdict]")) choice.addEventListener("change", fit);
  fit();

  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target !== ready) return;
    event.preventDefault();
    form.requestSubmit();
  });
}

export function watchVerification() {
  const viewer = document.querySelector("[data-viewer]");
  if (viewer) watchScan(viewer);
  const form = document.querySelector("[data-judge]");
  if (form) watchVerdict(form);
}
