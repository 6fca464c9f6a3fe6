// Copy buttons. Without this script the command can still be selected and copied by hand.
"use strict";

// A plain-http page has no clipboard: there the text is selected, and the person copies it.
function select(element) {
  const range = document.createRange();
  range.selectNodeContents(element);
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}

async function copy(button) {
  const code = document.getElementById(button.dataset.copy);
  const status = button.parentElement.querySelector("[role=status]");
  try {
    await navigator.clipboard.writeText(code.textContent);
    status.textContent = button.dataset.copied;
  } catch {
    select(code);
    status.textContent = button.dataset.selected;
  }
}

for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}
