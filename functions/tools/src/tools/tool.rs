//! The contract of a tool: its description, scope, arguments and call.

use std::sync::OnceLock;

use byline_shared::agent::ToolDefinition;
use byline_shared::auth::actor::Actor;
use byline_shared::context::Context;
use byline_shared::endpoint::{BoxFuture, InputContract};
use byline_shared::http::problem::Problem;
use byline_shared::model::Scope;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::published_schema;
use crate::arguments;
use crate::tool_result::ToolResult;

/// What a call does, as MCP's tool annotations tell it. Clients may show it.
#[derive(Clone, Copy, Debug)]
pub struct Hints {
    /// The tool changes nothing.
    pub read_only: bool,
    /// It may replace what exists, such as the live revision.
    pub destructive: bool,
    /// Repeating the call has no further effect.
    pub idempotent: bool,
    /// Its effect is public: readers see it.
    pub open_world: bool,
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
    /// The name that clients show to people.
    pub title: &'static str,
    /// When to use the tool, and what it returns.
    pub description: &'static str,
    /// The scope that the caller needs.
    pub scope: Scope,
    /// What a call does.
    pub hints: Hints,
    /// Builds the complete schema of the arguments.
    pub input: fn() -> InputContract,
    contract: OnceLock<InputContract>,
    output: fn() -> Option<Value>,
    question: Option<Run<String>>,
    call: Run<ToolResult>,
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

    /// The complete schema of the arguments, built on first use.
    fn contract(&self) -> &InputContract {
        self.contract.get_or_init(self.input)
    }

    /// The schema of the arguments, as models read it.
    #[must_use]
    pub fn input_schema(&self) -> Map<String, Value> {
        published_schema::published_input(self.contract().schema())
    }

    /// The definition for a language model.
    #[must_use]
    pub fn definition(&self) -> ToolDefinition {
        let (name, description) = (self.name, self.description);
        ToolDefinition { name, description, parameters: Value::Object(self.input_schema()) }
    }

    /// The schema of the structured result; `None` for a tool that returns texts.
    #[must_use]
    pub fn output_schema(&self) -> Option<Map<String, Value>> {
        (self.output)().map(|schema| published_schema::published_output(&schema))
    }

    /// Whether a person has to confirm each call.
    #[must_use]
    pub fn requires_confirmation(&self) -> bool {
        self.question.is_some()
    }

    /// Validates the arguments of a call.
    ///
    /// # Errors
    /// 422 that lists every invalid argument.
    pub fn decode(&self, arguments: Value) -> Result<Value, Problem> {
        let contract = self.contract();
        contract.validate(arguments::as_meant(contract.schema(), arguments))
    }

    /// The question that a person has to answer with yes before the call; `None` for a tool that
    /// requires no confirmation.
    ///
    /// # Errors
    /// Those of the call, if it would fail anyway.
    pub async fn question(
        &self,
        cx: &Context,
        actor: &Actor,
        input: &Value,
    ) -> Result<Option<String>, Problem> {
        match self.question {
            Some(question) => question(cx, actor, input.clone()).await.map(Some),
            None => Ok(None),
        }
    }

    /// Executes a call with the arguments that [`Self::decode`] returned. The caller must have the
    /// scope, and a person must have confirmed the call if the tool requires it. The result is at most
    /// [`MAX_RESPONSE`](crate::MAX_RESPONSE) characters and [`MAX_BYTES`](crate::MAX_BYTES) long.
    ///
    /// # Errors
    /// Those of the rules that the tool calls.
    pub async fn run(
        &self,
        cx: &Context,
        actor: &Actor,
        input: Value,
    ) -> Result<ToolResult, Problem> {
        Ok((self.call)(cx, actor, input).await?.truncated())
    }
}
