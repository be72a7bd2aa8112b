// The stock has thousands of numbers: the list under the field follows what is typed. Without this, the first ones stand there.

export function watchPlates() {
  const field = document.querySelector("[data-free-numbers]");
  const list = field?.list;
  if (!list) return;
  let last = "";
  let timer = 0;
  const ask = async () => {
    const typed = field.value.trim();
    if (typed === last) return;
    last = typed;
    const answer = await fetch(`${field.dataset.freeNumbers}?q=${encodeURIComponent(typed)}`, { credentials: "same-origin" });
    if (!answer.ok || field.value.trim() !== typed) return;
    const numbers = await answer.json();
    list.replaceChildren(...numbers.map((number) => Object.assign(document.createElement("option"), { value: number })));
  };
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 150);
  });
}
