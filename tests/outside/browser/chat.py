"""A site's own chat with `useChat`: reloaded in the middle of an answer, opened in another browser, and stopped.

chat.py <page> <API> <key> <conversation> <URL of the scripted model> <folder for screenshots>
"""

import json
import re
import sys
import urllib.request
from urllib.parse import urlencode

from playwright.sync_api import Page, expect

from chromium import DESKTOP, chromium, ok
from remote import Model

expect.set_options(timeout=15_000)
PAGE, API, KEY, CONVERSATION, MODEL, FOLDER = *sys.argv[1:5], Model(sys.argv[5]), sys.argv[6]
ADDRESS = f"{PAGE}/#" + urlencode({"api": API, "key": KEY, "conversation": CONVERSATION})


def opened(browser, faults: list[str]) -> Page:
    """The chat in a browser of its own."""
    page = browser.new_context(viewport=DESKTOP).new_page()
    page.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(ADDRESS)
    return page


def send(page: Page, text: str):
    page.get_by_label("Message").fill(text)
    page.get_by_role("button", name="Send", exact=True).click()


def says(page: Page, messages: list[tuple[str, list[str]]]):
    """What stands on the page, in its order, and nothing else."""
    items = page.locator("li")
    expect(items).to_have_count(len(messages))
    for at, (role, texts) in enumerate(messages):
        expect(items.nth(at)).to_have_attribute("data-role", role)
        expect(items.nth(at).locator("p:not([data-tool])")).to_have_text(texts)


def is_ready(page: Page):
    expect(page.locator("main[data-status=ready]")).to_have_count(1)


def read(path: str) -> dict:
    request = urllib.request.Request(API + path, headers={"authorization": f"Bearer {KEY}"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


with chromium() as browser:
    faults: list[str] = []
    page = opened(browser, faults)
    send(page, "Try the tool")
    question = ("user", ["Try the tool"])
    begun = [question, ("assistant", ["I look.", "It begins "])]
    finished = [question, ("assistant", ["I look.", "It begins and it ends."])]
    says(page, begun)
    expect(page.locator("[data-tool=output-available]")).to_have_text(["echo"])
    page.screenshot(path=f"{FOLDER}/chat-running.png")

    page.reload()
    says(page, begun)
    other = opened(browser, faults)
    says(other, begun)
    MODEL.go_on()
    for one in (page, other):
        is_ready(one)
        says(one, finished)
    for one in (page, other):
        one.reload()
        says(one, finished)
    ok("reloaded in the middle of an answer, and opened elsewhere, the chat has the finished answer once")

    MODEL.tick()
    send(page, "A long one")
    stopped = [*finished, ("user", ["A long one"]), ("assistant", [re.compile("^Half of it ?$")])]
    says(page, stopped)
    response = read(f"/conversations/{CONVERSATION}")["running_response_id"]
    page.get_by_role("button", name="Stop", exact=True).click()
    MODEL.was_hung_up(1, seconds=2)
    is_ready(page)
    says(page, stopped)
    page.screenshot(path=f"{FOLDER}/chat-stopped.png")
    # The agent writes its end down after it has hung up.
    with urllib.request.urlopen(urllib.request.Request(
        f"{API}/responses/{response}?stream=true", headers={"authorization": f"Bearer {KEY}"}
    )) as stream:
        stream.read()
    assert read(f"/responses/{response}")["status"] == "cancelled"
    for one in (page, other):
        one.reload()
        is_ready(one)
        says(one, stopped)
    assert not faults, faults
    ok("the stop of the page ends the request to the model")
