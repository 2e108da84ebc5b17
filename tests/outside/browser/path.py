"""What people do at the Desk, from end to end: from the link that a new Byline prints to a published post with a
picture, with the steps counted; by keyboard alone; on a phone without scripts; and who saves again and again without
leaving the page.

path.py first|keyboard|phone|saves <byline> <link that signs the admin in> <plan> <folder for screenshots>

The plan is JSON: "email" and "password" of an editor, "proposal" and "live" (the path of a proposal that waits, and of the
post as readers get it from the API), "phone" (the same two for the walk without scripts).
"""

import json
import re
import sys
import urllib.error
import urllib.request
from datetime import datetime, timedelta, timezone

from playwright.sync_api import BrowserContext, Page, expect

from chromium import DESKTOP, PHONE, chromium, ok

WALK, BYLINE, LINK, PLAN, FOLDER = *sys.argv[1:4], json.loads(sys.argv[4]), sys.argv[5]
MOST_STEPS = 12
DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c63f8ffff3f0005fe02fea73581840000000049454e44ae426082"
)
PICTURE = {"name": "kelp.png", "mimeType": "image/png", "buffer": DOT}


def live(slug: str) -> dict | None:
    """The post as readers get it; none if nothing is live."""
    try:
        with urllib.request.urlopen(f"{BYLINE}/v1/posts/{slug}") as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        assert error.code == 404, error
        return None


def strict(context: BrowserContext) -> list[str]:
    """Collects what the browser reports: a violation of the policy, a fault of a script."""
    faults: list[str] = []
    context.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") else None)
    context.on("weberror", lambda error: faults.append(str(error.error)))
    return faults


class Steps:
    """Counts clicks and fields as a person makes them."""

    def __init__(self, page: Page):
        self.page, self.count = page, 0

    def click(self, role: str, name: str):
        self.count += 1
        self.page.get_by_role(role, name=name, exact=True).first.click()

    def fill(self, label: str, text: str):
        self.count += 1
        self.page.get_by_label(label, exact=True).fill(text)


def first_post(browser):
    """From the printed link to a published post with a picture."""
    context = browser.new_context(viewport=DESKTOP)
    faults = strict(context)
    page = context.new_page()
    steps = Steps(page)
    page.goto(LINK)
    steps.count += 1  # the link itself
    steps.click("button", "Sign in")
    page.screenshot(path=f"{FOLDER}/path-first-run.png", full_page=True)
    steps.click("link", "Write a post")
    steps.fill("Title of a new post", "What the tide leaves")
    steps.click("button", "New post")
    steps.fill("Text, in Markdown", "At low water the beach is a list of small things.\n\n")
    page.get_by_label("Text, in Markdown").press("End")
    with page.expect_file_chooser() as chooser:
        steps.click("button", "Picture")
    chooser.value.set_files(PICTURE)
    steps.count += 1  # the file is chosen
    body = page.get_by_label("Text, in Markdown")
    expect(body).to_have_value(re.compile(r"!\[\]\(http"))
    steps.click("button", "Save")
    expect(page.locator("[role=status].notice")).to_contain_text("Saved as a new revision")
    steps.click("link", "Go live…")
    steps.click("button", "Publish")
    expect(page.locator("[role=status].notice")).to_contain_text("Readers see it now")
    page.screenshot(path=f"{FOLDER}/path-published.png", full_page=True)
    expect(page.get_by_role("link", name="See it on the website")).to_be_visible()
    post = live("what-the-tide-leaves")
    assert post and "<img" in post["body_html"] and "small things" in post["body_html"], post
    assert steps.count <= MOST_STEPS, f"{steps.count} steps"
    assert not faults, faults
    context.close()
    ok(f"a published post with a picture takes {steps.count} clicks and fields")


