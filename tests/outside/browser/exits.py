"""What the agent says and writes, wherever the Desk shows it, makes the browser ask nobody but Byline. A page that has
the same text as it was written does ask.

exits.py <byline> <address of a server that nobody is to ask> <plan> <URL of the scripted model> <folder for screenshots>

The plan is JSON: "email" and "password" of an editor, "conversation" (the path of its page), and "pages" (the paths of
others that show what the agent wrote).
"""

import json
import sys

from playwright.sync_api import BrowserContext, Page, Request, expect

from chromium import DESKTOP, chromium, ok
from remote import Model

expect.set_options(timeout=15_000)
BYLINE, SERVER, PLAN, MODEL, FOLDER = *sys.argv[1:3], json.loads(sys.argv[3]), Model(sys.argv[4]), sys.argv[5]


def looked_at(page: Page):
    """Waits until nothing is loaded any more, and points at each link: what a browser may take as a hint."""
    page.wait_for_load_state("networkidle")
    links = page.locator("main a:visible")
    for at in range(links.count()):
        links.nth(at).hover(force=True)
    page.wait_for_load_state("networkidle")


def sign_in(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto(f"{BYLINE}{PLAN['conversation']}")
    page.fill("input[type=email]", PLAN["email"])
    page.fill("input[type=password]", PLAN["password"])
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"**{PLAN['conversation']}")
    return page


def main(browser):
    context = browser.new_context(viewport=DESKTOP)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = sign_in(context)
    expect(page.locator(".answer").last).to_contain_text("not loaded here")
    looked_at(page)
    page.screenshot(path=f"{FOLDER}/exits-said.png", full_page=True)

    MODEL.tick()
    page.get_by_label("Your message", exact=True).fill("Once more")
    page.get_by_role("button", name="Send", exact=True).click()
    growing = page.locator("[data-turn][aria-busy=true]")
    expect(growing.locator(".answer")).to_contain_text("not loaded here")
    looked_at(page)
    MODEL.go_on()
    expect(growing).to_have_count(0)
    expect(page.locator(".answer").last).to_contain_text("The end.")
    looked_at(page)
    ok("an answer that is there, and one that grows, asks nobody")

    for path in PLAN["pages"]:
        page.goto(BYLINE + path)
        shown = page.locator("[data-preview]:not([hidden])")
        if shown.count():
            page.wait_for_selector("[data-preview] iframe:not([data-next])")
        looked_at(page)
    elsewhere = [url for url in asked if not url.startswith((f"{BYLINE}/", "data:"))]
    assert not elsewhere, elsewhere
    ok("nor does a draft or a proposal of the agent")
    context.close()

    # As it was written, the text makes a browser ask.
    control = browser.new_context().new_page()
    leaked: list[str] = []

    def is_enough(request: Request) -> bool:
        if f"{SERVER}/leak" in request.url:
            leaked.append(request.url)
        return len(leaked) >= 3

    with control.expect_event("requestfinished", is_enough):
        control.goto(f"http://{SERVER}/control", wait_until="commit")
    ok("the same text as it was written does")


with chromium() as opened:
    main(opened)
