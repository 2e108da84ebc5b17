"""A person talks with the built-in agent of Byline, whose model is a real one.

talk.py <byline> <folder with node_modules> <model file>

It starts the model's server and Byline, both on loopback, and prints what is said and called. It checks statuses,
calls, tokens, a hang-up, and that readers see the same as before. It does not judge what the model says.
"""

import contextlib
import json
import os
import re
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

SERVER = Path(__file__).parent / "server.mjs"
PASSWORD = "a long password for a short time"
ADMIN, AUTHOR = "admin@example.com", "author@example.com"
TITLE = "Apples in October"
# A busy machine is slow. Nothing here takes as long if it works.
PATIENCE = 300


class Byline:
    def __init__(self, url: str):
        self.url, self.token = url, None

    def request(self, method: str, path: str, body: dict | None) -> urllib.request.Request:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, method=method)
        request.add_header("content-type", "application/json")
        if self.token:
            request.add_header("authorization", f"Bearer {self.token}")
        return request

    def ask(self, method: str, path: str, body: dict | None = None, status: int = 200):
        """What the API answers: JSON, if it is. The status is to be this one."""
        request = self.request(method, path, body)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                got, text = answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            got, text = error.code, error.read().decode()
        assert got == status, f"{method} {path}: {got} {text}"
        return json.loads(text) if text.startswith("{") else text

    def events(self, body: dict):
        """The events of an answer of the agent, as they come."""
        request = self.request("POST", "/v1/responses", body | {"stream": True})
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            for line in answer:
                if line.startswith(b"data:"):
                    yield json.loads(line.removeprefix(b"data:"))

    def sign_in(self, email: str) -> "Byline":
        person = Byline(self.url)
        body = {"email": email, "password": PASSWORD}
        person.token = person.ask("POST", "/v1/auth/login", body)["access_token"]
        return person


@contextlib.contextmanager
def started(command: list, url: str, folder: str, **environment: str):
    """Runs a server in a folder, and gives what it prints that matches `url`."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith("BYLINE_")}
    process = subprocess.Popen(
        command, cwd=folder, env=variables | environment, text=True, stdout=subprocess.PIPE
    )
    try:
        found = next((match for line in process.stdout if (match := re.search(url, line))), None)
        assert found, f"{command[0]} did not start"
        # What else it prints is read, so that it never waits for that.
        threading.Thread(target=process.stdout.read, daemon=True).start()
        yield found[1]
    finally:
        process.terminate()
        process.wait()


def until(what: str, condition):
    """Waits until something is so."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.1)
    raise AssertionError(f"it never happened: {what}")


def read(url: str) -> str:
    with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
        return answer.read().decode()


def invite(admin: Byline, email: str) -> Byline:
    admin.ask("POST", "/v1/users/invitations", {"email": email, "role": "author"}, 201)
    link = re.compile(r"/desk/accept-invitation\?token=([\w-]+)")
    found = until("an invitation arrives", lambda: link.search(read(f"{admin.url}/_local/mail")))
    body = {"token": found[1], "password": PASSWORD, "name": "Ada"}
    admin.ask("POST", "/v1/auth/accept-invitation", body)
    return admin.sign_in(email)


def publish(admin: Byline, title: str, body: str):
    post = admin.ask("POST", "/v1/manage/posts", {"title": title, "body": body}, 201)
    revision = {"revision_id": post["revision_id"]}
    admin.ask("POST", f"/v1/manage/posts/{post['id']}/publish", revision)


def live(byline: Byline) -> list[str]:
    """All that readers see."""
    posts = json.loads(read(f"{byline.url}/v1/posts"))["items"]
    return [read(f"{byline.url}/v1/posts/{post['slug']}") for post in posts]


def say(person: Byline, conversation: str, text: str) -> tuple[list, int]:
    """A turn. Returns the calls of the agent, and how many tokens it took."""
    print(f"\nAda: {text}", flush=True)
    body = {"model": "any", "input": text, "conversation": conversation}
    response = person.ask("POST", "/v1/responses", body)
    calls = [item for item in response["output"] if item["type"] == "mcp_call"]
    said = [item["content"][0]["text"] for item in response["output"] if item["type"] == "message"]
    for call in calls:
        print(f"  calls {call['name']} with {' '.join(call['arguments'].split())}: {call['status']}")
    for message in said:
        print(f"Agent: {message}")
    usage = response["usage"]
    counts = f"{usage['input_tokens']} tokens in, {usage['output_tokens']} out"
    print(f"  {response['status']}: {counts}", flush=True)
    assert response["status"] == "completed", response
    assert all(item["status"] == "completed" for item in response["output"]), response["output"]
    assert usage["input_tokens"] > 0 and usage["output_tokens"] > 0, usage
    assert said, "it said nothing"
    return calls, usage["total_tokens"]


def answers(server: str) -> list[dict]:
    """What the model's server was asked, and how its answers ended."""
    return json.loads(read(f"{server}/answers"))


