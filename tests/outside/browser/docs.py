"""The API reference at `/docs`: a person looks for an operation, reads what a parameter may be, and
sends a request with a token. At phone and desktop width, in light and dark.

docs.py <byline> <e-mail address of an editor> <password> <folder for screenshots>
"""

import json
import sys
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, expect

from chromium import DESKTOP, chromium, ok

BYLINE, EMAIL, PASSWORD, FOLDER = sys.argv[1:5]
NARROW = {"width": 320, "height": 640}
FAULTS = (Path(__file__).parent / "accessible.js").read_text()
# The field of the token is a password field, so that nobody reads it over a shoulder, but no
# browser is to fill it in.
NO_FAULT = 'id="token"'


def access_token() -> str:
    body = json.dumps({"email": EMAIL, "password": PASSWORD}).encode()
    headers = {"content-type": "application/json"}
    request = urllib.request.Request(f"{BYLINE}/v1/auth/login", body, headers)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["access_token"]


def inspect(page: Page, name: str):
    """No sideways scrolling, nothing inaccessible, and a picture."""
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"], f"{name}: {width} px wide"
    faults = [fault for fault in page.evaluate(FAULTS) if NO_FAULT not in fault]
    assert not faults, (name, faults[:5])
    page.screenshot(path=f"{FOLDER}/docs-{name}.png")


def walk(page: Page, name: str, token: str):
    page.goto(f"{BYLINE}/docs")
    inspect(page, f"{name}-1-page")

    page.get_by_label("Search operations").fill("manage posts status trashed list")
    found = page.locator("#found")
    expect(found).to_contain_text(" of ")
    shown = page.locator(".operation:visible")
    assert 0 < shown.count() < 5, found.inner_text()
    page.get_by_label("Search operations").press("Enter")
    operation = page.locator("#manage-posts-list")
    expect(operation).to_have_attribute("open", "")

    status = operation.locator("dl.fields > dt", has_text="status").locator("+ dd")
    values = status.locator(".values code").all_inner_texts()
    assert values == ["draft", "scheduled", "published", "trashed"], values
    assert "curl" in operation.locator(".curl").inner_text()
    assert f"{BYLINE}/v1/manage/posts" in operation.locator(".curl").inner_text()
    inspect(page, f"{name}-2-operation")

    form = operation.locator("form.send")
    form.get_by_role("button", name="Send request").click()
    expect(form.locator(".answer")).to_contain_text("401")
    page.get_by_label("Token for requests").fill(token)
    form.get_by_label("status").select_option("draft")
    form.get_by_label("limit").fill("2")
    form.get_by_role("button", name="Send request").click()
    answer = form.locator(".answer")
    expect(answer).to_contain_text("200")
    expect(answer).to_contain_text("status=draft")
    assert "items" in json.loads(answer.locator("pre").inner_text())
    inspect(page, f"{name}-3-answer")

    page.goto(f"{BYLINE}/docs#manage-posts-create")
    form = page.locator("#manage-posts-create form.send")
    page.get_by_label("Token for requests").fill(token)
    form.get_by_role("button", name="Send request").click()
    expect(form.locator(".answer")).to_contain_text("201")
    inspect(page, f"{name}-4-created")

    page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    inspect(page, f"{name}-5-all-open")


with chromium() as browser:
    token = access_token()
    for viewport in (NARROW, DESKTOP):
        for scheme in ("light", "dark"):
            name = f"{viewport['width']}-{scheme}"
            page = browser.new_page(viewport=viewport, color_scheme=scheme)
            said: list[str] = []
            page.on("console", lambda message: said.append(message.text))
            page.on("pageerror", lambda error: said.append(str(error)))
            walk(page, name, token)
            # A refused request is reported by the browser itself; nothing else may be.
            said = [line for line in said if "401 (Unauthorized)" not in line]
            assert not said, (name, said)
            page.close()
            ok(f"{name}: search, values, curl, a request without and with a token")

    page = browser.new_context(java_script_enabled=False, viewport=NARROW).new_page()
    page.goto(f"{BYLINE}/docs#posts-list")
    expect(page.locator("#posts-list .curl")).to_be_attached()
    expect(page.locator("form.tools")).to_be_hidden()
    page.screenshot(path=f"{FOLDER}/docs-no-script.png")
    ok("without scripts, the reference is there and the forms are not")
