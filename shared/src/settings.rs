//! The publication's settings.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::auth::Actor;
use crate::context::Context;
use crate::http::if_match::{self, IfMatch};
use crate::http::problem::{Code, Problem};
use crate::model::audit::{AuditEntry, Event};
use crate::model::{
    AgentPublishing, Description, Language, PostPath, PropagationJobId, Registration, Settings,
    SiteUrl, StyleGuide, TimeZoneName, Title, Zone,
};
use crate::store::propagation::{Changed, PropagationJob};

/// What to change of the settings; what is left out stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct SettingsChanges {
    /// The publication's name, as mails, feeds and pages say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Title>,
    /// A description in plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Description>,
    /// The URL of the publication's website, without a slash at the end. Feeds, sitemaps and mails link to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<SiteUrl>,
    /// The language of posts that name no other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// The time zone of the publication, by its IANA name, such as `Europe/Berlin` or `UTC`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<TimeZoneName>,
    /// The path of a post on the website, such as `/posts/{slug}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post_path: Option<PostPath>,
    /// The path of a page on the website, such as `/{slug}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page_path: Option<PostPath>,
    /// What agents may do that readers see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_publishing: Option<AgentPublishing>,
    /// Whether authors publish, schedule and take down their own posts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author_publishing: Option<bool>,
    /// How to write for this publication, in Markdown. Agents read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub style_guide: Option<StyleGuide>,
    /// How people get an account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration: Option<Registration>,
}

/// The settings, or those that a deployment begins with.
///
/// # Errors
/// 503 while the database does not answer.
pub async fn current(cx: &Context) -> Result<Settings, Problem> {
    Ok(Settings::clone(&*cx.settings.read().await?))
}

/// Changes the settings; with `seen`, only if they still are as the caller saw them.
///
/// # Errors
/// 403 for all but people, and where they are an admin no longer; 412 where they have changed; 422 for a time zone that does not exist.
pub async fn change(
    cx: &Context,
    actor: &Actor,
    seen: Option<&IfMatch>,
    changes: SettingsChanges,
) -> Result<Settings, Problem> {
    // Or an agent could give itself the right to publish.
    actor.require_person()?;
    let before = Settings::clone(&*cx.settings.read_consistent().await?);
    if seen.is_some_and(|seen| !seen.names(before.version)) {
        return Err(if_match::stale("The settings", before.version));
    }
    let time_zone = changes.time_zone.as_ref().map(known_zone).transpose()?;
    let now = cx.clock.now();
    let url = changes.url.map(|url| SiteUrl::trusted(url.as_str().trim_end_matches('/')));
    let after = Settings {
        title: changes.title.unwrap_or(before.title),
        description: changes.description.unwrap_or(before.description),
        url: url.unwrap_or(before.url),
        language: changes.language.map_or(before.language, |language| language.canonical()),
        time_zone: time_zone.unwrap_or(before.time_zone),
        post_path: changes.post_path.unwrap_or(before.post_path),
        page_path: changes.page_path.unwrap_or(before.page_path),
        agent_publishing: changes.agent_publishing.unwrap_or(before.agent_publishing),
        author_publishing: changes.author_publishing.unwrap_or(before.author_publishing),
        style_guide: changes.style_guide.unwrap_or(before.style_guide),
        registration: changes.registration.unwrap_or(before.registration),
        version: before.version + 1,
        updated_at: Some(now),
    };
    let entry = AuditEntry::new(cx, Event::SettingsChanged).by_actor(actor);
    // What authors have scheduled ends with their right, and not only when it is due.
    let ends = before.author_publishing && !after.author_publishing;
    let id = PropagationJobId::new(now);
    let job = ends.then_some(PropagationJob { id, change: Changed::AuthorPublishing });
    let by = &actor.caller.user.id;
    if cx.store.settings().update(before.version, &after, job.as_ref(), by, &entry).await? {
        cx.settings.keep(Some(after.clone()));
        return Ok(after);
    }
    Err(if_match::stale("The settings", current(cx).await?.version))
}

/// The name as the database of time zones writes it.
fn known_zone(name: &TimeZoneName) -> Result<TimeZoneName, Problem> {
    let zone = Zone::named(name.as_str());
    zone.map(|zone| TimeZoneName::trusted(zone.name())).ok_or_else(|| {
        let message = "There is no such time zone. Take its IANA name, such as Europe/Berlin, America/New_York \
                       or UTC.";
        Problem::invalid_field("time_zone", "unknown", message)
    })
}

/// Checks that the actor may change something that readers see at once and that is no revision: the
/// name of a tag, the alt text of a picture.
///
/// # Errors
/// 403 for agents, unless they may publish as people do.
pub(crate) async fn may_change_live(cx: &Context, actor: &Actor) -> Result<(), Problem> {
    if changes_live(cx, actor).await? {
        return Ok(());
    }
    let detail = "This changes live pages, which agent_publishing does not allow agents. Ask a \
                  person to do it.";
    Err(Problem::new(Code::ApprovalRequired, detail))
}

/// Whether the actor may change what readers see without the approval of a person.
///
/// # Errors
/// 503 while the database does not answer.
pub(crate) async fn changes_live(cx: &Context, actor: &Actor) -> Result<bool, Problem> {
    Ok(actor.is_person() || current(cx).await?.agent_publishing == AgentPublishing::Allowed)
}

/// Checks that the actor may take something from readers, or something that would reach them: a
/// published or scheduled post, a schedule, a file in use.
///
/// # Errors
/// 403 for agents, where agents change nothing that readers see.
pub(crate) async fn may_take_away(cx: &Context, actor: &Actor) -> Result<(), Problem> {
    let allowed =
        actor.is_person() || current(cx).await?.agent_publishing != AgentPublishing::Never;
    if allowed {
        return Ok(());
    }
    let detail = "Here, agents and API keys neither unpublish, unschedule nor delete what readers see \
                  or will see (agent_publishing is never). Ask a person to do it.";
    Err(Problem::new(Code::ApprovalRequired, detail))
}
