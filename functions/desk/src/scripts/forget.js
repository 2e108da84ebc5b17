// Removes the unsaved text of an account that has just signed out in this browser, or was deleted here.
//
// The markup that it expects:
//   [data-forget="<user id>"]   on the page that the form for that leads to

for (const place of document.querySelectorAll("[data-forget]")) forget(`byline-draft:${place.dataset.forget}:`);

function forget(start) {
  // No link from elsewhere removes anything.
  if (!document.referrer.startsWith(`${location.origin}/desk`)) return;
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(start)) localStorage.removeItem(key);
  } catch {
    // Storage may be switched off; nothing is kept then.
  }
}
