"""A browser on its way through authorize, login and consent to the client: at phone and desktop
width, in light and dark, by keyboard alone, with and without JavaScript.

signin.py <byline> <email> <password> <folder for screenshots>
"""

import base64
import hashlib
import json
import sys
import urllib.request
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

from playwright.sync_api import Page

from chromium import DESKTOP, PHONE, chromium, ok, serve

BYLINE, EMAIL, PASSWORD, FOLDER = sys.argv[1:5]
ACCESSIBLE = (Path(__file__).parent / "accessible.js").read_text()
VERIFIER = "a-verifier-of-at-least-43-characters-0123456789"

# How the element that has the focus looks, and without the focus.
LOOKS = """() => {
  const look = (e) => { const s = getComputedStyle(e); return [s.outlineStyle, s.outlineWidth,
    s.outlineColor, s.boxShadow, s.borderColor, s.backgroundColor].join(); };
  const element = document.activeElement, focused = look(element);
  const draws = getComputedStyle(element).outlineStyle !== 'none';
  element.blur(); const other = look(element); element.focus({ focusVisible: true });
  return [focused !== other || draws, element.outerHTML.slice(0, 160)];
}"""


def post(path: str, body: dict) -> dict:
    request = urllib.request.Request(BYLINE + path, json.dumps(body).encode())
    request.add_header("content-type", "application/json")
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def authorize(client: str, redirect_uri: str, state: str) -> str:
    digest = hashlib.sha256(VERIFIER.encode()).digest()
    query = {
        "response_type": "code",
        "client_id": client,
        "redirect_uri": redirect_uri,
        "scope": "profile posts:read posts:write",
        "state": state,
        "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        "code_challenge_method": "S256",
        "resource": f"{BYLINE}/mcp",
    }
    return f"{BYLINE}/oauth/authorize?{urlencode(query)}"


def tab_to(page: Page, selector: str):
    """Presses Tab until the element has the focus; each element on the way shows that it has it."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement === document.body"):
            continue
        shows, element = page.evaluate(LOOKS)
        assert shows, f"the focus cannot be seen on {element} (WCAG 2.4.7)"
        if page.locator(selector).first.evaluate("e => e === document.activeElement"):
            return
    raise AssertionError(f"the keyboard does not reach {selector}: {page.content()}")


def inspect(page: Page, name: str):
    """Holds a page to what can be checked, in both colour schemes and down to 320 pixels."""
    size = page.viewport_size
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        faults = page.evaluate(ACCESSIBLE)
        assert not faults, f"{name}, {scheme}:\n" + "\n".join(faults)
        page.screenshot(path=f"{FOLDER}/{name}-{scheme}.png", full_page=True)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 320, "height": 640})
    wide = page.evaluate("() => document.documentElement.scrollWidth")
    assert wide <= 320, f"{name} is {wide} pixels wide at 320 (WCAG 1.4.10)"
    page.screenshot(path=f"{FOLDER}/{name}-320.png", full_page=True)
    page.set_viewport_size(size)
    assert page.locator("script").count() == 0, "a page that takes passwords needs no script"


def is_strict(headers: dict):
    policy = headers["content-security-policy"]
    for needed in ("default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert needed in policy, policy
    for refused in ("unsafe", "script-src", "*"):
        assert refused not in policy, policy
    assert "no-store" in headers["cache-control"], headers


def walk(browser, client: str, redirect_uri: str, name: str, size: dict, scripts: bool):
    context = browser.new_context(viewport=size, java_script_enabled=scripts)
    page = context.new_page()
    errors = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else 0)
    state = f"{name} &=+%/"
    answer = page.goto(authorize(client, redirect_uri, state))
    is_strict(answer.all_headers())
    titles = [page.title()]
    inspect(page, f"{name}-1-login")

    tab_to(page, "input[type=email], input[autocomplete*=username]")
    page.keyboard.type(EMAIL)
    tab_to(page, "input[type=password]")
    page.keyboard.type("not the password")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    wrong = page.locator("[role=alert]")
    assert wrong.count() == 1 and wrong.inner_text().strip(), page.content()
    titles.append(page.title())
    inspect(page, f"{name}-2-wrong-password")
    # An error is expected in the console: the browser reports the status there.
    errors.clear()

    if page.locator("input[type=email], input[autocomplete*=username]").input_value() != EMAIL:
        tab_to(page, "input[type=email], input[autocomplete*=username]")
        page.keyboard.type(EMAIL)
    tab_to(page, "input[type=password]")
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
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
    tab_to(page, "button[value=allow]")
    with page.expect_navigation(url=lambda url: url.startswith(redirect_uri)):
        page.keyboard.press("Enter")
    given = parse_qs(urlsplit(page.url).query, strict_parsing=True)
    assert given["state"] == [state] and given["iss"] == [BYLINE], given
    assert not errors, errors
    assert titles[0] != titles[2] and titles[0] != titles[1], f"pages share a title: {titles}"
    scopes = redeem(client, redirect_uri, given["code"][0])
    assert trimmed not in scopes and "profile" in scopes, (trimmed, scopes)
    context.close()
    ok(f"{name}: login, a wrong password, consent without {trimmed}, redirect")


def redeem(client: str, redirect_uri: str, code: str) -> list[str]:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "client_id": client,
        "code_verifier": VERIFIER,
    }
    request = urllib.request.Request(f"{BYLINE}/oauth/token", urlencode(form).encode())
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["scope"].split()


def deny(browser, client: str, redirect_uri: str):
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(authorize(client, redirect_uri, "no"))
    page.fill("input[type=email], input[autocomplete*=username]", EMAIL)
    page.fill("input[type=password]", PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    with page.expect_navigation(url=lambda url: url.startswith(redirect_uri)):
        page.click("button[value=deny]")
    given = parse_qs(urlsplit(page.url).query)
    assert given["error"] == ["access_denied"] and given["iss"] == [BYLINE], given
    context.close()
    ok("no is an answer")


def refuse(browser, client: str):
    """A client with a foreign redirect URI: a page says so, and leads nowhere."""
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    answer = page.goto(authorize(client, "https://evil.example/callback", "x"))
    assert answer.status == 400 and page.url.startswith(BYLINE), (answer.status, page.url)
    assert page.locator("a[href*='evil.example'], form").count() == 0, page.content()
    inspect(page, "refused-redirect")
    context.close()
    ok("a foreign redirect is refused on a page")


with chromium() as browser, serve({"/callback": "<!doctype html><title>Back</title>"}) as port:
    redirect_uri = f"http://127.0.0.1:{port}/callback"
    registration = {"client_name": "Outside", "redirect_uris": [redirect_uri],
                    "token_endpoint_auth_method": "none"}
    client = post("/oauth/register", registration)["client_id"]
    walk(browser, client, redirect_uri, "phone", PHONE, scripts=True)
    walk(browser, client, redirect_uri, "desktop", DESKTOP, scripts=True)
    walk(browser, client, redirect_uri, "phone-without-scripts", PHONE, scripts=False)
    walk(browser, client, redirect_uri, "desktop-without-scripts", DESKTOP, scripts=False)
    deny(browser, client, redirect_uri)
    refuse(browser, client)
