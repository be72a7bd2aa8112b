// How do the menus of the bar open and close?

export function watchMenus() {
  const button = document.querySelector("[data-menu]");
  button?.addEventListener("click", () => {
    const open = document.querySelector("#menu").classList.toggle("open");
    button.setAttribute("aria-expanded", String(open));
  });

  const close = (except) => {
    for (const drop of document.querySelectorAll("details.drop[open]")) if (!drop.contains(except)) drop.open = false;
  };
  document.addEventListener("click", (event) => close(event.target));
  document.addEventListener("focusin", (event) => close(event.target));
  document.addEventListener("keydown", (event) => {
    const drop = event.key === "Escape" && document.activeElement?.closest("details.drop[open]");
    if (!drop) return;
    drop.open = false;
    drop.querySelector("summary").focus();
  });

  for (const opener of document.querySelectorAll("[data-dialog]")) {
    opener.addEventListener("click", (event) => {
      event.preventDefault();
      document.getElementById(opener.dataset.dialog)?.showModal();
    });
  }
  for (const element of document.querySelectorAll("[data-print]")) element.addEventListener("click", () => window.print());
}
