// The stock has thousands of numbers: the list under the field follows what is typed. Without this, the first ones stand there.

export function watchPlates() {
  const field = document.querySelector("[data-free-numbers]");
  const list = field?.list;
  if (!list) return;
  const kind = document.getElementById("plate_kind");
  let last = "";
  let timer = 0;
  const ask = async () => {
    const typed = field.value.trim();
    const query = new URLSearchParams({ q: typed, kind: kind.value }).toString();
    if (query === last) return;
    last = query;
    const answer = await fetch(`${field.dataset.freeNumbers}?${query}`, { credentials: "same-origin" });
    if (!answer.ok || query !== last) return;
    const numbers = await answer.json();
    list.replaceChildren(...numbers.map((number) => Object.assign(document.createElement("option"), { value: number })));
  };
  const hint = document.querySelector("[data-individual]");
  kind.addEventListener("change", () => {
    hint.hidden = kind.value !== "individual";
    ask();
  });
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 150);
  });
}