def tab_to(page: Page, selector: str, most: int = 80):
    """Moves the focus with the Tab key alone, as somebody without a mouse does."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement?.matches(wanted)", selector):
            return
    raise AssertionError(f"{selector} is not reached by the Tab key on {page.url}")


def press(page: Page, key: str = "Enter"):
    """A key that leads to another page."""
    with page.expect_navigation():
        page.keyboard.press(key)


def by_keyboard(browser):
    """Sign in, read what waits, approve and publish; write, save, publish. No mouse, no pointer."""
    context = browser.new_context(viewport=DESKTOP)
    faults = strict(context)
    page = context.new_page()
    page.goto(f"{BYLINE}/desk")
    tab_to(page, "input[type=email]")
    page.keyboard.type(PLAN["email"])
    tab_to(page, "input[type=password]")
    page.keyboard.type(PLAN["password"])
    press(page)
    for _ in range(30):
        page.keyboard.press("j")
        if page.evaluate("() => document.activeElement?.getAttribute('href')") == PLAN["proposal"]:
            break
    press(page)
    assert page.url.endswith(PLAN["proposal"]), page.url
    expect(page.locator(".prose :is(ins, .block-added)").first).to_be_visible()
    page.keyboard.press("a")
    focused = page.evaluate("() => document.activeElement.textContent.trim()")
    assert focused == "Approve and publish", focused
    press(page)
    expect(page.locator("[role=status].notice")).to_contain_text("Readers see it now")
    assert "two gloves" in live(PLAN["live"])["body_html"]

    tab_to(page, "a[href='/desk/posts']")
    press(page)
    tab_to(page, "#title")
    page.keyboard.type("By hand")
    press(page)
    tab_to(page, "#body")
    page.keyboard.type("One line.\nAnd ")
    page.keyboard.press("Control+b")
    page.keyboard.type("another")
    page.keyboard.press("End")
    caret = "() => [document.activeElement.id, document.activeElement.selectionStart, document.activeElement.scrollTop]"
    before, address = page.evaluate(caret), page.url
    page.keyboard.press("Control+s")
    expect(page.locator("[data-say]")).to_contain_text("Saved as a new revision")
    assert page.evaluate(caret) == before, "the caret stays where it was"
    assert page.url == address.split("?")[0], "the page stays, without the notice of what was done before"
    page.keyboard.type(" more.")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-say]")).to_contain_text("Saved as a new revision")
    expect(page.locator("[data-kept]")).to_be_empty()
    tab_to(page, "a[data-latest]", 120)
    press(page)
    tab_to(page, "button[value=publish]")
    press(page)
    expect(page.locator("[role=status].notice")).to_contain_text("Readers see it now")
    html = live("by-hand")["body_html"]
    assert "<strong>another</strong>" in html and "more." in html, html
    assert not faults, faults
    context.close()
    ok("sign in, decide, write, save and publish by keyboard alone")


def without_scripts(browser):
    """The same on a phone that runs no scripts, with an upload and a schedule."""
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    press_button = lambda name: page.get_by_role("button", name=name, exact=True).first.click()
    page.goto(f"{BYLINE}/desk")
    page.fill("input[type=email]", PLAN["email"])
    page.fill("input[type=password]", PLAN["password"])
    press_button("Sign in")
    page.locator(f"a[href='{PLAN['phone']['proposal']}']").click()
    shown = [page.locator(f".prose {mark}").first.inner_text() for mark in ("del", "ins")]
    assert "10" in shown[0] and "12" in shown[1], shown
    page.screenshot(path=f"{FOLDER}/path-phone-review.png", full_page=True)
    press_button("Approve and publish")
    assert "Readers see it now" in page.locator("[role=status]").inner_text()
    assert "12 euros" in live(PLAN["phone"]["live"])["body_html"]

    page.goto(f"{BYLINE}/desk/media")
    page.set_input_files("input[type=file]", {**PICTURE, "name": "rope.png"})
    press_button("Upload")
    page.get_by_label("Alternative text").fill("A blue rope")
    press_button("Save")
    address = page.locator("dl a").first.inner_text()
    page.goto(f"{BYLINE}/desk/posts")
    page.get_by_label("Title of a new post").fill("Winter ropes")
    press_button("New post")
    page.get_by_label("Text, in Markdown").fill(f"Seen.\n\n![A blue rope]({address})\n")
    press_button("Save")
    assert "Saved as a new revision" in page.locator("[role=status].notice").inner_text()
    page.get_by_role("link", name="Go live…").click()
    page.screenshot(path=f"{FOLDER}/path-phone-go-live.png", full_page=True)
    page.get_by_role("group").locator("summary").first.click()
    at = datetime.now(timezone.utc) + timedelta(hours=3)
    page.get_by_label("Goes live at").fill(at.strftime("%Y-%m-%dT%H:%M"))
    press_button("Schedule")
    text = page.locator("main").inner_text()
    assert "Scheduled. It goes live" in text and "This text goes live" in text, text
    assert live("winter-ropes") is None, "it is not due yet"
    context.close()
    ok("a phone without scripts: decide, write, upload, save, schedule")


def saves(browser):
    """Ctrl+S again and again: each save is a revision on top of the one before, and what is saved can be left."""
    context = browser.new_context(viewport=DESKTOP)
    faults = strict(context)
    page = context.new_page()
    asked: list[str] = []

    def stay(dialog):
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.goto(f"{BYLINE}/desk/posts")
    page.fill("input[type=email]", PLAN["email"])
    page.fill("input[type=password]", PLAN["password"])
    page.get_by_role("button", name="Sign in", exact=True).first.click()
    page.get_by_label("Title of a new post", exact=True).fill("Saved twice")
    page.get_by_role("button", name="New post", exact=True).click()
    body = page.get_by_label("Text, in Markdown", exact=True)
    body.click()
    page.evaluate("() => { window.isTheSame = true; }")
    revisions = []
    for text in ("First words.", " Later words."):
        page.keyboard.press("Control+End")
        page.keyboard.type(text)
        with page.expect_response(lambda answer: answer.request.method == "POST") as saved:
            page.keyboard.press("Control+s")
        assert saved.value.status == 200, f"{saved.value.status}: {saved.value.text()}"
        revisions.append(saved.value.json()["revision_id"])
        expect(page.locator("[data-say]")).to_contain_text("Saved as a new revision")
        expect(page.locator("form[data-editor] input[name=revision_id]")).to_have_value(revisions[-1])
        expect(page.locator("[data-kept]")).to_be_empty()
        expect(page.get_by_role("alert")).to_have_count(0)
    expect(body).to_have_value("First words. Later words.")
    assert revisions[0] != revisions[1], revisions
    page.screenshot(path=f"{FOLDER}/path-saved-twice.png", full_page=True)

    history = page.get_by_role("link", name="History", exact=True)
    page.keyboard.type("!")
    history.click(no_wait_after=True)
    page.wait_for_function("() => window.isTheSame")
    assert asked == ["beforeunload"], f"{asked}: what is not saved is not left without a question"
    body.click()
    page.keyboard.press("Control+End")
    page.keyboard.press("Backspace")
    with page.expect_navigation():
        history.click()
    assert asked == ["beforeunload"], f"{asked}: what is saved is left without one"
    expect(page.locator("select[name=from] option")).to_have_count(3)
    page.goto(f"{page.url.split('?')[0]}?from={revisions[0]}&to={revisions[1]}")
    expect(page.locator("ol.diff")).to_contain_text("First words. Later words.")
    assert not faults, faults
    context.close()
    ok("Ctrl+S twice makes two revisions, with no conflict and no warning")


WALKS = {"first": first_post, "keyboard": by_keyboard, "phone": without_scripts, "saves": saves}
with chromium() as opened:
    WALKS[WALK](opened)