def hold(person: Byline, server: str) -> int:
    """A conversation of three turns. Returns what it took, in tokens."""
    conversation = person.ask("POST", "/v1/conversations", {"metadata": {"mode": "draft"}})["id"]
    calls, first = say(person, conversation, 'Use search to find posts with the word "apples".')
    assert [call["name"] for call in calls] == ["search"], calls
    found = {post["title"] for post in json.loads(calls[0]["output"])["results"]}
    assert found <= {TITLE}, found
    calls, second = say(person, conversation, "Use post_create_draft to write a draft about pears.")
    assert [call["name"] for call in calls] == ["post_create_draft"], calls
    drafts = person.ask("GET", "/v1/manage/posts?status=draft")["items"]
    wanted = json.loads(calls[0]["arguments"])["title"].strip()
    assert [draft["title"] for draft in drafts] == [wanted], drafts
    calls, third = say(person, conversation, "Thank you! What is a good headline?")
    assert not calls, calls
    items = person.ask("GET", f"/v1/conversations/{conversation}/items?limit=100")["data"]
    assert len(items) == 3 + 3 + 2, items
    asked = answers(server)
    assert [answer["tool"] for answer in asked] == ["search", None, "post_create_draft", None, None], asked
    assert all(answer["pieces"] > 1 for answer in asked), asked
    turn = ["user", "assistant", "tool", "assistant"]
    assert asked[-1]["roles"] == ["system", *turn, *turn, "user"], asked[-1]
    taken = sum(answer["usage"]["total_tokens"] for answer in asked)
    assert first + second + third == taken, (first, second, third, asked)
    return taken


def tokens(person: Byline) -> int:
    """What the person took this month."""
    return person.ask("GET", "/v1/agent")["usage"]["own"]["tokens"]


def ask_for_a_long_story(person: Byline) -> dict:
    """The body of a request in a conversation of its own."""
    conversation = person.ask("POST", "/v1/conversations", {})["id"]
    text = "Write a very long story about a gardener and her hundred trees. Tell of every tree."
    print(f"\nAda: {text}", flush=True)
    return {"model": "any", "input": text, "conversation": conversation}


def was_hung_up(person: Byline, server: str, taken: int, what: str) -> int:
    """Waits until the model's server stops. Returns what the person took with that, in tokens."""
    def ended() -> dict | None:
        last = answers(server)[-1]
        return None if last["end"] == "speaking" else last

    last = until("the model's server notices", ended)
    assert last["end"] == "hung up", last
    # More than that was reserved.
    until("what was said is counted", lambda: taken < tokens(person) < taken + 5000)
    print(f"  Ada {what}: hung up after {last['pieces']} pieces")
    return tokens(person)


def stop(person: Byline, server: str, taken: int) -> int:
    """Stops the agent while its model speaks."""
    events = person.events(ask_for_a_long_story(person))
    id = next(events)["response"]["id"]
    heard = [next(event["delta"] for event in events if event["type"] == "response.output_text.delta")]
    stopped = person.ask("POST", f"/v1/responses/{id}/cancel", {})
    assert stopped["status"] == "cancelled", stopped
    rest = list(events)
    heard += [event["delta"] for event in rest if event["type"] == "response.output_text.delta"]
    assert rest[-1]["type"] == "response.incomplete" and rest[-1]["response"] == stopped, rest[-1]
    assert "".join(heard) == stopped["output"][0]["content"][0]["text"], (heard, stopped)
    print(f"Agent: {' '.join(''.join(heard).split())} …")
    return was_hung_up(person, server, taken, "stops the agent")


def delete(person: Byline, server: str, taken: int) -> int:
    """Deletes a conversation while the model speaks in it."""
    before = len(answers(server))
    body = ask_for_a_long_story(person)
    asking = ThreadPoolExecutor().submit(person.ask, "POST", "/v1/responses", body, 404)
    until("the model speaks", lambda: len(asked := answers(server)) > before and asked[-1]["pieces"] > 4)
    person.ask("DELETE", f"/v1/conversations/{body['conversation']}")
    asking.result()
    return was_hung_up(person, server, taken, "deletes the conversation")


def main(byline: str, folder: str, model: str):
    byline = os.path.abspath(byline)
    with contextlib.ExitStack() as servers:
        command = ["node", str(SERVER), folder, model]
        server = servers.enter_context(started(command, r"(http://\S+)", folder))
        variables = {
            "BYLINE_ADMIN_PASSWORD": PASSWORD,
            "BYLINE_AGENT_PROVIDER": "openai",
            "BYLINE_AGENT_BASE_URL": f"{server}/v1",
            "BYLINE_AGENT_MODEL": "smollm2-135m",
        }
        command = [byline, "--memory", "--port", "0", "--admin-email", ADMIN]
        url = servers.enter_context(started(command, r"API +(http://\S+)", folder, **variables))
        admin = Byline(url).sign_in(ADMIN)
        publish(admin, TITLE, "Apples keep for months in a cold cellar.\n")
        author = invite(admin, AUTHOR)
        before = live(admin)
        assert len(before) == 1, before
        taken = hold(author, server)
        assert tokens(author) == taken, (tokens(author), taken)
        delete(author, server, stop(author, server, taken))
        assert live(admin) == before, "readers see something else"
        print(f"\nok: {taken} tokens in three turns, all counted; readers see what they saw before")


if __name__ == "__main__":
    main(*sys.argv[1:4])
