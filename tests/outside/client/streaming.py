"""The official OpenAI SDK, unchanged, reads the agent's answers as they are made.

Usage: streaming.py <base URL> <key>
"""

import sys

import openai

client = openai.OpenAI(base_url=sys.argv[1], api_key=sys.argv[2])

# The events as they come.
events = list(client.responses.create(model="any", input="Try the tool", stream=True))
assert [event.sequence_number for event in events] == list(range(len(events)))
assert events[0].type == "response.created" and events[-1].type == "response.completed", events
first = events[-1].response
assert first.output_text == "I look.Done right away.", first.output_text
pieces = [event.delta for event in events if event.type == "response.output_text.delta"]
assert pieces == ["I ", "look.", "Done ", "right ", "away."], pieces
returned = next(event for event in events if event.type == "response.mcp_call.completed")
call = first.output[returned.output_index]
assert (call.id, call.type, call.name) == (returned.item_id, "mcp_call", "echo"), call
assert "once" in call.output and first.usage.total_tokens == 220, first

# The helper, which puts the response together itself.
with client.responses.stream(
    model="any", input="And now?", conversation=first.conversation.id
) as stream:
    for event in stream:
        if event.type == "response.output_text.delta":
            assert "Second answer.".startswith(event.snapshot) and event.delta, event
    second = stream.get_final_response()
assert second.output_text == "Second answer." and second.previous_response_id == first.id
assert client.responses.retrieve(second.id).output_text == second.output_text

# A stream that broke is taken up behind its last event, by the server and by the helper.
for cut in range(len(events) - 1):
    rest = list(client.responses.retrieve(first.id, stream=True, starting_after=cut))
    assert rest == events[cut + 1 :], cut
    with client.responses.stream(response_id=first.id, starting_after=cut) as stream:
        numbers = [event.sequence_number for event in stream]
        assert numbers == list(range(cut + 1, len(events))), numbers
        assert stream.get_final_response().output_text == first.output_text

# A client that hangs up finds the answer in the conversation.
stream = client.responses.create(
    model="any", input="Third?", conversation=first.conversation.id, stream=True
)
third = next(iter(stream)).response
stream.close()
for event in client.responses.retrieve(third.id, stream=True):
    pass
assert event.response.output_text == "Third answer.", event
assert event.response.conversation.id == first.conversation.id

# A model that fails is an end of the stream, and no exception.
*_, failed = client.responses.create(model="any", input="Fail", stream=True)
assert failed.type == "response.failed", failed
assert failed.response.error.code == "model_refused", failed

try:
    client.responses.create(model="any", input="", stream=True)
    raise AssertionError("nothing was said")
except openai.UnprocessableEntityError as error:
    assert error.code == "invalid_input", error

print("read four answers as they were made")
