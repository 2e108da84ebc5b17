"""A browser on its way through authorize, login and consent to the client: at phone and desktop
width, in light and dark, by keyboard alone, with and without JavaScript.

signin.py <byline> <email> <password> <folder for screenshots>
"""

from chromium import DESKTOP, PHONE, chromium, ok, serve
from pages import (BYLINE, EMAIL, PASSWORD, Client, authorize, decide, inspect, redeem, register,
                   sign_in, tab_to)


def is_strict(headers: dict):
    policy = headers["content-security-policy"]
    for needed in ("default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert needed in policy, policy
    for refused in ("unsafe", "script-src", "*"):
        assert refused not in policy, policy
    assert "no-store" in headers["cache-control"], headers


def walk(browser, client: Client, name: str, size: dict, scripts: bool):
    context = browser.new_context(viewport=size, java_script_enabled=scripts)
    page = context.new_page()
    errors = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else 0)
    state = f"{name} &=+%/"
    answer = page.goto(authorize(client, state))
    is_strict(answer.all_headers())
    titles = [page.title()]
    inspect(page, f"{name}-1-login")

    sign_in(page, EMAIL, "not the password")
    wrong = page.locator("[role=alert]")
    assert wrong.count() == 1 and wrong.inner_text().strip(), page.content()
    titles.append(page.title())
    inspect(page, f"{name}-2-wrong-password")
    # An error is expected in the console: the browser reports the status there.
    errors.clear()

    sign_in(page, EMAIL, PASSWORD)
    titles.append(page.title())
    inspect(page, f"{name}-3-consent")
    text = page.inner_text("body")
    # Who asks, and where the answer goes (MCP: the host of the redirect is shown).
    assert "Outside" in text and "127.0.0.1" in text, text
    boxes = page.locator("input[type=checkbox][name]")
    assert boxes.count() >= 2, "scopes can be trimmed"
    last = page.locator("input[type=checkbox][name]:not([disabled])").last
    trimmed = last.get_attribute("value")
    tab_to(page, f"input[type=checkbox][value='{trimmed}']")
    page.keyboard.press("Space")
    assert not last.is_checked()
    told = decide(page, client, state, "allow")
    assert not errors, errors
    assert titles[0] != titles[2] and titles[0] != titles[1], f"pages share a title: {titles}"
    scopes = redeem(client, told["code"][0])
    assert trimmed not in scopes and "profile" in scopes, (trimmed, scopes)
    context.close()
    ok(f"{name}: login, a wrong password, consent without {trimmed}, redirect")


def deny(browser, client: Client):
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(authorize(client, "no"))
    sign_in(page, EMAIL, PASSWORD)
    told = decide(page, client, "no", "deny")
    assert told["error"] == ["access_denied"] and "code" not in told, told
    context.close()
    ok("no is an answer")


def refuse(browser, client: Client):
    """A client with a foreign redirect URI: a page says so, and leads nowhere."""
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    foreign = client._replace(redirect_uri="https://evil.example/callback")
    answer = page.goto(authorize(foreign, "x"))
    assert answer.status == 400 and page.url.startswith(BYLINE), (answer.status, page.url)
    assert page.locator("a[href*='evil.example'], form").count() == 0, page.content()
    inspect(page, "refused-redirect")
    context.close()
    ok("a foreign redirect is refused on a page")


with chromium() as browser, serve({"/callback": "<!doctype html><title>Back</title>"}) as port:
    redirect_uri = f"http://127.0.0.1:{port}/callback"
    # What is left out stays so for a client, so each walk has its own.
    walk(browser, register(redirect_uri), "phone", PHONE, scripts=True)
    walk(browser, register(redirect_uri), "desktop", DESKTOP, scripts=True)
    walk(browser, register(redirect_uri), "phone-without-scripts", PHONE, scripts=False)
    walk(browser, register(redirect_uri), "desktop-without-scripts", DESKTOP, scripts=False)
    deny(browser, register(redirect_uri))
    refuse(browser, register(redirect_uri))
