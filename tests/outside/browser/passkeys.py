"""A passkey in Chromium, by keyboard alone: added to an account with a virtual authenticator, used to sign in, and
refused once it is removed. And what the pages say where passkeys do not work.

passkeys.py <byline at its IP address> <e-mail address> <password> <folder for screenshots>
"""

import sys

from chromium import DESKTOP, PHONE, chromium, ok
from playwright.sync_api import BrowserContext, Page, expect

BYLINE, EMAIL, PASSWORD, FOLDER = sys.argv[1:5]
# Browsers know no passkeys of an IP address.
NAMED = BYLINE.replace("127.0.0.1", "localhost")
SIGN_IN, ACCOUNT = f"{NAMED}/desk/sign-in", f"{NAMED}/desk/account/passkeys"


def strict(context: BrowserContext) -> list[str]:
    """Collects what the browser reports: a violation of the policy, a fault of a script."""
    faults: list[str] = []
    context.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") else None)
    context.on("weberror", lambda error: faults.append(str(error.error)))
    return faults


def authenticator(page: Page, **changed):
    """A device that unlocks itself for anyone who is in front of it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options | changed})
    return session, made["authenticatorId"]


def tab_to(page: Page, name: str, most: int = 60):
    """Moves the focus to a button or link with the Tab key alone."""
    wanted = page.locator("button, a", has_text=name).first
    for _ in range(most):
        page.keyboard.press("Tab")
        if wanted.evaluate("(element) => element === document.activeElement"):
            return
    raise AssertionError(f"{name} is not reached by the Tab key on {page.url}")


def press(page: Page, name: str):
    tab_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def shots(page: Page, name: str):
    for width, size in (("390", PHONE), ("1280", DESKTOP)):
        page.set_viewport_size(size)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=f"{FOLDER}/{name}-{width}-{scheme}.png", full_page=True)


def with_password(page: Page):
    page.goto(SIGN_IN)
    page.keyboard.press("Tab")
    page.get_by_label("E-mail address").focus()
    page.keyboard.type(EMAIL)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def add_and_sign_in(browser):
    context = browser.new_context(viewport=DESKTOP)
    faults = strict(context)
    page = context.new_page()
    session, device = authenticator(page)
    with_password(page)
    page.goto(ACCOUNT)
    shots(page, "account-none")
    field = page.get_by_label("Name of the passkey")
    assert "Chrome" in field.input_value() or "on Linux" in field.input_value(), field.input_value()
    field.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("Blue security key")
    press(page, "Add a passkey")
    expect(page.locator("[role=status].notice")).to_contain_text("The passkey is there")
    expect(page.locator("ul.list")).to_contain_text("Blue security key")
    shots(page, "account-one")
    # The same device is told apart.
    tab_to(page, "Add a passkey")
    page.keyboard.press("Enter")
    expect(page.locator("p.fault[role=alert]")).to_contain_text("has a passkey for your account already")
    shots(page, "account-again")

    press(page, "Sign out")
    page.goto(SIGN_IN)
    shots(page, "sign-in")
    press(page, "Sign in with a passkey")
    page.wait_for_url(f"{NAMED}/desk")
    credentials = session.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]
    assert [credential["isResidentCredential"] for credential in credentials] == [True], credentials
    assert credentials[0]["rpId"] == "localhost", credentials

    page.goto(ACCOUNT)
    expect(page.locator("ul.list")).to_contain_text("last used")
    press(page, "Remove")
    shots(page, "account-remove")
    press(page, "Remove the passkey")
    expect(page.locator("[role=status].notice")).to_contain_text("The passkey was removed")
    press(page, "Sign out")
    assert not faults, faults
    page.goto(SIGN_IN)
    press(page, "Sign in with a passkey")
    expect(page.locator("[role=alert].alert")).to_contain_text("does not open an account here")
    shots(page, "sign-in-refused")
    context.close()
    ok("a passkey is added, signs in and is removed, by keyboard alone")


def nobody_verified(browser):
    """A device in front of somebody whose finger it does not know."""
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    authenticator(page, isUserVerified=False)
    with_password(page)
    page.goto(ACCOUNT)
    button = page.get_by_role("button", name="Add a passkey")
    button.click()
    expect(page.locator("p.fault[role=alert]")).to_contain_text("No passkey was chosen", timeout=30_000)
    shots(page, "account-not-verified")
    expect(button).to_be_enabled()
    expect(page.locator("main")).to_contain_text("No passkeys")
    context.close()
    ok("a device that does not know who is there adds nothing")


def elsewhere(browser):
    context = browser.new_context(viewport=PHONE)
    faults = strict(context)
    page = context.new_page()
    page.goto(f"{BYLINE}/desk/sign-in")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    expect(page.locator("[role=note]")).to_contain_text(f"open {SIGN_IN}")
    shots(page, "sign-in-elsewhere")
    page.get_by_role("link", name=SIGN_IN).click()
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_visible()
    expect(page.locator("[role=note]")).to_be_hidden()
    assert not faults, faults
    context.close()
    plain = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = plain.new_page()
    page.goto(SIGN_IN)
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    # Playwright's own matching of texts leaves <noscript> out.
    assert "Passkeys need scripts" in page.inner_text("main"), page.inner_text("main")
    shots(page, "sign-in-without-scripts")
    plain.close()
    ok("the pages say where passkeys work, and that they need scripts")


with chromium() as opened:
    add_and_sign_in(opened)
    nobody_verified(opened)
    elsewhere(opened)
