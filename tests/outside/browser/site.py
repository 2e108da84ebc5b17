"""A page on `http://localhost:3000` signs in, and reads and writes posts, with nothing but fetch. The
same page on another origin is refused.

site.py <byline> <email> <password> <folder for screenshots>
"""

import json
import sys
from pathlib import Path
from urllib.parse import urlencode

from chromium import DESKTOP, chromium, ok, serve

BYLINE, EMAIL, PASSWORD, FOLDER = sys.argv[1:5]
PAGES = {"/": (Path(__file__).parent / "site.html").read_text()}
# The origins that are let in where nobody says otherwise; something else may have the first port.
LISTED = [3000, 5173]


def outcome(browser, origin: str, name: str) -> tuple[dict, list[str]]:
    page = browser.new_page(viewport=DESKTOP)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{origin}/#" + urlencode({"byline": BYLINE, "email": EMAIL, "password": PASSWORD}))
    page.wait_for_function("() => document.getElementById('outcome').textContent !== 'working'")
    page.screenshot(path=f"{FOLDER}/site-{name}.png")
    found = json.loads(page.inner_text("#outcome"))
    page.close()
    return found, said


def on_a_listed_port(browser):
    for port in LISTED:
        try:
            with serve(PAGES, port):
                found, said = outcome(browser, f"http://localhost:{port}", "listed")
        except OSError:
            print(f"port {port} is taken")
            continue
        assert "error" not in found, (found, said)
        assert found["body"] == "One, *two*.\n" and found["listed"] is True, found
        assert found["etag"] == '"v1"' and found["id"], f"a header is hidden: {found}"
        ok(f"a page on http://localhost:{port} signs in, reads and writes")
        return
    raise AssertionError(f"none of the ports {LISTED} is free")


def elsewhere(browser):
    with serve(PAGES) as port:
        for host in ("localhost", "127.0.0.1"):
            found, said = outcome(browser, f"http://{host}:{port}", f"refused-{host}")
            assert found == {"error": "TypeError: Failed to fetch"}, found
            assert any("CORS policy" in line for line in said), said
    ok("the same page elsewhere is refused by CORS")


with chromium() as browser:
    on_a_listed_port(browser)
    elsewhere(browser)
