//! The contract of a tool: its description, scope, arguments and call.

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

use super::published_schema;
use crate::tool_result::ToolResult;

/// The annotations of a tool (`ToolAnnotations` in the protocol), which clients may show.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hints {
    /// The tool changes nothing.
    pub(crate) read_only: bool,
    /// It may replace what exists, such as the live revision.
    pub(super) destructive: bool,
    /// Repeating the call has no further effect.
    pub(super) idempotent: bool,
    /// Its effect is public: readers see it.
    pub(super) open_world: bool,
}

impl Hints {
    pub(super) const READ_ONLY: Self =
        Self { read_only: true, destructive: false, idempotent: true, open_world: false };
    /// Each call creates something.
    pub(super) const CREATES: Self =
        Self { read_only: false, destructive: false, idempotent: false, open_world: false };
}

/// A tool.
pub(super) trait Tool: 'static {
    /// The name: a noun, then a verb.
    const NAME: &'static str;
    /// The name that clients show to people.
    const TITLE: &'static str;
    /// When to use the tool, and what it returns.
    const DESCRIPTION: &'static str;
    /// The scope that the caller needs.
    const SCOPE: Scope;
    const HINTS: Hints;
    /// The arguments.
    type Input: DeserializeOwned + JsonSchema + Send;

    /// The output schema, if the result is one JSON object of a stable form.
    fn output() -> Option<Value> {
        None
    }

    /// Executes the call.
    fn call(
        cx: &Context,
        actor: &Actor,
        input: Self::Input,
    ) -> impl Future<Output = Result<ToolResult, Problem>> + Send;
}

/// A tool that a person has to confirm before each call.
pub(super) trait RequiresConfirmation: Tool {
    /// The question to the person. A call that would fail anyway is refused here, before anybody is
    /// asked.
    fn question(
        cx: &Context,
        actor: &Actor,
        input: Self::Input,
    ) -> impl Future<Output = Result<String, Problem>> + Send;
}

type Run<T> = for<'a> fn(&'a Context, &'a Actor, Value) -> BoxFuture<'a, Result<T, Problem>>;

/// A `Tool` with its types erased.
pub struct ToolEntry {
    /// The name, unique among all tools.
    pub name: &'static str,
    title: &'static str,
    description: &'static str,
    /// The scope that the caller needs.
    pub scope: Scope,
    pub(crate) hints: Hints,
    /// Builds the complete schema of the arguments.
    pub input: fn() -> InputContract,
    contract: OnceLock<InputContract>,
    output: fn() -> Option<Value>,
    /// See [`RequiresConfirmation::question`].
    pub(crate) question: Option<Run<String>>,
    pub(crate) call: Run<ToolResult>,
}

impl ToolEntry {
    pub(super) const fn new<T: Tool>() -> Self {
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

    pub(super) const fn with_confirmation<T: RequiresConfirmation>() -> Self {
        let mut entry = Self::new::<T>();
        entry.question = Some(|cx, actor, input| {
            Box::pin(
                async move { T::question(cx, actor, byline_shared::endpoint::typed(input)?).await },
            )
        });
        entry
    }

    /// The schema of the arguments, built on first use.
    pub(crate) fn contract(&self) -> &InputContract {
        self.contract.get_or_init(self.input)
    }

    /// The definition for `tools/list`.
    #[must_use]
    pub fn describe(&self) -> Description {
        let hints = ToolAnnotations::with_title(self.title)
            .read_only(self.hints.read_only)
            .destructive(self.hints.destructive)
            .idempotent(self.hints.idempotent)
            .open_world(self.hints.open_world);
        let input = published_schema::published_input(self.contract().schema());
        let tool = Description::new(self.name, self.description, input)
            .with_title(self.title)
            .with_annotations(hints);
        match (self.output)() {
            Some(output) => {
                tool.with_raw_output_schema(Arc::new(published_schema::published_output(&output)))
            }
            None => tool,
        }
    }
}
