// What the pages do beyond HTML: keyboard shortcuts, following the log, copying a secret. Nothing is stored.
"use strict";
(function () {
  const typing = (target) => target instanceof Element && target.closest("input, select, textarea, dialog[open]");
  const rows = () => [...document.querySelectorAll("[data-rows] a[data-row]")];
  let after = "";

  function step(by) {
    const all = rows();
    if (!all.length) return;
    const at = all.indexOf(document.activeElement);
    all[Math.max(0, Math.min(all.length - 1, at < 0 ? 0 : at + by))].focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const key = event.key;
    const meant = after !== "g" && document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (meant) {
      event.preventDefault();
      meant.click();
      return;
    }
    const places = document.querySelectorAll(".menu a");
    if (after === "g" && places[Number(key) - 1]) {
      places[Number(key) - 1].click();
    } else if (key === "?") {
      const list = document.getElementById("shortcuts");
      if (list) list.showModal();
    } else if (key === "/") {
      const field = document.querySelector("[data-filters] input:not([type=hidden]), [data-filters] select");
      if (field) { event.preventDefault(); field.focus(); }
    } else if (key === "j") {
      step(1);
    } else if (key === "k") {
      step(-1);
    }
    after = key;
  });

  // Whoever watches a page that follows something asks for news while the page is seen, and only then.
  setInterval(() => {
    const follower = document.querySelector("[data-follow]");
    if (follower && !document.hidden && window.htmx) window.htmx.trigger(follower, "follow");
  }, 5000);

  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element && event.target.closest("[data-copy]");
    if (!button) return;
    const shown = document.getElementById(button.dataset.copy);
    const told = () => { document.getElementById("announcer").textContent = button.dataset.done; button.textContent = button.dataset.done; };
    if (shown && navigator.clipboard) navigator.clipboard.writeText(shown.textContent.trim()).then(told);
  });

  document.addEventListener("change", (event) => {
    const field = event.target instanceof Element && event.target.closest("[data-submits]");
    if (field && field.form) field.form.requestSubmit();
  });
})();
