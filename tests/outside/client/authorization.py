"""The conformance suite's scenarios for authorization servers. The suite prints an address and waits
for a browser; here a person goes there, signs in, agrees, and is sent back to the suite.

authorization.py <byline> <email> <password> <folder for results>
"""

import asyncio
import socket
import sys

import httpx2

from person import Person


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


async def main(byline: str, email: str, password: str, folder: str) -> int:
    port = free_port()
    redirect_uri = f"http://127.0.0.1:{port}/callback"
    async with httpx2.AsyncClient() as http:
        metadata = (await http.get(f"{byline}/.well-known/oauth-authorization-server")).json()
        registration = {
            "client_name": "Conformance",
            "redirect_uris": [redirect_uri],
            "token_endpoint_auth_method": "none",
        }
        answer = await http.post(metadata["registration_endpoint"], json=registration)
        assert answer.status_code == 201, answer.text
        arguments = [
            *("--url", byline, "--client-id", answer.json()["client_id"], "--port", str(port)),
            *("--resource", f"{byline}/mcp", "--output-dir", folder),
        ]
        suite = await asyncio.create_subprocess_exec(
            "conformance", "authorization", *arguments, stdout=asyncio.subprocess.PIPE
        )
        person = Person(email, password)
        async for line in suite.stdout:
            text = line.decode().strip()
            print(text)
            if text.startswith(metadata["authorization_endpoint"] + "?"):
                given = await person.visit(text, redirect_uri)
                await http.get(redirect_uri, params=given)
        await person.browser.aclose()
        return await suite.wait()


sys.exit(asyncio.run(main(*sys.argv[1:])))
