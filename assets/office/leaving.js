// How long can a letter still be called back? The server holds it; this only shows the time left.

export function watchLeaving() {
  const toast = document.querySelector("[data-leaving]");
  if (!toast || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const said = toast.querySelector("[data-seconds]");
  const bar = toast.querySelector("progress");
  let left = Number(said.textContent);
  const tick = setInterval(() => {
    left -= 1;
    if (left < 0) {
      clearInterval(tick);
      toast.remove();
      return;
    }
    said.textContent = left;
    bar.value = left;
  }, 1000);
}
