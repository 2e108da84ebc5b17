//! The tools. Each is a file: its name, what it is for, what it takes, what it does. The rules
//! behind them are those of the REST API.

mod post_create_draft;
mod post_get;
mod posts_list;
mod whoami;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use shared::context::Context;
use shared::endpoint::{BoxFuture, InputContract};
use shared::http::problem::Problem;
use shared::model::{Post, Scope};
use shared::prelude::JsonSchema;
use shared::publishing::Actor;

/// Every tool, in the order of their names.
pub static ALL: [Entry; 4] = [
    Entry::of::<post_create_draft::PostCreateDraft>(),
    Entry::of::<post_get::PostGet>(),
    Entry::of::<posts_list::PostsList>(),
    Entry::of::<whoami::Whoami>(),
];

/// A tool.
trait Tool: 'static {
    /// Its name: what it is about, then what it does.
    const NAME: &'static str;
    /// Its name for people.
    const TITLE: &'static str;
    /// When to use it and what comes back.
    const DESCRIPTION: &'static str;
    /// What the caller needs; without it the tool is not listed.
    const SCOPE: Scope;
    /// Whether it changes nothing.
    const READ_ONLY: bool;
    /// Its arguments.
    type Input: DeserializeOwned + JsonSchema + Send;

    /// Does the work; the answer is a JSON object.
    fn call(
        cx: &Context,
        actor: &Actor,
        input: Self::Input,
    ) -> impl Future<Output = Result<Value, Problem>> + Send;
}

type Call = for<'a> fn(&'a Context, &'a Actor, Value) -> BoxFuture<'a, Result<Value, Problem>>;

/// A tool with its types erased.
pub struct Entry {
    /// As [`Tool::NAME`].
    pub name: &'static str,
    pub(crate) title: &'static str,
    pub(crate) description: &'static str,
    /// As [`Tool::SCOPE`].
    pub scope: Scope,
    pub(crate) read_only: bool,
    /// Its arguments, as [`Tool::Input`] states them.
    pub input: fn() -> InputContract,
    pub(crate) call: Call,
}

impl Entry {
    const fn of<T: Tool>() -> Self {
        Self {
            name: T::NAME,
            title: T::TITLE,
            description: T::DESCRIPTION,
            scope: T::SCOPE,
            read_only: T::READ_ONLY,
            input: InputContract::of_body::<T::Input>,
            call: |cx, actor, input| {
                Box::pin(async move { T::call(cx, actor, shared::endpoint::typed(input)?).await })
            },
        }
    }
}

/// A post as tools answer with it.
fn answer(post: &Post) -> Value {
    let head = &post.summary;
    json!({
        "id": head.id,
        "title": head.fields.title,
        "slug": head.fields.slug,
        "status": head.status,
        "excerpt": head.fields.excerpt,
        "tags": head.fields.tags.iter().map(|tag| &tag.name).collect::<Vec<_>>(),
        "author": head.author.name,
        "version": head.version,
        "revision_id": head.revision_id,
        "updated_at": head.updated_at,
        "body": post.body,
    })
}
