"""Debian's Chromium, driven by Playwright, and small web servers for what it is to open."""

import shutil
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from playwright.sync_api import Browser, BrowserContext, sync_playwright

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}


@contextmanager
def chromium():
    """The system's Chromium. Nothing that it does for itself goes out to the network."""
    path = shutil.which("chromium")
    quiet = [
        "--no-sandbox",  # it may be root that runs the tests
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
    ]
    with sync_playwright() as playwright:
        browser: Browser = playwright.chromium.launch(executable_path=path, args=quiet)
        try:
            yield browser
        finally:
            browser.close()


def reported(context: BrowserContext) -> list[str]:
    """What the browser reports, but for answers and connections that a walk breaks itself."""
    faults: list[str] = []

    def tell(said):
        if said.type in ("error", "warning") and "Failed to load resource" not in said.text:
            faults.append(said.text)

    context.on("console", tell)
    context.on("weberror", lambda error: faults.append(str(error.error)))
    return faults


@contextmanager
def serve(pages: dict[str, str], port: int = 0):
    """Serves pages on the loopback interface, and says on which port. `OSError` if it is taken."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            page = pages.get(self.path.split("?")[0])
            # Browsers ask for an icon whenever they like; that there is none is no error of a page.
            no_icon = self.path == "/favicon.ico"
            self.send_response(200 if page else 204 if no_icon else 404)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write((page or "").encode())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def ok(what: str):
    print(f"ok: {what}", flush=True)
