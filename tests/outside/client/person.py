"""A person at a browser, without one: reads pages, fills in their forms, follows where they lead."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx2

# What stands on a button that goes on, or what it sends. One that ends the matter is not pressed.
GO_ON = re.compile(r"allow|approve|authori[sz]e|continue|sign in|log in", re.I)
END = re.compile(r"deny|cancel|refuse|decline|reject|not|another|sign out", re.I)


@dataclass
class Form:
    action: str
    method: str
    fields: list[tuple[str, str, str]] = field(default_factory=list)  # type, name, value
    buttons: list[tuple[str, str, str]] = field(default_factory=list)  # name, value, text


class Page(HTMLParser):
    """The forms of a page, with the fields that a browser would send with every box ticked."""

    def __init__(self, html: str):
        super().__init__()
        self.forms: list[Form] = []
        self.text = ""
        self._button: tuple[str, str] | None = None
        self._button_text = ""
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get").lower()))
        elif not self.forms or "disabled" in given:
            return
        elif tag == "input":
            kind = given.get("type", "text")
            name, value = given.get("name", ""), given.get("value", "")
            if kind == "submit":
                self.forms[-1].buttons.append((name, value, value))
            elif kind == "checkbox":
                self.forms[-1].fields.append((kind, name, value or "on"))
            elif name:
                self.forms[-1].fields.append((kind, name, value))
        elif tag == "button" and given.get("type", "submit") == "submit":
            self._button = (given.get("name", ""), given.get("value", ""))
            self._button_text = ""

    def handle_endtag(self, tag):
        if tag == "button" and self._button:
            name, value = self._button
            self.forms[-1].buttons.append((name, value, self._button_text.strip()))
            self._button = None

    def handle_data(self, data):
        self.text += data
        if self._button:
            self._button_text += data


class Person:
    """Has an account, and says yes to all that is asked. Keeps cookies from one visit to the next."""

    def __init__(self, email: str, password: str):
        self.email, self.password = email, password
        self.browser = httpx2.AsyncClient(follow_redirects=False)
        self.pages: list[str] = []

    async def visit(self, url: str, redirect_uri: str) -> dict[str, str]:
        """Goes on from `url` until the browser is sent to `redirect_uri`, and returns what was sent
        with it."""
        request = self.browser.build_request("GET", url)
        for _ in range(10):
            answer = await self.browser.send(request)
            if answer.is_redirect:
                # A 307 would send the password on.
                assert answer.status_code in (302, 303), answer.status_code
                target = urljoin(str(request.url), answer.headers["location"])
                if target.split("?")[0] == redirect_uri:
                    given = parse_qs(urlsplit(target).query, strict_parsing=True)
                    assert all(len(values) == 1 for values in given.values()), target
                    return {name: values[0] for name, values in given.items()}
                assert urlsplit(target).netloc == urlsplit(url).netloc, f"sent away to {target}"
                request = self.browser.build_request("GET", target)
                continue
            assert answer.status_code == 200, f"{answer.status_code}: {answer.text}"
            assert answer.headers["content-type"].startswith("text/html"), answer.headers
            self.pages.append(answer.text)
            request = self._fill_in(answer)
        raise AssertionError("the pages go round in circles")

    def _fill_in(self, answer: httpx2.Response) -> httpx2.Request:
        page = Page(answer.text)
        chosen = None
        for form in page.forms:
            buttons = [b for b in form.buttons if not END.search(f"{b[1]} {b[2]}")]
            buttons = [b for b in buttons if GO_ON.search(f"{b[1]} {b[2]}")] or buttons
            if buttons:
                chosen = (form, buttons[0])
                break
        assert chosen, f"nothing to go on with: {answer.text}"
        form, (name, value, _) = chosen
        data: dict[str, list[str]] = {}
        for kind, field_name, field_value in form.fields:
            if kind == "password":
                field_value = self.password
            elif kind == "email":
                field_value = self.email
            data.setdefault(field_name, []).append(field_value)
        if name:
            data.setdefault(name, []).append(value)
        target = urljoin(str(answer.url), form.action) if form.action else str(answer.url)
        assert form.method == "post", "a password or a consent does not belong into an address"
        # A browser says where a form was sent from.
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(str(answer.url)))
        return self.browser.build_request("POST", target, data=data, headers={"origin": origin})
