// Which keys does the office know, and how is a scanner told from a typist?

const FAST = 35; // milliseconds between two keys of a scanner
const SHORTEST = 6; // characters of the shortest code that is scanned

const scan = document.querySelector("#scan");
const typing = (element) => /^(INPUT|TEXTAREA|SELECT)$/.test(element?.tagName ?? "") && !/^(radio|checkbox)$/.test(element.type);

const rows = () => [...document.querySelectorAll("[data-row]")];
const place = () => {
  const focused = rows().findIndex((row) => row.contains(document.activeElement));
  return focused < 0 ? rows().findIndex((row) => row.hasAttribute("aria-current")) : focused;
};

function goTo(row) {
  if (!row) return;
  for (const other of rows()) other.removeAttribute("aria-current");
  row.setAttribute("aria-current", "true");
  row.querySelector("[name=here], [name=seen], a")?.focus();
  row.scrollIntoView({ block: "nearest" });
}

// A field may ask for what is scanned on its page, by the shape of the code; everything else is searched for.
function take(code, field = document.querySelector("[data-burst]")) {
  if (field && new RegExp(field.dataset.burst).test(code)) {
    field.value = code;
    field.form.querySelector("[type=submit]").focus();
  } else if (scan) {
    scan.value = code;
    scan.form.requestSubmit();
  }
}

const STANDING = {
  "/": () => scan?.focus(),
  "?": () => document.querySelector("#keys")?.showModal(),
  j: () => goTo(rows()[Math.min(rows().length - 1, place() + 1)]),
  k: () => goTo(rows()[Math.max(0, place() - 1)]),
};

// A page gives a key to a button or link by data-key; radio buttons are chosen, all else is clicked.
function act(key) {
  const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!target) return STANDING[key];
  return () => {
    target.focus();
    target.click();
  };
}

export function watchKeys() {
  let burst = "";
  let last = -Infinity;
  let pending = 0;
  let deed = null; // what the last key asks for, until it is known whether a scanner writes

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const fast = event.timeStamp - last < FAST;
    last = event.timeStamp;
    const waiting = deed;
    if (fast || event.key === "Enter") {
      clearTimeout(pending);
      deed = null;
    }
    if (event.key.length === 1) burst = fast ? burst + event.key : event.key;

    const at = document.activeElement;
    const scanned = event.key === "Enter" && fast && burst.length >= SHORTEST;
    if (typing(at)) {
      if (scanned && at.dataset.burst) {
        event.preventDefault(); // a person's Enter saves; a scanner's does not
        at.value = at.value.slice(0, -burst.length);
        take(burst, at);
        return;
      }
      // Inside a field letters are letters; only the empty scan field lets one go down to the list.
      if (at === scan && scan.value === "" && (event.key === "Escape" || event.key === "ArrowDown")) {
        event.preventDefault();
        goTo(rows()[0]);
      }
      return;
    }
    if (scanned && scan) {
      event.preventDefault();
      take(burst);
      return;
    }
    if (document.body.dataset.keys === "off" || document.querySelector("dialog[open]")) return; // WCAG 2.1.4
    if (event.key === "Enter") waiting?.(); // a quick typist: Enter saves what the key before it chose
    const asked = act(event.key);
    if (!asked) return;
    event.preventDefault();
    deed = asked;
    pending = setTimeout(() => {
      asked();
      if (deed === asked) deed = null;
    }, FAST + 5);
  });
}
