"""Reads every JSON example of openapi.json with the generated Python client.

Usage: parse.py <folder of the client> <openapi.json>
"""

import importlib
import json
import pkgutil
import sys
from types import SimpleNamespace

import httpx

folder, description = sys.argv[1:]
sys.path.insert(0, folder)
import byline_client.api  # noqa: E402

api = json.load(open(description))
modules = {
    module.name.rsplit(".", 1)[-1]: module.name
    for module in pkgutil.walk_packages(byline_client.api.__path__, "byline_client.api.")
}
client = SimpleNamespace(raise_on_unexpected_status=True)
read = 0
for item in api["paths"].values():
    for operation in (value for value in item.values() if "operationId" in value):
        module = importlib.import_module(modules[operation["operationId"].replace("-", "_")])
        for status, response in operation["responses"].items():
            if "$ref" in response:
                response = api["components"]["responses"][response["$ref"].rsplit("/", 1)[-1]]
            for media_type, content in response.get("content", {}).items():
                example = content.get("example")
                if example is None or "json" not in media_type:
                    continue
                answer = httpx.Response(int(status), json=example)
                module._parse_response(client=client, response=answer)
                read += 1
print(f"ok: {read} examples")
