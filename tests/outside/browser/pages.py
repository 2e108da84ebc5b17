"""What the scripts share that go through the pages of /oauth/authorize: what the API answers, how a
client asks for authorization, the way by keyboard alone, and what every page is held to.

They are all started as: <script> <byline> <email> <password> <folder for screenshots>
"""

import base64
import hashlib
import json
import sys
import urllib.request
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, urlencode, urlsplit

from playwright.sync_api import Page, Response

BYLINE, EMAIL, PASSWORD, FOLDER = sys.argv[1:5]
ACCESSIBLE = (Path(__file__).parent / "accessible.js").read_text()
VERIFIER = "a-verifier-of-at-least-43-characters-0123456789"
ADDRESS = "input[type=email], input[autocomplete*=username]"

# How the element that has the focus looks, and without the focus.
LOOKS = """() => {
  const look = (e) => { const s = getComputedStyle(e); return [s.outlineStyle, s.outlineWidth,
    s.outlineColor, s.boxShadow, s.borderColor, s.backgroundColor].join(); };
  const element = document.activeElement, focused = look(element);
  const draws = getComputedStyle(element).outlineStyle !== 'none';
  element.blur(); const other = look(element); element.focus({ focusVisible: true });
  return [focused !== other || draws, element.outerHTML.slice(0, 160)];
}"""


class Client(NamedTuple):
    """A registered OAuth client."""

    id: str
    redirect_uri: str


def call(method: str, path: str, body: dict | None = None, token: str | None = None) -> dict:
    """What the API answers."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(BYLINE + path, data, method=method)
    request.add_header("content-type", "application/json")
    if token:
        request.add_header("authorization", f"Bearer {token}")
    with urllib.request.urlopen(request) as answer:
        return json.loads(answer.read() or "{}")


def register(redirect_uri: str) -> Client:
    body = {"client_name": "Outside", "redirect_uris": [redirect_uri],
            "token_endpoint_auth_method": "none"}
    return Client(call("POST", "/oauth/register", body)["client_id"], redirect_uri)


def authorize(client: Client, state: str, scope: str = "profile posts:read posts:write") -> str:
    digest = hashlib.sha256(VERIFIER.encode()).digest()
    query = {
        "response_type": "code",
        "client_id": client.id,
        "redirect_uri": client.redirect_uri,
        "scope": scope,
        "state": state,
        "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        "code_challenge_method": "S256",
        "resource": f"{BYLINE}/mcp",
    }
    return f"{BYLINE}/oauth/authorize?{urlencode(query)}"


def redeem(client: Client, code: str) -> list[str]:
    """The scopes of the tokens that a code is worth."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": client.redirect_uri,
        "client_id": client.id,
        "code_verifier": VERIFIER,
    }
    request = urllib.request.Request(f"{BYLINE}/oauth/token", urlencode(form).encode())
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["scope"].split()


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


def enter(page: Page) -> Response:
    """Presses Enter, and hands over the answer of the page that this leads to."""
    with page.expect_navigation() as navigation:
        page.keyboard.press("Enter")
    return navigation.value


def sign_in(page: Page, email: str, password: str, code: str = "") -> Response:
    """Fills the form by keyboard, the address only where it does not stand there yet."""
    if page.locator(ADDRESS).input_value() != email:
        tab_to(page, ADDRESS)
        page.keyboard.type(email)
    tab_to(page, "input[type=password]")
    page.keyboard.type(password)
    if code:
        tab_to(page, "input[autocomplete=one-time-code]")
        page.keyboard.type(code)
    return enter(page)


def decide(page: Page, client: Client, state: str, decision: str) -> dict[str, list[str]]:
    """Authorizes the client or denies it, and returns the parameters of its response."""
    tab_to(page, f"button[value={decision}]")
    with page.expect_navigation(url=lambda url: url.startswith(client.redirect_uri)):
        page.keyboard.press("Enter")
    told = parse_qs(urlsplit(page.url).query, strict_parsing=True)
    assert told["state"] == [state] and told["iss"] == [BYLINE], told
    return told


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
