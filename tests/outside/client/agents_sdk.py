"""OpenAI's Agents SDK, unchanged, holds two conversations of three turns with calls of tools: one whole, one streamed.

Usage: agents_sdk.py <base URL> <key>
"""

import asyncio
import sys

import openai
from agents import Agent, OpenAIResponsesModel, RunConfig, Runner, set_tracing_disabled

# Its traces would go to OpenAI.
set_tracing_disabled(True)
client = openai.AsyncOpenAI(base_url=sys.argv[1], api_key=sys.argv[2])
agent = Agent(name="Byline", model=OpenAIResponsesModel(model="any", openai_client=client))
config = RunConfig(tracing_disabled=True)

QUESTIONS = ["Try the tool", "And now?", "Third?"]
ANSWERS = ["Done right away.", "Second answer.", "Third answer."]


def calls(result) -> list[tuple[str, str]]:
    """The calls of a turn, with what became of them."""
    raw = [item.raw_item for item in result.new_items if item.type == "tool_call_item"]
    assert all(call.type == "mcp_call" and call.server_label == "byline" for call in raw), raw
    return [(call.name, call.status) for call in raw]


def check(results: list):
    assert [result.final_output for result in results] == ANSWERS, results
    made = [calls(result) for result in results]
    assert made == [[("echo", "completed")], [("echo", "completed"), ("fail", "failed")], []], made


async def kept(conversation: str):
    """The conversation has each message of the user once: the server keeps the history, not the SDK."""
    items = [item async for item in client.conversations.items.list(conversation, order="asc")]
    said = [item.content[0].text for item in items if item.type == "message" and item.role == "user"]
    assert said == QUESTIONS, said


async def main():
    conversation = (await client.conversations.create()).id
    whole = [
        await Runner.run(agent, question, conversation_id=conversation, run_config=config)
        for question in QUESTIONS
    ]
    check(whole)
    await kept(conversation)

    conversation = (await client.conversations.create()).id
    streamed = []
    for question, answer in zip(QUESTIONS, ANSWERS):
        result = Runner.run_streamed(agent, question, conversation_id=conversation, run_config=config)
        pieces = [
            event.data.delta
            async for event in result.stream_events()
            if event.type == "raw_response_event" and event.data.type == "response.output_text.delta"
        ]
        assert "".join(pieces).endswith(answer) and len(pieces) > 1, pieces
        streamed.append(result)
    check(streamed)
    await kept(conversation)


asyncio.run(main())
print("held three turns, whole and streamed")
