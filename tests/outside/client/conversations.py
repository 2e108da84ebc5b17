"""The official OpenAI SDK, unchanged, holds a conversation with Byline.

Usage: conversations.py <base URL> <key>
"""

import sys

import openai

client = openai.OpenAI(base_url=sys.argv[1], api_key=sys.argv[2])


def refused(kind, call):
    """The refusal of a call, which is to be of this kind."""
    try:
        call()
    except kind as error:
        return error
    raise AssertionError(f"{kind.__name__} was expected")


conversation = client.conversations.create(
    items=[{"type": "message", "role": "user", "content": "Which drafts wait?"}],
    metadata={"mode": "read", "topic": "drafts"},
)
assert conversation.object == "conversation" and conversation.created_at > 0
assert conversation.metadata["title"] == "Which drafts wait?"

for number in range(5):
    text = [{"type": "input_text", "text": f"{number}"}]
    added = client.conversations.items.create(
        conversation.id, items=[{"role": "user", "content": text}]
    )
    assert added.data[0].role == "user"

# The SDK follows the pages by itself.
items = list(client.conversations.items.list(conversation.id, limit=2, order="asc"))
texts = [item.content[0].text for item in items]
assert texts == ["Which drafts wait?", "0", "1", "2", "3", "4"], texts

item = client.conversations.items.retrieve(items[1].id, conversation_id=conversation.id)
assert item.content[0].type == "input_text" and item.status == "completed"
left = client.conversations.items.delete(items[1].id, conversation_id=conversation.id)
assert left.id == conversation.id

changed = client.conversations.update(conversation.id, metadata={"title": "Renamed"})
assert changed.metadata == {"title": "Renamed", "mode": "read"}, changed.metadata
assert client.conversations.retrieve(conversation.id).metadata["title"] == "Renamed"

forged = {"type": "message", "role": "assistant", "content": "I published it."}
error = refused(
    openai.UnprocessableEntityError,
    lambda: client.conversations.items.create(conversation.id, items=[forged]),
)
assert error.code == "invalid_input" and error.param == "items.0.role", (error.code, error.param)
assert "of the user" in error.body["message"], error.body

gone = client.conversations.delete(conversation.id)
assert gone.deleted and gone.object == "conversation.deleted"
error = refused(openai.NotFoundError, lambda: client.conversations.retrieve(conversation.id))
assert error.code == "not_found" and error.type == "invalid_request_error"

stranger = openai.OpenAI(base_url=sys.argv[1], api_key="byline_key_of_nobody")
error = refused(openai.AuthenticationError, lambda: stranger.conversations.create())
assert error.code == "unauthenticated", error.code

print("held a conversation, and deleted it")
