// Passkeys (WebAuthn): asks the page for a challenge, the browser for the answer of a passkey, and sends the form.
//
// The markup that it expects:
//   form[data-call="get"|"create"][data-origin] hidden > input[name=passkey], p.fault hidden, button
//   and right after it a note, also hidden, for those who opened the page at another origin

const form = document.querySelector("form[data-call]");
const { call, origin } = form.dataset;
const button = form.querySelector("button");
const fault = form.querySelector("p.fault[role]");

if (location.origin !== origin) form.nextElementSibling.hidden = false;
else if (window.PublicKeyCredential) form.hidden = false;

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  button.disabled = fault.hidden = true;
  try {
    const page = await fetch(`${form.action}?passkey`);
    const { publicKey, form_token } = await page.json();
    publicKey.challenge = bytes(publicKey.challenge);
    if (call === "create") {
      publicKey.user.id = bytes(publicKey.user.id);
      publicKey.excludeCredentials.forEach((known) => (known.id = bytes(known.id)));
    }
    const { rawId, response } = await navigator.credentials[call]({ publicKey });
    const answer = { id: text(rawId), client_data: text(response.clientDataJSON) };
    if (call === "create") answer.authenticator_data = text(response.getAuthenticatorData());
    else {
      answer.authenticator_data = text(response.authenticatorData);
      answer.signature = text(response.signature);
      answer.user_handle = text(response.userHandle);
    }
    form.elements.passkey.value = JSON.stringify(answer);
    if (form_token) form.elements.form_token.value = form_token;
    // Without another event, so that this runs once.
    form.submit();
  } catch (error) {
    fault.textContent = {
      InvalidStateError: "This device has a passkey for your account already.",
      NotAllowedError: "No passkey was chosen, or it took too long. Try again.",
    }[error.name] ?? "This did not work. Load the page again, or use another browser.";
    fault.hidden = false;
    button.disabled = false;
  }
});

// Back from another page, the form can be sent again.
addEventListener("pageshow", () => (button.disabled = false));

function bytes(text) {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}

function text(buffer) {
  const binary = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
