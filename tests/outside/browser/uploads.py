"""Uploads as people see them: many files at once on the library's page, each with its progress; what goes wrong, in
words, and the way to try again; pictures that are pasted and dropped while somebody writes; and a session that ends
meanwhile.

uploads.py <byline> <e-mail address> <password> <folder for screenshots>
"""

import json
import re
import sys

from playwright.sync_api import CDPSession, Locator, Page, expect

from chromium import DESKTOP, PHONE, chromium, ok, reported

BYLINE, EMAIL, PASSWORD, FOLDER = sys.argv[1:5]
MIB = 1024 * 1024
GIF = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;"
LARGE = GIF + bytes(6 * MIB)
# Slow enough to see the progress of 6 MiB, in bytes a second.
SLOW = 1_500_000

# A file that is dropped on the text, or pasted into it.
GIVE = """([kind, name, type, size, head]) => {
  const bytes = new Uint8Array(size);
  bytes.set(head);
  const given = new DataTransfer();
  given.items.add(new File([bytes], name, { type }));
  const text = document.querySelector('[data-body]');
  const event = kind === 'drop'
    ? new DragEvent('drop', { dataTransfer: given, bubbles: true, cancelable: true })
    : new ClipboardEvent('paste', { clipboardData: given, bubbles: true, cancelable: true });
  text.dispatchEvent(event);
}"""


def picture(name: str, content: bytes = LARGE) -> dict:
    return {"name": name, "mimeType": "image/gif", "buffer": content}


def sign_in(page: Page, path: str):
    page.goto(f"{BYLINE}/desk/sign-in?next={path}")
    page.fill("input[type=email]", EMAIL)
    page.fill("input[type=password]", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"**{path}")


SESSIONS: dict[Page, CDPSession] = {}


def network(page: Page, offline: bool = False, speed: int = -1):
    """The network of a page, from now on. One session holds it: two would each want something else."""
    if page not in SESSIONS:
        SESSIONS[page] = page.context.new_cdp_session(page)
        SESSIONS[page].send("Network.enable")
    session = SESSIONS[page]
    state = {"offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": speed}
    session.send("Network.emulateNetworkConditions", state)


def row(page: Page, name: str) -> Locator:
    return page.locator("[data-uploads] > li").filter(has_text=name)


def sends(page: Page, name: str):
    """Waits until some of a file is sent, and not all of it."""
    expect(row(page, name)).to_contain_text(re.compile(r"[1-5]\.\d of 6\.3 MB"))
    part = row(page, name).locator("progress").evaluate("bar => bar.value")
    assert 0 < part < 1, part


def choose(page: Page, *files: dict):
    page.set_input_files("input[type=file]", list(files))
    page.get_by_role("button", name="Upload", exact=True).click()


def many_at_once(page: Page):
    page.goto(f"{BYLINE}/desk/media")
    expect(page.get_by_text("videos (MP4, WebM) up to 200")).to_be_visible()
    network(page, speed=SLOW)
    text = {"name": "kelp.png", "mimeType": "image/png", "buffer": b"no picture " * 600_000}
    page.set_input_files("input[type=file]", [picture("rope.gif"), text, picture("dot.gif", GIF)])
    page.get_by_role("button", name="Upload", exact=True).click()
    sends(page, "rope.gif")
    page.screenshot(path=f"{FOLDER}/uploads-progress.png", full_page=True)
    page.set_viewport_size(PHONE)
    page.screenshot(path=f"{FOLDER}/uploads-progress-390.png", full_page=True)
    network(page)
    expect(row(page, "kelp.png")).to_contain_text("not of the kind that its name says")
    for name in ("rope.gif", "dot.gif"):
        expect(row(page, name).get_by_role("link", name="Uploaded: describe it")).to_be_visible()
    page.screenshot(path=f"{FOLDER}/uploads-refused-390.png", full_page=True)
    page.set_viewport_size(DESKTOP)
    page.screenshot(path=f"{FOLDER}/uploads-refused.png", full_page=True)
    # Once nothing is left to decide, the page shows what is there.
    row(page, "kelp.png").get_by_role("button", name="Remove kelp.png").click()
    expect(page.locator("[role=status].notice")).to_contain_text("Uploaded. Open each picture")
    tiles = page.locator(".tiles")
    expect(tiles).to_contain_text("rope.gif")
    expect(tiles).to_contain_text("dot.gif")
    expect(tiles).not_to_contain_text("kelp.png")
    ok("many files at once, each with its progress, and one that is refused in words")


