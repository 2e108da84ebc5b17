// The official OpenAI SDK for Node.js, unchanged, holds two conversations of three turns with calls of tools:
// one whole, one streamed.
//
// Usage: responses.mjs <base URL> <key>

import assert from 'node:assert/strict';
import OpenAI from 'openai';

const [baseURL, apiKey] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey });
const model = 'any';

const callsOf = (response) => response.output.filter((item) => item.type === 'mcp_call');
const deltasOf = (events) =>
    events.filter((event) => event.type === 'response.output_text.delta').map((event) => event.delta);

// What every conversation here comes to.
function check([first, second, third]) {
    assert.equal(first.output_text, 'I look.Done right away.');
    const [call] = callsOf(first);
    assert.deepEqual([call.name, call.server_label, call.status], ['echo', 'byline', 'completed']);
    assert.match(call.output, /once/);
    assert.equal(first.usage.total_tokens, 220);
    assert.equal(second.output_text, 'Second answer.');
    const [echoed, failed] = callsOf(second);
    assert.match(echoed.output, /twice/);
    assert.equal(failed.status, 'failed');
    assert.match(JSON.stringify(failed.error), /It failed: twice/);
    assert.equal(third.output_text, 'Third answer.');
    assert.deepEqual(callsOf(third), []);
    for (const response of [first, second, third]) {
        assert.equal(response.status, 'completed');
        assert.equal(response.conversation.id, first.conversation.id);
    }
    assert.equal(second.previous_response_id, first.id);
    assert.equal(third.previous_response_id, second.id);
}

// Whole.
const first = await client.responses.create({ model, input: 'Try the tool' });
const conversation = first.conversation.id;
const second = await client.responses.create({ model, input: 'And now?', conversation });
const third = await client.responses.create({ model, input: 'Third?', previous_response_id: second.id });
check([first, second, third]);
assert.equal((await client.responses.retrieve(third.id)).output_text, 'Third answer.');
const kinds = [];
for await (const item of client.conversations.items.list(conversation, { order: 'asc', limit: 3 })) {
    kinds.push(item.type === 'mcp_call' ? item.type : item.role);
}
assert.deepEqual(kinds, [
    'user', 'assistant', 'mcp_call', 'assistant',
    'user', 'mcp_call', 'mcp_call', 'assistant',
    'user', 'assistant',
]);

// Streamed: as it comes, and by the helper, which puts the response together itself.
async function streamed(input, more = {}) {
    const events = [];
    for await (const event of await client.responses.create({ model, input, stream: true, ...more })) {
        events.push(event);
    }
    assert.deepEqual(events.map((event) => event.sequence_number), events.map((_, at) => at));
    assert.equal(events.at(-1).type, 'response.completed');
    return [events, events.at(-1).response];
}
const textOf = (response) =>
    response.output.flatMap((item) => item.content ?? []).map((part) => part.text).join('');
const [events, begun] = await streamed('Try the tool');
assert.deepEqual(deltasOf(events), ['I ', 'look.', 'Done ', 'right ', 'away.']);
assert.notEqual(begun.conversation.id, conversation);

const helper = client.responses.stream({ model, input: 'And now?', conversation: begun.conversation.id });
const snapshots = [];
helper.on('response.output_text.delta', (event) => snapshots.push(event.snapshot));
const next = await helper.finalResponse();
assert.deepEqual(snapshots, ['Second ', 'Second answer.']);
const [, last] = await streamed('Third?', { conversation: begun.conversation.id });
check([begun, next, last].map((response) => ({ ...response, output_text: textOf(response) })));

// A stream that broke is taken up behind its last event.
const rest = [];
for await (const event of await client.responses.retrieve(begun.id, { stream: true, starting_after: 3 })) {
    rest.push(event);
}
assert.deepEqual(rest, events.slice(4));

// What is refused is refused before the first event, with its words.
await assert.rejects(
    client.responses.create({ model, input: 'Search', tools: [{ type: 'web_search' }], stream: true }),
    (error) => error instanceof OpenAI.UnprocessableEntityError && error.code === 'invalid_input'
        && error.param === 'tools' && /its own tools/.test(error.message),
);
assert.equal((await client.conversations.delete(conversation)).deleted, true);
await assert.rejects(client.responses.retrieve(first.id), OpenAI.NotFoundError);

console.log('held three turns, whole and streamed');
