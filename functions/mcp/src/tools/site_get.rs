//! `site_get`: the publication, and how texts are written here.

use shared::model::{AgentPublishing, Description, Language, PostPath, Scope, SiteUrl, Title};
use shared::prelude::*;
use shared::publishing::{self, Actor};

use super::shapes::Detail;
use super::{Hints, Tool};
use crate::answer::{self, Answer};

pub(super) struct SiteGet;

/// How much.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// full adds the style guide: read it before you write.
    #[serde(default)]
    detail: Detail,
}

#[derive(Serialize)]
struct Output<'s> {
    title: &'s Title,
    description: &'s Description,
    url: &'s SiteUrl,
    language: &'s Language,
    post_path: &'s PostPath,
    agent_publishing: AgentPublishing,
    style_guide_characters: usize,
    /// Where the style guide goes on.
    continues_in: Option<&'static str>,
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
        let settings = publishing::settings(cx).await?;
        let guide = settings.style_guide.as_str();
        let output = |continues_in| Output {
            title: &settings.title,
            description: &settings.description,
            url: &settings.url,
            language: &settings.language,
            post_path: &settings.post_path,
            agent_publishing: settings.agent_publishing,
            style_guide_characters: guide.chars().count(),
            continues_in,
        };
        // Readers have no need of it.
        if input.detail == Detail::Concise || !actor.caller.may(Scope::PostsRead) {
            return Ok(Answer::text_of(&output(None)));
        }
        Ok(answer::from(guide, 0, |piece| {
            let rest = piece.next.map(|_| "the resource site://style-guide");
            Answer::with_text(&output(rest), piece.text.to_owned())
        }))
    }
}
