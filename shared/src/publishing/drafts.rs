//! Writing: every save is an immutable revision and moves the head of the post to it.

use super::conflict::{slug_taken, stale};
use super::content::{Changes, NewPost, check_cover, media_of, within_limits};
use super::new_posts::{NewRevisions, keep_new, new_post};
use super::slugs::{chosen_slug, slug_for};
use super::{ai_part, authorization, tag_names};
use crate::auth::Actor;
use crate::context::Context;
use crate::http::if_match::IfMatch;
use crate::http::problem::Problem;
use crate::model::audit::{AuditEntry, Event};
use crate::model::{
    By, Markdown, Post, PostFields, PostId, Revision, RevisionId, RevisionSummary, author_of,
};
use crate::store::WriteError;
use crate::store::post_transaction::{PostTransaction, WriteConflict};
use crate::store::posts::PostItem;
use crate::store::proposals::SlugSource;
use crate::store::rights::RightLost;

/// Makes a draft of the caller's; under the id that the request is to make, if it has one, as [`create_once`].
///
/// # Errors
/// 409 where the given slug is taken; 413 for a body that is too large; 403 where the account was deleted or lost
/// its role meanwhile.
pub async fn create(cx: &Context, actor: &Actor, new: NewPost) -> Result<Post, Problem> {
    if let Some(made) = cx.made {
        return create_once(cx, actor, PostId::from_ulid(made), new).await;
    }
    let (slug, slug_source) = chosen_slug(&new);
    let id = PostId::new(cx.clock.now());
    Box::pin(begin(cx, actor, id, new.into_parts(slug), slug_source, None)).await
}

/// As [`create`], under an id that is known before: a second call with the same id answers the post
/// that the first one made, so that a form which is sent twice makes one post.
///
/// # Errors
/// As [`create`]; 404 where the post of this id is not the caller's to see.
pub async fn create_once(
    cx: &Context,
    actor: &Actor,
    id: PostId,
    new: NewPost,
) -> Result<Post, Problem> {
    let (slug, slug_source) = chosen_slug(&new);
    let made = Box::pin(begin(cx, actor, id.clone(), new.into_parts(slug), slug_source, None));
    once(cx, actor, &id, made).await
}

/// The post with this id; it is made if there is none.
async fn once(
    cx: &Context,
    actor: &Actor,
    id: &PostId,
    made: impl Future<Output = Result<Post, Problem>>,
) -> Result<Post, Problem> {
    if cx.store.posts().get(id).await?.is_some() {
        let made = authorization::find(cx, actor, id).await?;
        return with_body(cx, made).await;
    }
    match made.await {
        Ok(post) => Ok(post),
        // Of two calls at once the other one may have made it.
        Err(problem) => match authorization::find(cx, actor, id).await {
            Ok(made) => with_body(cx, made).await,
            Err(_) => Err(problem),
        },
    }
}

/// Makes a draft. For a copy, `had` is what its text had before, and who copies it: of its tags none is made again,
/// and its cover is not looked at.
async fn begin(
    cx: &Context,
    actor: &Actor,
    post_id: PostId,
    (mut fields, body): (PostFields, Markdown),
    slug_source: SlugSource,
    had: Option<(&PostFields, By)>,
) -> Result<Post, Problem> {
    let now = cx.clock.now();
    within_limits(&fields, &body)?;
    let (had, by) = had.unzip();
    check_cover(cx, fields.cover.as_ref(), had.and_then(|had| had.cover.as_ref())).await?;
    let tags = had.map_or(&[][..], |had| &had.tags);
    fields.tags = tag_names::ensure(cx, fields.tags, tags).await?;
    let revision = Revision {
        summary: RevisionSummary {
            id: RevisionId::new(now),
            post_id,
            fields,
            parent_id: None,
            created_by: by.unwrap_or_else(|| actor.by()),
            by_publisher: actor.is_publisher(),
            approval: None,
            created_at: now,
        },
        body,
    };
    let post = new_post(&revision, author_of(&actor.caller.user), now);
    let entry = AuditEntry::new(cx, Event::PostCreated).by_actor(actor);
    let entry = entry.about(&post.summary.id);
    let new = NewRevisions { revision, base: None };
    let rights = [actor.caller.right()];
    keep_new(cx, post, new, slug_source, (None, &rights), &entry).await
}

