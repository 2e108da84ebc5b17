"""The official OpenAI SDK, unchanged, talks with the agent of Byline.

Usage: responses.py <base URL> <key>
"""

import sys

import openai

client = openai.OpenAI(base_url=sys.argv[1], api_key=sys.argv[2])

first = client.responses.create(model="any", input="Try the tool")
assert first.status == "completed" and first.error is None, first
assert first.output_text == "I look.Done.", first.output_text
call = next(item for item in first.output if item.type == "mcp_call")
assert (call.name, call.server_label, call.status) == ("echo", "byline", "completed"), call
assert "once" in call.output and call.error is None, call
assert first.usage.total_tokens == 220 and first.usage.input_tokens_details.cached_tokens == 120

conversation = first.conversation.id
second = client.responses.create(
    model="any",
    input=[{"role": "user", "content": "And now?"}],
    conversation=conversation,
)
assert second.output_text == "Second." and second.previous_response_id == first.id
third = client.responses.create(model="any", input="Third?", previous_response_id=second.id)
assert third.output_text == "Third." and third.conversation.id == conversation
assert client.responses.retrieve(third.id).output_text == "Third."
assert client.responses.cancel(third.id).status == "completed"

items = list(client.conversations.items.list(conversation, limit=2, order="asc"))
kinds = [item.type if item.type == "mcp_call" else item.role for item in items]
assert kinds == ["user", "assistant", "mcp_call", "assistant"] + ["user", "assistant"] * 2, kinds

failed = client.responses.create(model="any", input="Fail", conversation=conversation)
assert failed.status == "failed" and failed.error.code == "model_refused", failed

try:
    client.responses.create(model="any", input="Search", tools=[{"type": "web_search"}])
    raise AssertionError("tools were taken")
except openai.UnprocessableEntityError as error:
    assert error.code == "invalid_input" and error.param == "tools", error

client.conversations.delete(conversation)
try:
    client.responses.retrieve(first.id)
    raise AssertionError("it is still there")
except openai.NotFoundError as error:
    assert error.code == "not_found", error

print("talked with the agent in three turns")
