// A server of OpenAI's Chat Completions with a small language model, on this machine alone.
//
// server.mjs <folder with node_modules> <model file>
//
// It prints its URL. A model this small calls no tool by itself. So if the user names a tool, the server makes
// it call that tool: what it may write is held to the JSON Schema of the tool's arguments. Everything else is
// free text. GET /answers lists what it was asked and how each answer ended.

import http from "node:http";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [folder, file] = process.argv.slice(2);
const library = path.join(folder, "node_modules/node-llama-cpp/dist/index.js");
const { getLlama, LlamaChat, LlamaLogLevel } = await import(pathToFileURL(library));

// How many tokens an answer may have: the model may go on for ever.
const MOST_OUTPUT = 2000;
// How many characters a text among the arguments may have.
const LONGEST_ARGUMENT = 80;

const llama = await getLlama({ gpu: false, build: "never", logLevel: LlamaLogLevel.error });
const model = await llama.loadModel({ modelPath: file });
// One thread: several that wait for each other are a hundred times slower on a busy machine.
const context = await model.createContext({ contextSize: 8192, threads: 1 });
const chat = new LlamaChat({ contextSequence: context.getSequence() });
const answers = [];
let queue = Promise.resolve();

// The conversation in the form of this model, which knows no tools.
function history(messages) {
  return messages.map(({ role, content, tool_calls: calls }) => {
    if (role === "system") return { type: "system", text: content };
    if (role === "tool") return { type: "user", text: `${content}\n\nWhat was found?` };
    if (role === "user") return { type: "user", text: content };
    const called = (calls ?? []).map((call) => `${call.function.name} ${call.function.arguments}`);
    return { type: "model", response: [[content, ...called].filter(Boolean).join("\n")] };
  });
}

// The required arguments, each of a bounded length.
function grammar({ properties, required = [] }) {
  const bounded = ({ type, enum: values }) =>
    values ? { enum: values } : type === "string" ? { type, minLength: 1, maxLength: LONGEST_ARGUMENT } : { type };
  const entries = required.map((name) => [name, bounded(properties[name])]);
  return llama.createGrammarForJsonSchema({ type: "object", properties: Object.fromEntries(entries) });
}

async function answer(body, response) {
  const last = body.messages.at(-1);
  const words = last.role === "user" ? last.content.split(/\W+/) : [];
  const tool = (body.tools ?? []).find((tool) => words.includes(tool.function.name))?.function;
  const roles = body.messages.map((message) => message.role);
  const record = { roles, tool: tool?.name ?? null, pieces: 0, end: "speaking" };
  answers.push(record);
  const hangUp = new AbortController();
  response.on("close", () => hangUp.abort());

  const object = "chat.completion.chunk";
  const send = (members) => response.write(`data: ${JSON.stringify({ object, ...members })}\n\n`);
  const say = (delta, reason = null) => send({ choices: [{ index: 0, delta, finish_reason: reason }] });
  response.writeHead(200, { "content-type": "text/event-stream" });
  const call = (members) => say({ tool_calls: [{ index: 0, ...members }] });
  if (tool) call({ id: `call_${answers.length}`, type: "function", function: { name: tool.name, arguments: "" } });

  const before = chat.sequence.tokenMeter.getState();
  try {
    const made = await chat.generateResponse(history(body.messages), {
      grammar: tool && await grammar(tool.parameters),
      maxTokens: Math.min(body.max_tokens ?? MOST_OUTPUT, MOST_OUTPUT),
      repeatPenalty: { lastTokens: 64, penalty: 1.1 },
      signal: hangUp.signal,
      onTextChunk: (text) => {
        record.pieces += 1;
        if (tool) call({ function: { arguments: text } });
        else say({ content: text });
      },
    });
    const reasons = { maxTokens: "length", abort: null };
    const reason = reasons[made.metadata.stopReason] ?? (tool ? "tool_calls" : "stop");
    say({}, reason);
    const took = chat.sequence.tokenMeter.diff(before);
    const output = took.usedOutputTokens;
    const input = chat.sequence.nextTokenIndex - output;
    const usage = {
      prompt_tokens: input,
      completion_tokens: output,
      total_tokens: input + output,
      prompt_tokens_details: { cached_tokens: Math.max(0, input - took.usedInputTokens) },
    };
    if (body.stream_options?.include_usage) send({ choices: [], usage });
    response.end("data: [DONE]\n\n");
    Object.assign(record, { end: reason, usage });
  } catch (error) {
    record.end = hangUp.signal.aborted ? "hung up" : String(error);
    response.destroy();
  }
}

const server = http.createServer(async (request, response) => {
  const route = `${request.method} ${request.url}`;
  if (route === "GET /answers") return response.end(JSON.stringify(answers));
  if (route !== "POST /v1/chat/completions") return response.writeHead(404).end();
  let text = "";
  for await (const part of request.setEncoding("utf8")) text += part;
  // One at a time: there is one context.
  queue = queue.then(() => answer(JSON.parse(text), response));
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
