// How an upload shows its progress, can be stopped, and refuses a file that is too large before sending it.

import { createAll, ErrorSummary, FileUpload } from "govuk-frontend";

/** Say `text` at the file field `input`, as the server would. */
function complain(input, text) {
  const group = input.closest(".govuk-form-group");
  group.classList.add("govuk-form-group--error");
  let message = group.querySelector(".govuk-error-message");
  if (!message) {
    message = document.createElement("p");
    message.className = "govuk-error-message";
    message.id = `${input.id}-error`;
    message.setAttribute("role", "alert");
    (group.querySelector(".govuk-hint") ?? group.querySelector("label")).after(message);
    input.setAttribute("aria-describedby", `${input.getAttribute("aria-describedby") ?? ""} ${message.id}`.trim());
  }
  message.textContent = text;
  input.focus();
}

/** Put the server's answer (the same page with its errors) in place of the page. */
function replacePage(html) {
  const answer = new DOMParser().parseFromString(html, "text/html");
  document.title = answer.title;
  document.querySelector("main").replaceWith(document.adoptNode(answer.querySelector("main")));
  for (const component of [ErrorSummary, FileUpload]) createAll(component);
  watchUploads();
  scrollTo(0, 0); // as a page that was opened; what is new stands above the form
}

function send(form, status) {
  const request = new XMLHttpRequest();
  const bar = status.querySelector("progress");
  const words = status.querySelector("[data-progress-words]");
  const stop = status.querySelector("button");
  const button = form.querySelector("button[type=submit]");
  const rest = () => {
    status.hidden = true;
    button.disabled = false;
  };
  let told = -1;
  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    const percent = Math.floor((100 * event.loaded) / event.total);
    bar.value = percent;
    if (percent < 100 && Math.floor(percent / 10) === Math.floor(told / 10)) return;
    told = percent;
    words.textContent = percent < 100 ? status.dataset.sending.replace("{percent}", percent) : status.dataset.checking;
  });
  request.addEventListener("load", () => {
    const there = new URL(request.responseURL);
    if (there.pathname !== new URL(form.action).pathname) location.assign(there);
    else if (request.responseText.includes("<main")) replacePage(request.responseText);
    else rest();
  });
  request.addEventListener("error", () => {
    rest();
    complain(form.querySelector("input[type=file]"), status.dataset.lost);
  });
  request.addEventListener("abort", rest);
  stop.onclick = () => request.abort();
  const body = new FormData(form);
  request.open("POST", form.action);
  request.send(body);
  bar.value = 0;
  status.hidden = false;
  button.disabled = true;
}

/** Give every form marked `data-upload` progress, a stop button and a check of the size. */
export function watchUploads() {
  for (const form of document.querySelectorAll("form[data-upload]")) {
    form.addEventListener("submit", (event) => {
      const most = Number(form.dataset.upload);
      for (const input of form.querySelectorAll("input[type=file]")) {
        if ([...input.files].some((file) => file.size > most)) {
          event.preventDefault();
          complain(input, form.dataset.tooLarge);
          return;
        }
      }
      const status = form.querySelector("[data-upload-status]");
      if (!status) return;
      event.preventDefault();
      send(form, status);
    });
  }
}
