// How many of the awaited things are ticked?

export function watchReception() {
  const form = document.querySelector("form[data-reception]");
  const said = form?.querySelector("[data-ticked]");
  if (!said) return;
  const count = () => {
    said.textContent = form.querySelectorAll("[name=here]:checked").length;
  };
  form.addEventListener("change", count);
  count();
}
