"""What else a person meets at the pages of /oauth/authorize: one-time codes, somebody else at the
same browser, signing out in another tab, a client that asks for more. At phone and desktop width, by
keyboard alone, with and without JavaScript.

account.py <byline> <e-mail address of an editor> <password> <folder for screenshots> <e-mail address of an author>

Both have the same password.
"""

import base64
import hmac
import sys
import time

from playwright.sync_api import BrowserContext, Page, expect

from chromium import DESKTOP, PHONE, chromium, ok, serve
from pages import (ADDRESS, BYLINE, EMAIL, PASSWORD, Client, authorize, call, decide, enter,
                   inspect, redeem, register, sign_in, tab_to)

OTHER_EMAIL = sys.argv[5]


def api_token(email: str) -> str:
    return call("POST", "/v1/auth/login", {"email": email, "password": PASSWORD})["access_token"]


def granted(token: str, client: Client) -> list[dict]:
    grants = call("GET", "/v1/auth/grants?limit=100", token=token)["items"]
    return [grant for grant in grants if grant["client_id"] == client.id]


def step_now() -> int:
    return int(time.time()) // 30


def code_of(secret: str, step: int) -> str:
    """What an authenticator app shows in a time step (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    tag = hmac.digest(key, step.to_bytes(8, "big"), "sha1")
    start = tag[-1] & 15
    number = int.from_bytes(tag[start:start + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def allow(page: Page, client: Client, state: str) -> list[str]:
    return redeem(client, decide(page, client, state, "allow")["code"][0])


def shows_sign_in(page: Page):
    assert page.url.startswith(f"{BYLINE}/oauth/authorize?"), page.url
    assert page.locator("input[type=password]").count() == 1, page.content()
    assert page.locator(ADDRESS).input_value() == "", "the last person's address is still there"


def asks_for_code(page: Page):
    """The page says that a code is needed, and marks the field, which the keyboard finds."""
    alert = page.locator("[role=alert]")
    assert alert.count() == 1 and "code" in alert.inner_text(), page.content()
    field = page.locator("input[autocomplete=one-time-code]")
    assert field.get_attribute("aria-invalid") == "true", page.content()
    described = field.get_attribute("aria-describedby").split()
    assert any(alert.locator(f"#{id}").count() for id in described), described
    assert page.title().startswith("Sign-in failed"), page.title()
    assert page.locator(ADDRESS).input_value() == EMAIL
    assert page.locator("input[type=password]").input_value() == "", "a password is sent back"
    tab_to(page, "[role=alert] a")
    page.keyboard.press("Enter")
    expect(field).to_be_focused()


def codes(context: BrowserContext, client: Client, name: str):
    token = api_token(EMAIL)
    secret = call("POST", "/v1/auth/totp", token=token)["secret"]
    # A code works once. The next step's is accepted early, so that nobody has to wait for it.
    spent = step_now()
    body = {"code": code_of(secret, spent)}
    recovery = call("POST", "/v1/auth/totp/confirm", body, token)["recovery_codes"]
    try:
        page = context.new_page()
        page.goto(authorize(client, name))
        answer = sign_in(page, EMAIL, PASSWORD)
        assert answer.status == 403, answer.status
        inspect(page, f"{name}-code-1-missing")
        asks_for_code(page)
        answer = sign_in(page, EMAIL, PASSWORD, code_of(secret, spent))
        assert answer.status == 403, "a code worked twice"
        inspect(page, f"{name}-code-2-spent")
        asks_for_code(page)
        sign_in(page, EMAIL, PASSWORD, code_of(secret, max(spent + 1, step_now())))
        assert "posts:read" in allow(page, client, name)

        context.clear_cookies()
        page.goto(authorize(client, name))
        sign_in(page, EMAIL, PASSWORD, recovery[0])
        assert "posts:read" in allow(page, client, name)
        context.clear_cookies()
        page.goto(authorize(client, name))
        answer = sign_in(page, EMAIL, PASSWORD, recovery[0])
        assert answer.status == 403, "a recovery code worked twice"
    finally:
        call("DELETE", "/v1/auth/totp", token=token)
    ok(f"{name}: without a code, with a spent one, with the next one, with a recovery code")


def somebody_else(context: BrowserContext, client: Client, name: str):
    token, others = api_token(EMAIL), api_token(OTHER_EMAIL)
    page = context.new_page()
    page.goto(authorize(client, name))
    sign_in(page, EMAIL, PASSWORD)
    assert EMAIL in page.inner_text("main")
    sessions = len(call("GET", "/v1/auth/sessions?limit=100", token=token)["items"])
    tab_to(page, "button:text('Not you?')")
    enter(page)
    shows_sign_in(page)
    inspect(page, f"{name}-not-you-1-login")
    left = len(call("GET", "/v1/auth/sessions?limit=100", token=token)["items"])
    assert left == sessions - 1, (sessions, left)
    sign_in(page, OTHER_EMAIL, PASSWORD)
    text = page.inner_text("main")
    assert OTHER_EMAIL in text and EMAIL not in text, text
    inspect(page, f"{name}-not-you-2-consent")
    assert "posts:read" in allow(page, client, name)
    assert len(granted(others, client)) == 1 and not granted(token, client)
    ok(f"{name}: one person signs out, another one goes on")


def too_old(context: BrowserContext, client: Client, name: str):
    token = api_token(EMAIL)
    page = context.new_page()
    page.goto(authorize(client, name))
    sign_in(page, EMAIL, PASSWORD)
    other = context.new_page()
    other.goto(authorize(client, f"{name}, another tab"))
    tab_to(other, "button:text('Not you?')")
    enter(other)
    shows_sign_in(other)
    tab_to(page, "button[value=allow]")
    answer = enter(page)
    assert answer.status == 403 and page.url.startswith(BYLINE), (answer.status, page.url)
    assert page.title() == page.inner_text("h1") == "This page has expired", page.title()
    assert page.locator("[role=alert]").count() == 1, page.content()
    inspect(page, f"{name}-too-old")
    assert not granted(token, client), "a form of an ended session authorized the client"
    tab_to(page, "a:text('Load the page again')")
    answer = enter(page)
    assert answer.status == 200, answer.status
    shows_sign_in(page)
    sign_in(page, EMAIL, PASSWORD)
    # A user who authorized it before would be told that it asks for more.
    other.goto(authorize(client, name, "profile posts:read posts:write posts:publish"))
    assert "before" not in other.inner_text("main"), "the form was kept as an answer"
    assert "posts:read" in allow(page, client, name)
    assert len(granted(token, client)) == 1
    ok(f"{name}: signed out in another tab, a form does nothing and can be shown again")


def asks_for_more(context: BrowserContext, client: Client, name: str):
    page = context.new_page()
    page.goto(authorize(client, name, "profile posts:read"))
    sign_in(page, EMAIL, PASSWORD)
    text = page.inner_text("main")
    assert "asks for more" not in text and "(new)" not in text, text
    assert allow(page, client, name) == ["profile", "posts:read"]
    page.goto(authorize(client, name, "profile posts:read posts:publish"))
    assert "It now asks for more" in page.locator("[role=note]:has-text('before')").inner_text()
    new = page.locator("li:has-text('(new)')")
    assert new.count() == 1, page.inner_text("main")
    box = new.get_by_role("checkbox")
    assert box.get_attribute("value") == "posts:publish", new.inner_html()
    assert not box.is_checked(), "what reaches beyond drafts is never chosen beforehand"
    tab_to(page, "input[value='posts:publish']")
    page.keyboard.press("Space")
    inspect(page, f"{name}-more")
    assert allow(page, client, name) == ["profile", "posts:read", "posts:publish"]
    ok(f"{name}: who is asked for more sees what is new, and gives it")


with chromium() as browser, serve({"/callback": "<!doctype html><title>Back</title>"}) as port:
    for name, size, scripts in [("phone", PHONE, True), ("desktop-without-scripts", DESKTOP, False)]:
        for check in (codes, somebody_else, too_old, asks_for_more):
            context = browser.new_context(viewport=size, java_script_enabled=scripts)
            # Consents are kept by client, so each check has its own.
            check(context, register(f"http://127.0.0.1:{port}/callback"), name)
            context.close()
