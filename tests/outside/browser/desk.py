"""Every page of the Desk: accessible (axe-core) on a phone and a desk, in light and dark, with scripts and without;
readable at 320 pixels and at twice the size of text; small; without a fault of its own policy.

desk.py <byline> <plan> <folder for screenshots> <views>

The plan is JSON: a list of visitors, each with "email" (null for somebody who is not signed in), "password" and
"pages": a list of {"name", "path", "status"}. The views are those that axe-core looks at, such as "390-light 1280-dark".
"""

import gzip
import json
import sys

import axe
from chromium import DESKTOP, PHONE, chromium, ok
from playwright.sync_api import BrowserContext, Page, Response

BYLINE, PLAN, FOLDER, VIEWS = sys.argv[1], json.loads(sys.argv[2]), sys.argv[3], sys.argv[4].split()
WINDOWS = {"390": PHONE, "1280": DESKTOP}
NARROW = {"width": 320, "height": 640}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# Sizes as they travel, in bytes.
PAGE, STYLE, SCRIPTS = 60_000, 10_000, 15_000

# The width of what is on the page, and the elements that reach beyond the window.
WIDE = """() => [document.documentElement.scrollWidth, [...document.querySelectorAll('body *')]
  .filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
  .map((e) => e.outerHTML.slice(0, 120)).slice(0, 5)]"""

# The words of closed lists that are longer than the list, beside its arrow of 20 pixels.
CUT = """() => {
  const pen = document.createElement('canvas').getContext('2d');
  return [...document.querySelectorAll('select')].filter((list) => list.checkVisibility()).flatMap((list) => {
    const style = getComputedStyle(list);
    pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    const room = list.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - 20;
    return [...list.options].map((option) => option.text).filter((text) => pen.measureText(text).width > room);
  });
}"""


def state_of(browser, visitor: dict) -> dict | None:
    """The cookies of somebody who has signed in on the page for it."""
    if not visitor["email"]:
        return None
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{BYLINE}/desk/sign-in")
    page.fill("input[type=email]", visitor["email"])
    page.fill("input[type=password]", visitor["password"])
    page.get_by_role("button", name="Sign in", exact=True).click()
    assert "/desk/sign-in" not in page.url, page.inner_text("body")
    state = context.storage_state()
    context.close()
    return state


def visit(page: Page, target: dict) -> Response:
    answer = page.goto(BYLINE + target["path"])
    assert answer.status == target["status"], (target, answer.status, page.inner_text("body"))
    # A preview loads after the page; the frame that is shown is the one that has loaded.
    if page.locator("[data-preview]:not([hidden])").count():
        page.wait_for_selector("[data-preview] iframe:not([data-next])")
    return answer


def check_policy(answer: Response):
    """One's own scripts and styles alone, no frame around it, and a referrer that keeps `Origin` on forms."""
    headers = answer.all_headers()
    policy = headers["content-security-policy"]
    for refused in ("unsafe", "*"):
        assert refused not in policy, policy
    assert "default-src 'none'" in policy and "base-uri 'none'" in policy, policy
    assert "frame-ancestors 'none'" in policy and "no-store" in headers["cache-control"], headers
    # A shared preview runs no script and sends no form, and its address goes nowhere.
    is_shared = answer.url.startswith(f"{BYLINE}/preview/")
    assert headers["referrer-policy"] == ("no-referrer" if is_shared else "same-origin"), headers
    assert ("form-action 'none'" if is_shared else "require-trusted-types-for 'script'") in policy, policy


def check_sizes(context: BrowserContext, answer: Response, loaded: list[Response]):
    def size(body: bytes) -> int:
        return len(gzip.compress(body, 9))

    def all_of(kind: str) -> int:
        # The preview loads the style sheet once more, from the browser's cache.
        files = {response.url for response in loaded if response.request.resource_type == kind}
        return sum(size(context.request.get(file).body()) for file in files)

    styles, scripts = all_of("stylesheet"), all_of("script")
    assert size(answer.body()) <= PAGE, (answer.url, size(answer.body()))
    assert 0 < styles <= STYLE and scripts <= SCRIPTS, (answer.url, styles, scripts)


