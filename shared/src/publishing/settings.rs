//! The publication's settings.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::drafts::stale_of;
use super::{Actor, rights};
use crate::auth::audit::{Entry, Event};
use crate::context::Context;
use crate::endpoint::IfMatch;
use crate::http::problem::Problem;
use crate::model::{
    AgentPublishing, Description, Language, PostPath, Settings, SiteUrl, StyleGuide, Title,
};

/// What to change of the settings; what is left out stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct SettingsChanges {
    /// The publication's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Title>,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Description>,
    /// Where it is read, without a slash at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<SiteUrl>,
    /// The language that posts are in unless they say otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// The path of a post's page on the site, such as `/posts/{slug}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post_path: Option<PostPath>,
    /// What agents may make live: nothing, what a person approved, or whatever their role allows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_publishing: Option<AgentPublishing>,
    /// How texts are to be written here, in Markdown; agents read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub style_guide: Option<StyleGuide>,
}

/// The settings, or those that a deployment begins with.
///
/// # Errors
/// As any call.
pub async fn current(cx: &Context) -> Result<Settings, Problem> {
    Ok(cx.store.settings().get().await?.unwrap_or_else(|| initial(cx)))
}

/// Changes the settings; with `seen`, only if they still are as the caller saw them.
///
/// # Errors
/// 403 for all but people; 412 where they have changed.
pub async fn change(
    cx: &Context,
    actor: &Actor,
    seen: Option<&IfMatch>,
    changes: SettingsChanges,
) -> Result<Settings, Problem> {
    // Or an agent could give itself the right to publish.
    rights::only_people(actor)?;
    let before = cx.store.settings().get_consistent().await?.unwrap_or_else(|| initial(cx));
    if seen.is_some_and(|seen| !seen.names(before.version)) {
        return Err(stale_of("settings are", before.version));
    }
    let now = cx.clock.now();
    let url = changes.url.map(|url| SiteUrl::trusted(url.as_str().trim_end_matches('/')));
    let after = Settings {
        title: changes.title.unwrap_or(before.title),
        description: changes.description.unwrap_or(before.description),
        url: url.unwrap_or(before.url),
        language: changes.language.map_or(before.language, |language| language.canonical()),
        post_path: changes.post_path.unwrap_or(before.post_path),
        agent_publishing: changes.agent_publishing.unwrap_or(before.agent_publishing),
        style_guide: changes.style_guide.unwrap_or(before.style_guide),
        version: before.version + 1,
        updated_at: Some(now),
    };
    let entry = Entry::new(cx, Event::SettingsChanged).by_caller(&actor.caller);
    if cx.store.settings().update(before.version, &after, &entry).await? {
        return Ok(after);
    }
    Err(stale_of("settings are", current(cx).await?.version))
}

fn initial(cx: &Context) -> Settings {
    Settings {
        title: Title::trusted(cx.config.site_name.clone()),
        description: Description::trusted(""),
        url: SiteUrl::trusted(cx.config.site_url.clone()),
        language: Language::trusted("en"),
        post_path: PostPath::trusted("/posts/{slug}"),
        agent_publishing: AgentPublishing::Approved,
        style_guide: StyleGuide::trusted(""),
        version: 0,
        updated_at: None,
    }
}
