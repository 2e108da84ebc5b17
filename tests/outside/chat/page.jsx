// A site's own chat, with `useChat` of the AI SDK and React, unchanged. What it needs stands behind the `#` of its address:
// the URL of the API, a key and a conversation.

import { useChat } from '@ai-sdk/react';
import { DefaultChatTransport } from 'ai';
import { useState } from 'react';
import { createRoot } from 'react-dom/client';

const { api, key, conversation } = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
const headers = { authorization: `Bearer ${key}` };
const transport = new DefaultChatTransport({ api: `${api}/chat`, headers });

async function call(method, path) {
    const answer = await fetch(api + path, { method, headers });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status}`);
    return answer.json();
}

// What was said before. The answer that is being made comes by the stream, from its beginning.
async function history() {
    const { running_response_id: running } = await call('GET', `/conversations/${conversation}`);
    const { data } = await call('GET', `/conversations/${conversation}/items?order=asc&limit=100`);
    const said = running ? data.slice(0, data.findLastIndex((item) => item.role === 'user') + 1) : data;
    const messages = [];
    for (const item of said.filter((item) => item.type === 'message')) {
        const parts = [{ type: 'text', text: item.content.map((part) => part.text).join('') }];
        const last = messages.at(-1);
        // What the agent says in one answer may be several messages.
        if (item.role === 'assistant' && last?.role === 'assistant') last.parts.push(...parts);
        else messages.push({ id: item.id, role: item.role, parts });
    }
    return { messages, running };
}

function Chat({ before, running }) {
    const [text, setText] = useState('');
    const { messages, sendMessage, stop, status, error } =
        useChat({ id: conversation, messages: before, transport, resume: Boolean(running) });
    const send = (event) => {
        event.preventDefault();
        sendMessage({ text });
        setText('');
    };
    // `stop` only hangs up. The agent stops because it is told to.
    const stopAgent = () => {
        call('POST', `/responses/${messages.at(-1).metadata.response_id}/cancel`);
        stop();
    };
    return (
        <main data-status={status}>
            <ol>
                {messages.map((message) => (
                    <li key={message.id} data-role={message.role}>
                        {message.parts.map((part, at) => (
                            part.type === 'text' ? <p key={at}>{part.text}</p>
                                : part.type === 'dynamic-tool' ? <p key={at} data-tool={part.state}>{part.toolName}</p>
                                    : null
                        ))}
                    </li>
                ))}
            </ol>
            {error && <p role="alert">{error.message}</p>}
            <form onSubmit={send}>
                <input aria-label="Message" value={text} onChange={(event) => setText(event.target.value)} />
                <button>Send</button>
                <button type="button" onClick={stopAgent}>Stop</button>
            </form>
        </main>
    );
}

const { messages, running } = await history();
createRoot(document.getElementById('root')).render(<Chat before={messages} running={running} />);
