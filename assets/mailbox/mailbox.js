// What the mailbox does better with JavaScript. Every page works without it.

import { Button, createAll, ErrorSummary, FileUpload, PasswordInput } from "govuk-frontend";
import { watchSession } from "./session.js";
import { watchUploads } from "./upload.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
for (const component of [Button, ErrorSummary, FileUpload, PasswordInput]) createAll(component);
for (const element of document.querySelectorAll("[data-needs-script]")) element.hidden = false;
document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
for (const button of document.querySelectorAll("[data-all-ways]")) {
  button.addEventListener("click", () => {
    for (const way of button.form.querySelectorAll(`input[name^="way-"][value="${button.dataset.allWays}"]`)) way.checked = true;
  });
}
watchUploads();
watchSession();

// Reading a letter marks it: the page itself never does, a GET changes nothing.
const read = document.querySelector("form[data-read]");
if (read) {
  read.hidden = true;
  fetch(read.action, { method: "POST", body: new FormData(read), headers: { Accept: "application/json" } }).catch(() => { read.hidden = false; });
}
