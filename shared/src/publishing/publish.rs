//! Publishing: exactly the named revision goes live, whatever else has been saved since.

use crate::auth::Caller;
use crate::auth::audit::{Entry, Event};
use crate::context::Context;
use crate::endpoint::IfMatch;
use crate::http::problem::{Code, Problem};
use crate::model::{Markdown, Post, PostId, PostStatus, PublicPost, PublicPostSummary, RevisionId};
use crate::store::live;
use crate::store::posts::{LivePlace, NotWritten};

use super::drafts::{slug_taken, stale};
use super::{render, rights};

/// How often a publish that met another write is tried, where the caller did not name a version.
const ATTEMPTS: u32 = 5;

/// Makes `revision` of a post live. With `seen`, only if the post still is as the caller saw it.
///
/// # Errors
/// 404, 409, 412, and 422 for a revision that the post does not have or that is too large to be
/// served.
pub async fn publish(
    cx: &Context,
    caller: &Caller,
    id: &PostId,
    revision_id: &RevisionId,
    seen: Option<&IfMatch>,
) -> Result<Post, Problem> {
    let mut html = None;
    for _ in 0..ATTEMPTS {
        let before = rights::find(&cx.store, caller, id).await?;
        if let Some(seen) = seen
            && !seen.names(before.summary.version)
        {
            return Err(stale(before.summary.version));
        }
        let revision = cx.store.revision(id, revision_id).await?.ok_or_else(|| {
            let message = "The post has no such revision. Read the post for its revision_id.";
            Problem::invalid_field("revision_id", "not_found", message)
        })?;
        let body_html = match html.take() {
            Some(html) => html,
            None => rendered(cx, revision.body.clone()).await?,
        };
        html = Some(body_html.clone());
        let now = cx.clock.now();
        let published_at = before.summary.published_at.unwrap_or(now);
        let page = PublicPost {
            summary: PublicPostSummary {
                id: id.clone(),
                title: revision.title,
                slug: revision.slug,
                excerpt: revision.excerpt,
                tags: revision.tags,
                author: before.summary.author.clone(),
                revision_id: revision.id,
                published_at,
                updated_at: now,
            },
            body_html,
            body: revision.body,
        };
        if !live::fits(&page) {
            let message = "This revision is too large to be served: its text and its HTML do not \
                           fit a stored page. Split the post into several.";
            return Err(Problem::invalid_field("revision_id", "too_large", message));
        }
        let mut after = before.clone();
        let head = &mut after.summary;
        head.status = PostStatus::Published;
        head.version += 1;
        head.live_revision_id = Some(revision_id.clone());
        head.published_at = Some(published_at);
        head.updated_at = now;
        after.live = Some(LivePlace {
            slug: page.summary.slug.clone(),
            tags: page.summary.tags.iter().map(|tag| tag.slug.clone()).collect(),
        });
        match cx.store.publish_post(&before, &after, &page).await? {
            Ok(()) => {
                let entry = Entry::new(cx, Event::PostPublished).by_caller(caller).about(id);
                entry.with(revision_id.to_string()).record(cx).await;
                let body = super::drafts::body_of(cx, id, &after.summary.revision_id).await?;
                return Ok(Post { summary: after.summary, body });
            }
            Err(NotWritten::SlugTaken) => return Err(slug_taken(&page.summary.slug)),
            // The next round finds the version that won.
            Err(NotWritten::Stale) => {}
        }
    }
    let detail = "Others keep writing to this post. Read it again and repeat the publish.";
    Err(Problem::new(Code::EditConflict, detail))
}

/// The HTML of a body, rendered beside the requests.
async fn rendered(cx: &Context, body: Markdown) -> Result<String, Problem> {
    let html = cx.compute(move || render::to_html(body.as_str())).await?;
    html.map_err(|fault| {
        let message = format!("{fault} Save a simpler revision, or split the post into several.");
        Problem::invalid_field("revision_id", "too_complex", message)
    })
}
