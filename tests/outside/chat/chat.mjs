// The AI SDK, unchanged, talks with the agent of Byline as `useChat` does in a browser.
//
// Usage: chat.mjs <base URL> <key>

import assert from 'node:assert/strict';
import { AbstractChat, DefaultChatTransport } from 'ai';

const [base, key] = process.argv.slice(2);

// What React's `useChat` keeps in its state.
class State {
    messages = [];
    status = 'ready';
    error = undefined;
    pushMessage = (message) => this.messages.push(message);
    popMessage = () => this.messages.pop();
    replaceMessage = (index, message) => (this.messages[index] = message);
    snapshot = (value) => structuredClone(value);
}

class Chat extends AbstractChat {
    constructor(id, messages = []) {
        const headers = { authorization: `Bearer ${key}` };
        const transport = new DefaultChatTransport({ api: `${base}/chat`, headers });
        const state = new State();
        state.messages = messages;
        super({ id, state, transport });
        this.kept = state;
    }
}

const textOf = (message) =>
    message.parts.filter((part) => part.type === 'text').map((part) => part.text).join('');

// Three turns, with tools in the first two.
const chat = new Chat('a-chat-of-the-sdk');
await chat.sendMessage({ text: 'Try the tool' });
assert.equal(chat.status, 'ready', String(chat.error));
const first = chat.messages[1];
assert.equal(textOf(first), 'I look.Done right away.');
const tool = first.parts.find((part) => part.type === 'dynamic-tool');
assert.equal(tool.state, 'output-available', JSON.stringify(tool));
assert.equal(tool.toolName, 'echo');
assert.deepEqual(tool.input, { text: 'once' });
assert.match(tool.output, /once/);
assert.match(first.metadata.conversation_id, /^conv_/);
assert.equal(first.id, first.metadata.response_id);

await chat.sendMessage({ text: 'And now?' });
assert.equal(chat.status, 'ready', String(chat.error));
assert.equal(textOf(chat.messages[3]), 'Second answer.');
assert.equal(chat.messages[3].metadata.conversation_id, first.metadata.conversation_id);
const tools = chat.messages[3].parts.filter((part) => part.type === 'dynamic-tool');
assert.deepEqual(tools.map((part) => [part.toolName, part.state]), [
    ['echo', 'output-available'], ['fail', 'output-error'],
]);
assert.match(tools[1].errorText, /It failed: twice/);

await chat.sendMessage({ text: 'Third?' });
assert.equal(chat.status, 'ready', String(chat.error));
assert.equal(textOf(chat.messages[5]), 'Third answer.');

// Nothing runs, so there is nothing to take up again.
await chat.resumeStream();
assert.equal(chat.status, 'ready', String(chat.error));
assert.equal(chat.messages.length, 6);

// A model that fails is an error of the chat.
await chat.sendMessage({ text: 'Fail' });
assert.equal(chat.status, 'error');
assert.match(chat.error.message, /could not answer/);

console.log('chatted in three turns');
