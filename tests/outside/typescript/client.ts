// A client of the API, typed by what openapi-typescript makes of openapi.json. It compiles under
// `--strict` without a cast or a non-null assertion, and runs: client.js <byline> <email> <password>.

import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

type Problem = components["schemas"]["Problem"];
type Post = components["schemas"]["Post"];
type PublicPost = components["schemas"]["PublicPost"];

declare const process: { argv: string[] };
const [, , baseUrl, email, password] = process.argv;

function fail(what: string, problem?: Problem): never {
  throw new Error(problem ? `${what}: ${problem.code}: ${problem.detail}` : what);
}

const api = createClient<paths>({ baseUrl });

async function signIn(): Promise<string> {
  const { data, error } = await api.POST("/v1/auth/login", { body: { email, password } });
  return data?.access_token ?? fail("sign-in", error);
}

async function create(headers: Record<string, string>, title: string): Promise<Post> {
  const body = { title, body: "One, *two*.\n", tags: ["TypeScript"] };
  const { data, error } = await api.POST("/v1/manage/posts", { headers, body });
  return data ?? fail("create", error);
}

async function rename(headers: Record<string, string>, post: Post, title: string): Promise<Post> {
  const { data, error } = await api.PATCH("/v1/manage/posts/{post_id}", {
    headers,
    params: { path: { post_id: post.id }, header: { "If-Match": `"v${post.version}"` } },
    body: { title, language: null },
  });
  return data ?? fail("update", error);
}

async function publish(headers: Record<string, string>, post: Post): Promise<string> {
  const { data, error } = await api.POST("/v1/manage/posts/{post_id}/publish", {
    headers,
    params: { path: { post_id: post.id } },
    body: { revision_id: post.revision_id },
  });
  if (!data) fail("publish", error);
  // An enumeration is a union: a value that is none of them would not compile.
  return data.status === "published" ? data.slug : fail(`the post is ${data.status}`);
}

// Without `fields`, every member of an entry is there.
async function titles(): Promise<string[]> {
  const query = { limit: 10, sort: "-published_at", featured: false } as const;
  const { data, error } = await api.GET("/v1/posts", { params: { query } });
  if (!data) fail("list", error);
  if ("fields" in data) fail("a page of whole posts has no `fields`");
  return data.items.map((post) => `${post.title.trim()} by ${post.author.name}`);
}

// With `fields`, any of them may be missing.
async function slugs(): Promise<string[]> {
  const { data, error } = await api.GET("/v1/posts", { params: { query: { fields: "slug" } } });
  if (!data) fail("list", error);
  if (!("fields" in data)) fail("a sparse page has `fields`");
  return data.items.map((post) => post.slug ?? fail("the slug was not sent"));
}

async function read(slug: string): Promise<PublicPost> {
  const { data, error } = await api.GET("/v1/posts/{slug}", { params: { path: { slug } } });
  if (!data) fail("read", error);
  return "body" in data && "body_html" in data ? data : fail("both forms of the text were expected");
}

const headers = { Authorization: `Bearer ${await signIn()}` };
const draft = await create(headers, "From TypeScript");
const renamed = await rename(headers, draft, "Typed");
const slug = await publish(headers, renamed);
const post = await read(slug);
if (post.body.trim() !== "One, *two*." || !post.body_html.includes("<em>two</em>")) {
  fail(`the text is ${post.body}`);
}
if (!(await titles()).some((title) => title.startsWith("Typed by "))) fail("the post is not listed");
if (!(await slugs()).includes(slug)) fail("the slug is not listed");
console.log(`ok: ${post.title}`);
