// The preview beside an editor: what the server sends anew is brought to life as a whole page is.
"use strict";

document.addEventListener("htmx:after:swap", () => {
  const preview = document.getElementById("preview");
  if (!preview) return;
  for (const comfort of [countWords, addUp]) comfort(preview);
  preview.closest("form").dispatchEvent(new Event("change"));
});
