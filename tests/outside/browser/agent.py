"""The page of a conversation while the agent answers: the text grows, what is typed meanwhile stays, the stop stops,
and what goes wrong is told. Without scripts, the answer comes whole.

agent.py <byline> <e-mail address of an author> <password> <URL of the scripted model> <folder for screenshots>
"""

import re
import sys

from playwright.sync_api import Page, expect

from chromium import DESKTOP, PHONE, chromium, ok, reported
from remote import Model

expect.set_options(timeout=15_000)
BYLINE, EMAIL, PASSWORD, MODEL, FOLDER = *sys.argv[1:4], Model(sys.argv[4]), sys.argv[5]
PLACE = re.compile(r"/desk/agent/conv_")
FOCUS = "() => [document.activeElement.id, document.activeElement.selectionStart, window.isTheSame === true]"


def sign_in(page: Page, path: str = "/desk/agent"):
    page.goto(BYLINE + path)
    page.fill("input[type=email]", EMAIL)
    page.fill("input[type=password]", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"**{path}")


def send(page: Page, text: str):
    page.get_by_label("Your message", exact=True).fill(text)
    page.get_by_role("button", name="Send", exact=True).click()


def pictures(page: Page, name: str):
    for width, size in (("390", PHONE), ("1280", DESKTOP)):
        page.set_viewport_size(size)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.evaluate("() => scrollTo(0, 0)")
            # Hidden, the caret would be a style attribute, which the policy refuses.
            path = f"{FOLDER}/agent-{name}-{width}-{scheme}.png"
            page.screenshot(path=path, full_page=True, caret="initial")
    page.emulate_media(color_scheme="light")


def grows(page: Page):
    send(page, "Which drafts wait?")
    page.wait_for_url(PLACE)
    answer = page.locator("[data-turn] .said:not(.mine)")
    expect(answer).to_contain_text("Searched for “tide”")
    expect(answer).to_contain_text("which nobody has read yet.")
    expect(answer.locator("strong")).to_have_text("wait")
    said = page.locator("[data-say]")
    expect(said).to_have_text("The agent is answering …")
    expect(said).to_have_attribute("role", "status")
    expect(page.locator("[data-plain]")).to_have_count(0)
    field = page.get_by_label("Your message", exact=True)
    field.press_sequentially("And then?")
    field.press("ArrowLeft")
    page.evaluate("() => { window.isTheSame = true; window.first = document.querySelector('[data-turn] .answer li'); }")
    before = page.evaluate(FOCUS)
    pictures(page, "growing")
    MODEL.go_on()
    expect(said).to_have_text("The agent has answered.")
    expect(answer).to_contain_text("The first one is ready. The second one has no excerpt")
    expect(page.locator(".answer")).to_have_count(2)
    expect(page.locator("#running")).to_have_count(0)
    assert page.evaluate(FOCUS) == before == ["message", 8, True], "the caret stays, and so does the page"
    expect(field).to_have_value("And then?")
    assert page.evaluate("() => window.first.isConnected"), "what has been read stays where it is"
    pictures(page, "answered")
    ok("an answer grows, and who types meanwhile goes on")


def stops(page: Page):
    MODEL.tick()
    page.get_by_role("button", name="Send", exact=True).click()
    field = page.get_by_label("Your message", exact=True)
    turn = page.locator("[data-turn]").last
    expect(turn).to_contain_text("Half of it")
    expect(turn).to_contain_text("And then?")
    expect(field).to_have_value("")
    expect(field).to_be_editable()
    send(page, "And me?")
    expect(page.locator("[data-fault]")).to_contain_text("Wait until it has, or stop it.")
    expect(field).to_have_value("And me?")
    pictures(page, "refused")
    stop = page.get_by_role("button", name="Stop the agent", exact=True)
    stop.focus()
    page.keyboard.press("Enter")
    MODEL.was_hung_up(1)
    expect(page.locator("[data-say]")).to_have_text("You stopped it. What it said and did until then stays.")
    expect(stop).to_have_count(0)
    expect(turn).to_contain_text("The rest of this is missing.")
    expect(field).to_be_focused()
    expect(field).to_have_value("And me?")
    expect(page.locator("[data-fault]")).to_be_hidden()
    pictures(page, "stopped")
    assert page.evaluate("() => window.isTheSame"), "the page stays"
    ok("a message is refused with its words, and the stop stops")


def breaks(page: Page):
    MODEL.tick()
    page.route("**/latest", lambda route: route.fulfill(status=503))
    page.get_by_role("button", name="Send", exact=True).click()
    said = page.locator("[data-say]")
    expect(said).to_contain_text("Not up to date: the server does not answer.")
    MODEL.was_asked(4)
    page.unroute("**/latest")
    turn = page.locator("[data-turn]").last
    expect(turn).to_contain_text("Here it")
    expect(said).to_have_text("The agent is answering …")
    cookies = page.context.cookies()
    page.context.clear_cookies()
    page.get_by_label("Your message", exact=True).fill("Kept")
    expect(said).to_contain_text("You are signed out.")
    page.context.add_cookies(cookies)
    page.reload()
    expect(page.locator("#running")).to_have_count(1)
    MODEL.go_on()
    expect(page.locator("[data-turn]")).to_contain_text("Here it is.")
    expect(page.locator("#running")).to_have_count(0)
    page.get_by_label("Your message", exact=True).fill("a\u202eb")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("[data-fault]")).to_contain_text("Please check what you entered.")
    expect(page.get_by_label("Your message", exact=True)).to_have_value("a\u202eb")
    ok("what breaks is told, and looked at again")


def main(browser):
    context = browser.new_context(viewport=DESKTOP, reduced_motion="reduce")
    faults = reported(context)
    page = context.new_page()
    sign_in(page)
    for walk in (grows, stops, breaks):
        walk(page)
    assert not faults, faults
    context.close()

    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    sign_in(page)
    send(page, "And without scripts?")
    page.wait_for_url(PLACE)
    assert "A whole answer." in page.inner_text("[data-turn]"), page.inner_text("main")
    assert "The answer appears when it is complete." in page.inner_text("[data-say]")
    ok("without scripts, the answer comes whole")


with chromium() as opened:
    main(opened)
