// The AI SDK, unchanged, drives the agent as a model of OpenAI: two conversations of three turns with calls of tools,
// one whole, one streamed.
//
// Usage: responses.mjs <base URL> <key>

import assert from 'node:assert/strict';
import { createOpenAI } from '@ai-sdk/openai';
import { generateText, streamText } from 'ai';

const [baseURL, apiKey] = process.argv.slice(2);
const provider = createOpenAI({ baseURL, apiKey });

async function begin() {
    const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
    const answer = await fetch(`${baseURL}/conversations`, { method: 'POST', headers, body: '{}' });
    assert.equal(answer.status, 200);
    return (await answer.json()).id;
}

const asked = (prompt, conversation) => ({
    model: provider.responses('any'),
    prompt,
    providerOptions: { openai: { conversation } },
    maxRetries: 0,
});

const QUESTIONS = ['Try the tool', 'And now?', 'Third?'];

// What every conversation here comes to. A tool of Byline is a dynamic one that the provider has executed.
function check(turns) {
    assert.deepEqual(turns.map((turn) => turn.text), [
        'I look.Done right away.', 'Second answer.', 'Third answer.',
    ]);
    assert.deepEqual(turns.map((turn) => turn.finishReason), ['stop', 'stop', 'stop']);
    assert.deepEqual(turns.map((turn) => turn.toolCalls.map((call) => call.toolName)), [
        ['mcp.echo'], ['mcp.echo', 'mcp.fail'], [],
    ]);
    assert.ok(turns[0].toolCalls[0].providerExecuted && turns[0].toolCalls[0].dynamic);
    assert.match(JSON.stringify(turns[0].toolResults[0].output), /once/);
    assert.match(JSON.stringify(turns[1].toolResults), /It failed: twice/);
}

const whole = [];
let conversation = await begin();
for (const question of QUESTIONS) whole.push(await generateText(asked(question, conversation)));
check(whole);

const streamed = [];
conversation = await begin();
for (const question of QUESTIONS) {
    const result = streamText(asked(question, conversation));
    const pieces = [];
    for await (const piece of result.textStream) pieces.push(piece);
    assert.ok(pieces.length > 1, pieces.join('|'));
    streamed.push({
        text: await result.text,
        finishReason: await result.finishReason,
        toolCalls: await result.toolCalls,
        toolResults: await result.toolResults,
    });
    assert.equal(pieces.join(''), streamed.at(-1).text);
}
check(streamed);

console.log('held three turns, whole and streamed');
