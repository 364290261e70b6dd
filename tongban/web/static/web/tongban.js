"use strict";

document.documentElement.classList.add("js");

/* A place is chosen level by level without leaving the page. */
function placeLevels(box) {
  box.addEventListener("change", async (event) => {
    const select = event.target;
    if (!(select instanceof HTMLSelectElement)) return;
    let next = select.nextElementSibling;
    while (next instanceof HTMLSelectElement) {
      const after = next.nextElementSibling;
      next.remove();
      next = after;
    }
    if (!select.value) return;
    const depth = box.querySelectorAll("select").length;
    if (depth >= 3) return;
    const answer = await fetch("/places/?under=" + encodeURIComponent(select.value));
    const places = answer.ok ? await answer.json() : [];
    if (places.length) select.after(placeSelect(select, places, depth));
  });
}

function placeSelect(above, places, depth) {
  const flat = places.every((place) => place[0].slice(2, 4) !== "00" && place[0].slice(4, 6) !== "00");
  const word = flat ? "区县" : "城市";
  const made = document.createElement("select");
  made.className = above.className;
  made.name = above.name;
  made.id = above.id.replace(/-[23]$/, "") + "-" + (depth + 1);
  made.setAttribute("aria-label", above.getAttribute("aria-label").replace(/：[^：]*$/, "：" + word));
  made.add(new Option(word + "…", ""));
  for (const [code, name] of places) made.add(new Option(name, code));
  return made;
}

document.querySelectorAll("[data-place]").forEach(placeLevels);

/* The page of a case keeps itself up to date; forms that are being filled in are left alone. */
function keepUpToDate(live) {
  let touched = false;
  let misses = 0;
  const opened = Date.now();
  document.addEventListener("input", () => { touched = true; });

  async function look() {
    if (!document.hidden) {
      try {
        const answer = await fetch(live.dataset.news + "?seen=" + encodeURIComponent(live.dataset.mark), {
          credentials: "same-origin",
        });
        if (answer.redirected) return location.reload();
        misses = answer.ok ? 0 : misses + 1;
        if (answer.status === 200) show(await answer.text());
      } catch {
        misses += 1;
      }
    }
    if (!live.querySelector("[data-ended]")) {
      const pace = Date.now() - opened < 900000 ? 1200 : 10000;
      setTimeout(look, Math.min(pace * 2 ** misses, 60000));
    }
  }

  function show(html) {
    live.innerHTML = html;
    const top = live.querySelector("[data-mark]");
    if (!top) return;
    live.dataset.mark = top.dataset.mark;
    if (live.dataset.doing === top.dataset.doing) return;
    live.dataset.doing = top.dataset.doing;
    const notice = document.getElementById("moved");
    if (touched && notice) notice.hidden = false;
    else location.reload();
  }

  if (!live.querySelector("[data-ended]")) setTimeout(look, 1200);
}

const live = document.getElementById("live");
if (live) keepUpToDate(live);

/* After a form with faults the summary is read first. */
const errors = document.getElementById("errors");
if (errors) errors.focus();
