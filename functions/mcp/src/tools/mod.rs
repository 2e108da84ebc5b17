//! The tools. Each is a file: its name, what it is for, what it takes, what it does. The rules
//! behind them are those of the REST API.

mod drafts_status;
mod fetch;
mod media_list;
mod media_request_upload;
mod post_create_draft;
mod post_diff;
mod post_edit;
mod post_get;
mod post_propose;
mod post_publish;
mod post_schedule;
mod posts_list;
mod proposal_get;
mod proposals_list;
mod revisions_list;
mod schema;
mod search;
mod shapes;
mod site_get;
mod tags_list;
mod whoami;

use std::sync::{Arc, OnceLock};

use byline_shared::auth::actor::Actor;
use byline_shared::context::Context;
use byline_shared::endpoint::{BoxFuture, InputContract};
use byline_shared::http::problem::Problem;
use byline_shared::model::Scope;
use rmcp::model::{Tool as Description, ToolAnnotations};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::answer::Answer;

/// Every tool, in the order of their names.
pub static ALL: [Entry; 19] = [
    Entry::of::<drafts_status::DraftsStatus>(),
    Entry::of::<fetch::Fetch>(),
    Entry::of::<media_list::MediaList>(),
    Entry::of::<media_request_upload::MediaRequestUpload>(),
    Entry::of::<post_create_draft::PostCreateDraft>(),
    Entry::of::<post_diff::PostDiff>(),
    Entry::of::<post_edit::PostEdit>(),
    Entry::of::<post_get::PostGet>(),
    Entry::of::<post_propose::PostPropose>(),
    Entry::asking::<post_publish::PostPublish>(),
    Entry::asking::<post_schedule::PostSchedule>(),
    Entry::of::<posts_list::PostsList>(),
    Entry::of::<proposal_get::ProposalGet>(),
    Entry::of::<proposals_list::ProposalsList>(),
    Entry::of::<revisions_list::RevisionsList>(),
    Entry::of::<search::Search>(),
    Entry::of::<site_get::SiteGet>(),
    Entry::of::<tags_list::TagsList>(),
    Entry::of::<whoami::Whoami>(),
];

/// The tool with this name.
#[must_use]
pub fn named(name: &str) -> Option<&'static Entry> {
    ALL.iter().find(|tool| tool.name == name)
}

/// What a tool does to the world, as clients may show it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hints {
    /// Nothing changes by it.
    pub(crate) read_only: bool,
    /// Something that was there is there no more.
    destructive: bool,
    /// Twice is as once.
    idempotent: bool,
    /// It reaches beyond those who work here: readers see it.
    open_world: bool,
}

impl Hints {
    /// It reads.
    const READS: Self =
        Self { read_only: true, destructive: false, idempotent: true, open_world: false };
    /// It adds, each time anew.
    const ADDS: Self =
        Self { read_only: false, destructive: false, idempotent: false, open_world: false };
}

/// A tool.
trait Tool: 'static {
    /// Its name: what it is about, then what it does.
    const NAME: &'static str;
    /// Its name for people.
    const TITLE: &'static str;
    /// When to use it and what comes back.
    const DESCRIPTION: &'static str;
    /// What the caller needs.
    const SCOPE: Scope;
    /// What it does to the world.
    const HINTS: Hints;
    /// Its arguments.
    type Input: DeserializeOwned + JsonSchema + Send;

    /// The schema of its answer, where that is one JSON object of a stable form.
    fn output() -> Option<Value> {
        None
    }

    /// Does the work.
    fn call(
        cx: &Context,
        actor: &Actor,
        input: Self::Input,
    ) -> impl Future<Output = Result<Answer, Problem>> + Send;
}

/// A tool that does nothing before a person agreed.
trait Asking: Tool {
    /// What the person is asked. What cannot be done anyway is refused here, before they are.
    fn question(
        cx: &Context,
        actor: &Actor,
        input: Self::Input,
    ) -> impl Future<Output = Result<String, Problem>> + Send;
}

type Run<T> = for<'a> fn(&'a Context, &'a Actor, Value) -> BoxFuture<'a, Result<T, Problem>>;

/// A tool with its types erased.
pub struct Entry {
    /// As [`Tool::NAME`].
    pub name: &'static str,
    title: &'static str,
    description: &'static str,
    /// As [`Tool::SCOPE`].
    pub scope: Scope,
    pub(crate) hints: Hints,
    /// Its arguments, as [`Tool::Input`] states them.
    pub input: fn() -> InputContract,
    contract: OnceLock<InputContract>,
    output: fn() -> Option<Value>,
    /// As [`Asking::question`].
    pub(crate) question: Option<Run<String>>,
    pub(crate) call: Run<Answer>,
}

impl Entry {
    const fn of<T: Tool>() -> Self {
        Self {
            name: T::NAME,
            title: T::TITLE,
            description: T::DESCRIPTION,
            scope: T::SCOPE,
            hints: T::HINTS,
            input: InputContract::from_body::<T::Input>,
            contract: OnceLock::new(),
            output: T::output,
            question: None,
            call: |cx, actor, input| {
                Box::pin(
                    async move { T::call(cx, actor, byline_shared::endpoint::typed(input)?).await },
                )
            },
        }
    }

    const fn asking<T: Asking>() -> Self {
        let mut entry = Self::of::<T>();
        entry.question = Some(|cx, actor, input| {
            Box::pin(
                async move { T::question(cx, actor, byline_shared::endpoint::typed(input)?).await },
            )
        });
        entry
    }

    /// Its arguments, compiled once.
    pub(crate) fn contract(&self) -> &InputContract {
        self.contract.get_or_init(self.input)
    }

    /// As `tools/list` shows it.
    #[must_use]
    pub fn describe(&self) -> Description {
        let hints = ToolAnnotations::with_title(self.title)
            .read_only(self.hints.read_only)
            .destructive(self.hints.destructive)
            .idempotent(self.hints.idempotent)
            .open_world(self.hints.open_world);
        let input = schema::shown(self.contract().schema());
        let tool = Description::new(self.name, self.description, input)
            .with_title(self.title)
            .with_annotations(hints);
        match (self.output)() {
            Some(output) => tool.with_raw_output_schema(Arc::new(schema::bare(&output))),
            None => tool,
        }
    }
}