def beyond(page: Page, target: dict, what: str) -> list[str]:
    wide, elements = page.evaluate(WIDE)
    width = page.viewport_size["width"]
    return [f"{target['path']} at {what} is {wide} pixels wide: {elements}"] if wide > width else []


def behaves(context: BrowserContext, target: dict) -> list[str]:
    """Opens a page as everybody does, and holds it to its policy, its sizes and narrow windows: its faults."""
    page = context.new_page()
    faults: list[str] = []
    loaded: list[Response] = []
    page.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("response", lambda response: loaded.append(response))
    answer = visit(page, target)
    check_policy(answer)
    check_sizes(context, answer, loaded)
    if target["status"] >= 400:
        # The browser reports the status itself.
        faults = [fault for fault in faults if "Failed to load resource" not in fault]
    page.set_viewport_size(NARROW)
    found = beyond(page, target, "320 pixels (WCAG 1.4.10)")
    page.screenshot(path=f"{FOLDER}/{target['name']}-320.png", full_page=True)
    page.set_viewport_size(PHONE)
    found += [f"{target['path']}: a list cuts off {words!r}" for words in page.evaluate(CUT)]
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)
        page.evaluate("() => document.documentElement.style.fontSize = '200%'")
        found += beyond(page, target, f"twice the size of text in {size['width']} pixels (WCAG 1.4.4)")
        page.evaluate("() => document.documentElement.style.fontSize = ''")
    page.close()
    return found + [f"{target['path']}: {fault}" for fault in faults]


def is_accessible(context: BrowserContext, target: dict, script: str) -> list[str]:
    """What axe-core finds on a page, and in the frame of its preview, which runs no script: a page of its own
    shows what is in it."""
    page = context.new_page()
    framed: list[Response] = []
    page.on("response", lambda response: framed.append(response) if "/desk/preview" in response.url else None)
    visit(page, target)
    found = examined(page, target, script)
    if framed:
        body = framed[-1].body()
        page.close()
        page = context.new_page()
        page.route("**/desk/framed", lambda route: route.fulfill(body=body, content_type="text/html; charset=utf-8"))
        page.goto(f"{BYLINE}/desk/framed")
        frame = target | {"path": f"the preview in {target['path']}", "name": f"{target['name']}-frame"}
        found += examined(page, frame, script)
        page.set_viewport_size(NARROW)
        found += beyond(page, frame, "320 pixels (WCAG 1.4.10)")
    page.close()
    return found


def examined(page: Page, target: dict, script: str) -> list[str]:
    """What axe-core finds in each view. Its own script is let through the policy of the page."""
    page.evaluate(script)
    found = []
    for view in VIEWS:
        window, scheme = view.split("-")
        page.set_viewport_size(WINDOWS[window])
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=f"{FOLDER}/{target['name']}-{view}.png", full_page=True)
        result = page.evaluate("(tags) => axe.run({ runOnly: tags })", RULES)
        for fault in result["violations"]:
            for node in fault["nodes"]:
                found.append(f"{target['path']} {view}: {fault['id']}: {node['failureSummary']} {node['html'][:200]}")
    return found


def works_without_scripts(context: BrowserContext, target: dict):
    page = context.new_page()
    visit(page, target)
    assert page.locator("main").inner_text().strip(), target
    menu = page.get_by_role("button", name="Menu", exact=True)
    if menu.count():
        menu.click()
        assert page.get_by_role("button", name="Sign out", exact=True).first.is_visible(), target
    page.close()


def main(browser):
    script = axe.path().read_text()
    found = []
    for visitor in PLAN:
        state = state_of(browser, visitor)
        open_context = lambda **options: browser.new_context(viewport=DESKTOP, storage_state=state, **options)
        strict, tested = open_context(), open_context(bypass_csp=True, reduced_motion="reduce")
        plain = browser.new_context(viewport=PHONE, storage_state=state, java_script_enabled=False)
        for target in visitor["pages"]:
            found += behaves(strict, target)
            found += is_accessible(tested, target, script)
            works_without_scripts(plain, target)
            ok(f"{visitor['email']} {target['path']}")
        for context in (strict, tested, plain):
            context.close()
    assert not found, "\n".join(dict.fromkeys(found))


with chromium() as opened:
    main(opened)
