//! `site_get`: the publication's settings and style guide.

use byline_shared::auth::actor::Actor;
use byline_shared::model::{
    AgentPublishing, Description, Language, PostPath, Scope, SiteUrl, TimeZoneName, Title,
};
use byline_shared::prelude::*;
use byline_shared::settings;

use super::inputs::Detail;
use super::tool::{Hints, Tool};
use crate::tool_result::{self, ToolResult};

pub(super) struct SiteGet;

/// The arguments.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// full adds the style guide. Read it before you write.
    #[serde(default)]
    detail: Detail,
    /// next_offset of the previous result, for the rest of the style guide.
    #[serde(default)]
    #[schemars(range(min = 0, max = 20_000))]
    offset: u64,
}

/// The message if the style guide is empty.
pub const NO_GUIDE: &str = "This publication has no style guide.";

/// The message for callers who may not read the style guide.
const NOT_ALLOWED: &str = "The style guide requires the scope posts:read and the role author. \
                           whoami lists your scopes.";

#[derive(Serialize)]
struct Output<'s> {
    title: &'s Title,
    description: &'s Description,
    url: &'s SiteUrl,
    language: &'s Language,
    time_zone: &'s TimeZoneName,
    post_path: &'s PostPath,
    page_path: &'s PostPath,
    agent_publishing: AgentPublishing,
    style_guide_characters: usize,
    /// A message, if there is no style guide to return.
    style_guide: Option<&'static str>,
    /// The offset of the rest of the style guide.
    next_offset: Option<usize>,
}

impl Tool for SiteGet {
    const NAME: &'static str = "site_get";
    const TITLE: &'static str = "About this publication";
    const DESCRIPTION: &'static str = "Returns the publication's name, URL and language, what agents \
        may publish, and with detail full the style guide (Markdown).";
    const SCOPE: Scope = Scope::Profile;
    const HINTS: Hints = Hints::READ_ONLY;
    type Input = Input;

    async fn call(cx: &Context, actor: &Actor, input: Input) -> Result<ToolResult, Problem> {
        let settings = settings::current(cx).await?;
        let guide = settings.style_guide.as_str();
        let output = |style_guide, next_offset| Output {
            title: &settings.title,
            description: &settings.description,
            url: &settings.url,
            language: &settings.language,
            time_zone: &settings.time_zone,
            post_path: &settings.post_path,
            page_path: &settings.page_path,
            agent_publishing: settings.agent_publishing,
            style_guide_characters: guide.chars().count(),
            style_guide,
            next_offset,
        };
        let message = match input.detail {
            Detail::Concise => None,
            Detail::Full if !actor.caller.may(Scope::PostsRead) => Some(NOT_ALLOWED),
            Detail::Full if guide.trim().is_empty() => Some(NO_GUIDE),
            Detail::Full => {
                let offset = usize::try_from(input.offset).unwrap_or(usize::MAX);
                return Ok(tool_result::chunk(guide, offset, |chunk| {
                    let head = output(None, chunk.next_offset);
                    ToolResult::json_and_text(&head, chunk.text.to_owned())
                }));
            }
        };
        Ok(ToolResult::json(&output(message, None)))
    }
}
