"""The official Python client, from nothing but the URL of an MCP endpoint: it discovers, registers,
signs in with PKCE, has a person consent, calls tools, steps up to a further scope, refreshes and
revokes. Each thing that works prints a line.

client.py <url> <email> <password> <modern|legacy> [<client metadata URL>]
"""

import asyncio
import logging
import sys

import httpx2
from mcp import Client, types
from mcp.client.auth import OAuthClientProvider, TokenStorage
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import AuthorizationCodeResult, OAuthClientMetadata

from person import Person

ERAS = {"modern": ("auto", "2026-07-28"), "legacy": ("legacy", "2025-11-25")}
REDIRECT_URI = "http://127.0.0.1:43210/callback"


class Memory(TokenStorage):
    """What the client keeps."""

    def __init__(self):
        self.tokens = self.client = None

    async def get_tokens(self):
        return self.tokens

    async def set_tokens(self, tokens):
        self.tokens = tokens

    async def get_client_info(self):
        return self.client

    async def set_client_info(self, client_info):
        self.client = client_info


class Seen:
    """Every request that the client made, and how it was answered."""

    def __init__(self):
        self.log: list[tuple[str, str, int]] = []

    async def __call__(self, answer: httpx2.Response):
        self.log.append((answer.request.method, answer.request.url.path, answer.status_code))

    def count(self, path: str, status: int) -> int:
        return sum(1 for _, p, s in self.log if (p, s) == (path, status))


def ok(what: str):
    print(f"ok: {what}", flush=True)


def content(result: types.CallToolResult):
    assert not result.is_error, result.content[0].text
    return result.structured_content


async def confirm(_, params) -> types.ElicitResult:
    """Says yes to whatever a tool asks."""
    answers = {"boolean": True, "string": "yes", "integer": 1, "number": 1}
    asked = params.requested_schema.get("properties", {})
    given = {n: s["enum"][0] if "enum" in s else answers[s["type"]] for n, s in asked.items()}
    return types.ElicitResult(action="accept", content=given)


async def publish(client: Client, post: dict) -> types.CallToolResult:
    arguments = {"post_id": post["id"], "revision_id": post["revision_id"], "confirm": True}
    return await client.call_tool("post_publish", arguments)


async def main(url: str, email: str, password: str, era: str, metadata_url: str | None):
    mode, version = ERAS[era]
    person, storage, seen = Person(email, password), Memory(), Seen()
    visits: list[dict[str, str]] = []

    async def authorize(address: str):
        visits.append(await person.visit(address, REDIRECT_URI))

    async def callback() -> AuthorizationCodeResult:
        given = visits[-1]
        return AuthorizationCodeResult(code=given.get("code"), state=given["state"], iss=given["iss"])

    provider = OAuthClientProvider(
        server_url=url,
        client_metadata=OAuthClientMetadata(
            client_name="Outside",
            redirect_uris=[REDIRECT_URI],
            grant_types=["authorization_code", "refresh_token"],
            response_types=["code"],
            token_endpoint_auth_method="none",
        ),
        storage=storage,
        redirect_handler=authorize,
        callback_handler=callback,
        client_metadata_url=metadata_url,
    )
    hooks = {"response": [seen]}
    async with httpx2.AsyncClient(auth=provider, event_hooks=hooks, timeout=60) as http:
        transport = streamable_http_client(url, http_client=http)
        async with Client(transport, mode=mode, elicitation_callback=confirm) as client:
            await walk(client, provider, storage, seen, person, visits, version, bool(metadata_url))
    await revoke(url, provider, storage)
    await person.browser.aclose()


async def walk(client, provider, storage, seen, person, visits, version, by_url):
    metadata = provider.context.oauth_metadata
    assert seen.log[0][2] == 401 and len(visits) == 1, seen.log
    ok("discovery, from a 401")
    registered = sum(1 for method, path, _ in seen.log if path.endswith("/register"))
    assert registered == (0 if by_url else 1), seen.log
    assert storage.client.client_id.startswith("https://") == by_url, storage.client
    ok("a client id that is a document's address" if by_url else "registration")
    assert metadata.code_challenge_methods_supported == ["S256"]
    assert visits[0]["iss"] == str(metadata.issuer), visits
    assert len(person.pages) >= 2 and "Outside" in person.pages[-1], person.pages[-1]
    ok(f"PKCE, login and consent on {len(person.pages)} pages")
    assert client.protocol_version == version, client.protocol_version
    ok(f"protocol {version}")

    names = [tool.name for tool in (await client.list_tools()).tools]
    assert "whoami" in names and "post_create_draft" in names, names
    me = content(await client.call_tool("whoami", {}))
    assert me["role"] == "editor", me
    draft = {"title": "From outside", "body": "Written by the *official* client.\n"}
    post = content(await client.call_tool("post_create_draft", draft))
    read = await client.call_tool("post_get", {"post_id": post["id"]})
    assert "*official*" in read.content[-1].text, read
    ok(f"calls of {len(names)} tools that are listed")

    before = set(storage.tokens.scope.split())
    assert "posts:publish" not in before, before
    published = content(await publish(client, post))
    after = set(storage.tokens.scope.split())
    assert after == before | {"posts:publish"}, (before, after)
    assert len(visits) == 2 and seen.count("/mcp", 403) == 1, seen.log
    assert "posts:publish" in person.pages[-1], person.pages[-1]
    ok(f"a step up to posts:publish, and a post that is {published.get('status', 'live')}")

    old = storage.tokens
    provider.context.token_expiry_time = 1
    content(await client.call_tool("whoami", {}))
    assert storage.tokens.access_token != old.access_token
    assert storage.tokens.refresh_token != old.refresh_token
    assert set(storage.tokens.scope.split()) == after and len(visits) == 2
    ok("a refresh, with another refresh token and the same scopes")


async def revoke(url: str, provider: OAuthClientProvider, storage: Memory):
    metadata, client_id = provider.context.oauth_metadata, storage.client.client_id
    async with httpx2.AsyncClient() as http:
        token = {"token": storage.tokens.refresh_token, "client_id": client_id}
        answer = await http.post(str(metadata.revocation_endpoint), data=token)
        assert answer.status_code == 200, answer.text
        bearer = {"authorization": f"Bearer {storage.tokens.access_token}"}
        ping = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
        answer = await http.post(url, json=ping, headers=bearer)
        assert answer.status_code == 401 and "invalid_token" in answer.headers["www-authenticate"]
        refresh = {
            "grant_type": "refresh_token",
            "refresh_token": storage.tokens.refresh_token,
            "client_id": client_id,
        }
        answer = await http.post(str(metadata.token_endpoint), data=refresh)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant"), answer.text
    ok("revocation: neither token is taken any more")


if __name__ == "__main__":
    # The client logs why a flow broke off.
    logging.basicConfig(level=logging.WARNING)
    arguments = sys.argv[1:] + [None]
    asyncio.run(main(*arguments[:5]))