/// Makes a draft of the caller's with the latest text of a post; under the id that the request is to make, if it has
/// one, as [`create_once`].
///
/// # Errors
/// 404.
pub async fn duplicate(cx: &Context, actor: &Actor, id: &PostId) -> Result<Post, Problem> {
    let post = authorization::find(cx, actor, id).await?;
    let Post { summary, body } = with_body(cx, post).await?;
    let by = ai_part::by_of_copy(cx, actor.by(), (id, &summary.revision_id)).await?;
    let mut fields = summary.fields;
    fields.slug = slug_for(&fields.title);
    let had = fields.clone();
    let known = cx.made.map(PostId::from_ulid);
    let new_id = known.clone().unwrap_or_else(|| PostId::new(cx.clock.now()));
    let copy = (fields, body);
    let made = Box::pin(begin(cx, actor, new_id, copy, SlugSource::Title, Some((&had, by))));
    match known {
        Some(id) => once(cx, actor, &id, made).await,
        None => made.await,
    }
}

/// Changes a post, as a new revision, if it still is as the caller saw it. Nothing to change makes
/// no revision.
///
/// # Errors
/// 404, 409 where the slug is taken or the post is in the trash, 412 where it has changed, 413.
pub async fn edit(
    cx: &Context,
    actor: &Actor,
    id: &PostId,
    seen: &IfMatch,
    changes: Changes,
) -> Result<Post, Problem> {
    let before = authorization::find_as_seen(cx, actor, id, Some(seen)).await?;
    change(cx, actor, before, changes).await
}

/// As [`edit`], of a post that was read before.
pub(super) async fn change(
    cx: &Context,
    actor: &Actor,
    before: PostItem,
    changes: Changes,
) -> Result<Post, Problem> {
    let id = &before.summary.id;
    let same = changes == Changes::default();
    let mut fields = before.summary.fields.clone();
    let mut body = match &changes.body {
        Some(body) => body.clone(),
        None => body_of(cx, id, &before.summary.revision_id).await?,
    };
    if same {
        return Ok(Post { summary: before.summary, body });
    }
    changes.apply(&mut fields, &mut body);
    Box::pin(save(cx, actor, before, fields, body, Event::PostUpdated)).await
}

/// Keeps a further revision and moves the head to it.
pub(super) async fn save(
    cx: &Context,
    actor: &Actor,
    before: PostItem,
    mut fields: PostFields,
    body: Markdown,
    event: Event,
) -> Result<Post, Problem> {
    within_limits(&fields, &body)?;
    check_cover(cx, fields.cover.as_ref(), before.summary.fields.cover.as_ref()).await?;
    fields.tags = tag_names::ensure(cx, fields.tags, &before.summary.fields.tags).await?;
    let now = cx.clock.now();
    let revision = Revision {
        summary: RevisionSummary {
            id: RevisionId::new(now),
            post_id: before.summary.id.clone(),
            fields,
            parent_id: Some(before.summary.revision_id.clone()),
            created_by: actor.by(),
            by_publisher: actor.is_publisher(),
            approval: None,
            created_at: now,
        },
        body,
    };
    let mut after = before.next(now);
    after.take(&revision);
    let id = &after.summary.id;
    let entry = AuditEntry::new(cx, event).by_actor(actor).about(id);
    let entry = entry.with(revision.summary.id.to_string());
    let written = cx
        .store
        .posts()
        .write(&PostTransaction {
            revision: Some(&revision),
            rights: &[actor.caller.right()],
            entry: Some(&entry),
            ..PostTransaction::new(Some(&before), &after)
        })
        .await;
    match written {
        Ok(()) => Ok(Post { summary: after.summary, body: revision.body }),
        Err(WriteError::Conflict(WriteConflict::SlugTaken)) => {
            Err(slug_taken(&after.summary.fields.slug))
        }
        Err(WriteError::Conflict(WriteConflict::RightLost)) => Err(RightLost.into()),
        Err(WriteError::Conflict(_)) => {
            let now = authorization::find(cx, actor, id).await?;
            Err(stale(now.summary.version))
        }
        Err(WriteError::Store(error)) => Err(error.into()),
    }
}

/// The post of a head.
pub(super) async fn with_body(cx: &Context, post: PostItem) -> Result<Post, Problem> {
    let body = body_of(cx, &post.summary.id, &post.summary.revision_id).await?;
    Ok(Post { summary: post.summary, body })
}

pub(super) async fn body_of(
    cx: &Context,
    id: &PostId,
    revision: &RevisionId,
) -> Result<Markdown, Problem> {
    let found = cx.store.revisions().get(id, revision).await?;
    let missing = || Problem::internal(format!("{id} names {revision}, which is not there"));
    Ok(found.ok_or_else(missing)?.body)
}

impl PostItem {
    /// Makes a revision the latest one.
    pub(super) fn take(&mut self, revision: &Revision) {
        self.summary.revision_id = revision.summary.id.clone();
        self.summary.fields = revision.summary.fields.clone();
        self.draft_media = media_of(&revision.summary.fields, &revision.body);
    }
}
