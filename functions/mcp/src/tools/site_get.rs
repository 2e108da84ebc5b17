//! `site_get`: the publication, and how texts are written here.

use byline_shared::auth::actor::Actor;
use byline_shared::model::{
    AgentPublishing, Description, Language, PostPath, Scope, SiteUrl, Title,
};
use byline_shared::prelude::*;
use byline_shared::settings;

use super::shapes::Detail;
use super::{Hints, Tool};
use crate::answer::{self, Answer};
use crate::resources::NO_GUIDE;

pub(super) struct SiteGet;

/// How much.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// full adds the style guide: read it before you write.
    #[serde(default)]
    detail: Detail,
    /// Where to go on in the style guide: next_offset of the answer before.
    #[serde(default)]
    #[schemars(range(min = 0, max = 20_000))]
    offset: u64,
}

/// Readers have no need of it.
const NOT_YOURS: &str = "It is for those who write: it takes the scope posts:read and the role \
                         author. whoami says what you have.";

#[derive(Serialize)]
struct Output<'s> {
    title: &'s Title,
    description: &'s Description,
    url: &'s SiteUrl,
    language: &'s Language,
    post_path: &'s PostPath,
    agent_publishing: AgentPublishing,
    style_guide_characters: usize,
    /// What there is to say of it where it does not follow.
    style_guide: Option<&'static str>,
    /// Where it goes on.
    next_offset: Option<usize>,
}

impl Tool for SiteGet {
    const NAME: &'static str = "site_get";
    const TITLE: &'static str = "About this publication";
    const DESCRIPTION: &'static str = "The publication's name, address, language, what agents may \
        make live, and with detail full its style guide (Markdown).";
    const SCOPE: Scope = Scope::Profile;
    const HINTS: Hints = Hints::READS;
    type Input = Input;

    async fn call(cx: &Context, actor: &Actor, input: Input) -> Result<Answer, Problem> {
        let settings = settings::current(cx).await?;
        let guide = settings.style_guide.as_str();
        let output = |style_guide, next_offset| Output {
            title: &settings.title,
            description: &settings.description,
            url: &settings.url,
            language: &settings.language,
            post_path: &settings.post_path,
            agent_publishing: settings.agent_publishing,
            style_guide_characters: guide.chars().count(),
            style_guide,
            next_offset,
        };
        let instead = match input.detail {
            Detail::Concise => None,
            Detail::Full if !actor.caller.may(Scope::PostsRead) => Some(NOT_YOURS),
            Detail::Full if guide.trim().is_empty() => Some(NO_GUIDE),
            Detail::Full => {
                let offset = usize::try_from(input.offset).unwrap_or(usize::MAX);
                return Ok(answer::from(guide, offset, |piece| {
                    Answer::with_text(&output(None, piece.next), piece.text.to_owned())
                }));
            }
        };
        Ok(Answer::text_of(&output(instead, None)))
    }
}
