// The preview beside an editor: what the server sends anew is brought to life as a whole page is.
"use strict";

document.addEventListener("htmx:after:swap", () => {
  const preview = document.getElementById("preview");
  if (preview) for (const comfort of [countWords, askWhen, addUp]) comfort(preview.parentElement.parentElement);
});