def broken(page: Page):
    """A connection that breaks off, a permission that has run out, and a file that is cancelled."""
    page.goto(f"{BYLINE}/desk/media")
    network(page, speed=SLOW)
    choose(page, picture("torn.gif"))
    sends(page, "torn.gif")
    network(page, offline=True)
    expect(row(page, "torn.gif")).to_contain_text("The connection broke off. Try again.")
    network(page)
    row(page, "torn.gif").get_by_role("button", name="Try again: torn.gif").click()
    expect(page.locator("[role=status].notice")).to_contain_text("Uploaded. Say below")
    assert "/desk/media/media_" in page.url, page.url

    page.goto(f"{BYLINE}/desk/media")

    def run_out(route):
        """The answer to an announcement as somebody has it whose permission has run out."""
        if "announce" not in (route.request.post_data or ""):
            return route.continue_()
        answer = route.fetch()
        told = answer.json()
        told["upload"]["url"] = re.sub(r"X-Amz-Date=\d{8}", "X-Amz-Date=20200101", told["upload"]["url"])
        route.fulfill(response=answer, body=json.dumps(told))

    page.route("**/desk/media", run_out)
    choose(page, picture("late.gif"))
    expect(row(page, "late.gif")).to_contain_text("The time to send it was over")
    page.unroute("**/desk/media")
    page.screenshot(path=f"{FOLDER}/uploads-late.png", full_page=True)
    row(page, "late.gif").get_by_role("button", name="Try again: late.gif").click()
    expect(page.locator("[role=status].notice")).to_contain_text("Uploaded. Say below")

    page.goto(f"{BYLINE}/desk/media")
    network(page, speed=SLOW)
    choose(page, picture("unwanted.gif"))
    sends(page, "unwanted.gif")
    is_cancel = lambda answer: answer.url.endswith("/desk/media") and "action=cancel" in (answer.request.post_data or "")
    with page.expect_response(is_cancel) as cancelled:
        row(page, "unwanted.gif").get_by_role("button", name="Cancel unwanted.gif").click()
    assert cancelled.value.status == 200, cancelled.value.status
    expect(row(page, "unwanted.gif")).to_have_count(0)
    network(page)
    page.reload()
    expect(page.locator(".tiles")).not_to_contain_text("unwanted.gif")
    ok("a broken connection, a permission that has run out, and a cancelled file")


def give(page: Page, kind: str, name: str, size: int, type: str = "image/gif"):
    page.evaluate(GIVE, [kind, name, type, size, list(GIF)])


def while_writing(page: Page):
    page.goto(f"{BYLINE}/desk/posts")
    page.get_by_label("Title of a new post").fill("Ropes of low water")
    page.get_by_role("button", name="New post", exact=True).click()
    body = page.get_by_label("Text, in Markdown")
    body.fill("Before.\n\nAfter.\n")
    body.evaluate("text => text.setSelectionRange(9, 9)")
    expect(page.locator("[data-count]")).to_have_text("2 words")
    network(page, speed=SLOW)
    give(page, "drop", "rope.gif", 6 * MIB)
    expect(body).to_have_value(re.compile(r"Before\.\n\n!\[Uploading rope\.gif …\]\(\)After\."))
    sends(page, "rope.gif")
    page.screenshot(path=f"{FOLDER}/editor-uploading.png", full_page=True)
    # A text is not saved with a placeholder in it.
    address = page.url
    page.get_by_role("button", name="Save", exact=True).click()
    assert "still being sent" in body.evaluate("text => text.validationMessage")
    page.keyboard.press("Control+s")
    assert page.url == address, page.url
    network(page)
    expect(body).to_have_value(re.compile(r"Before\.\n\n!\[\]\(http[^)]+/rope\.gif\)After\."))
    expect(page.locator("[data-uploads] > li")).to_have_count(0)
    expect(page.locator("[data-say]")).to_contain_text("Describe it between the brackets")
    # The caret is where the picture is described; the next one comes behind it.
    give(page, "paste", "dot.gif", len(GIF))
    expect(body).to_have_value(re.compile(r"!\[\]\(http[^)]+/rope\.gif\)\n\n!\[\]\(http[^)]+/dot\.gif\)After\."))
    give(page, "drop", "notes.txt", 100, "text/plain")
    expect(page.locator("[data-say]")).to_contain_text("Only pictures")
    # The slug follows the title of a draft, also without leaving the page.
    page.get_by_label("Title", exact=True).fill("What the tide leaves in winter")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-say]")).to_contain_text("Saved as a new revision")
    expect(page.locator("input[name=slug]")).to_have_value("what-the-tide-leaves-in-winter")
    expect(page.locator("[data-kept]")).to_be_empty()
    ok("pictures that are dropped and pasted while somebody writes")


def signed_out(page: Page):
    """The session ends in another tab. Nothing of the text is lost."""
    address = page.url
    other = page.context.new_page()
    other.goto(f"{BYLINE}/desk/account")
    other.get_by_role("button", name="Sign out", exact=True).first.click()
    body = page.get_by_label("Text, in Markdown")
    body.press("Control+End")
    page.keyboard.type("\nWritten for hours.")
    frame = page.frame_locator("[data-preview] iframe:not([data-next])")
    expect(frame.get_by_text("You are signed out")).to_be_visible()
    expect(page.locator("[data-kept]")).to_contain_text("kept in this browser")
    page.screenshot(path=f"{FOLDER}/editor-signed-out.png", full_page=True)
    give(page, "drop", "late.gif", len(GIF))
    expect(row(page, "late.gif")).to_contain_text("You are signed out")
    row(page, "late.gif").get_by_role("button", name="Remove late.gif").click()
    expect(body).not_to_have_value(re.compile("Uploading"))
    sign_in(other, "/desk")
    other.close()
    page.keyboard.type(" And more.")
    expect(frame.get_by_text("You have signed in again")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("[role=alert]").first).to_contain_text("signed in again")
    expect(body).to_have_value(re.compile("Written for hours"))
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("[role=status].notice")).to_contain_text("Saved as a new revision")
    assert page.url.startswith(address.split("?")[0]), page.url
    ok("a session that ends while somebody writes")


def main(browser):
    context = browser.new_context(viewport=DESKTOP)
    faults = reported(context)
    page = context.new_page()
    # A page that asks whether to leave it is left.
    page.on("dialog", lambda dialog: dialog.accept())
    sign_in(page, "/desk/media")
    for walk in (many_at_once, broken, while_writing, signed_out):
        walk(page)
        assert not faults, (walk.__name__, faults)
    context.close()


with chromium() as opened:
    main(opened)
