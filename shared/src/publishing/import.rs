//! Posts from elsewhere: kept as they were there, with their own times and authors.

use super::conflict::{Attempt, retry_on_conflict, slug_taken};
use super::content::{with_line_feeds, within_limits};
use super::covers::Covers;
use super::go_live::{PublishPlan, Published, publication};
use super::new_posts::new_post;
use super::{ai_part, schedule, signature, tag_names};
use crate::auth::Actor;
use crate::context::Context;
use crate::crypto::random;
use crate::http::problem::Problem;
use crate::model::audit::{AuditEntry, Event};
use crate::model::{
    ActorKind, Author, By, Markdown, Post, PostFields, PostId, Revision, RevisionId,
    RevisionSummary, Time,
};
use crate::store::WriteError;
use crate::store::post_transaction::{LiveChange, PostTransaction, WriteConflict};
use crate::store::posts::PostItem;

/// How many slugs are tried.
const SLUG_ATTEMPTS: u32 = 4;

/// A post from elsewhere.
#[derive(Clone, Debug)]
pub struct ImportedPost {
    /// Its id: the same each time it comes.
    pub id: PostId,
    /// Who wrote it.
    pub author: Author,
    /// What it says, beside its body; tags that are new are made.
    pub fields: PostFields,
    /// The Markdown.
    pub body: Markdown,
    /// When it was made.
    pub created_at: Time,
    /// When it was last changed.
    pub updated_at: Time,
    /// When readers first saw it, if they did.
    pub published_at: Option<Time>,
    /// Where it stands.
    pub state: ImportedState,
}

/// Where a post from elsewhere stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportedState {
    /// Nothing of it is live.
    Draft,
    /// It is live, since its `published_at`.
    Published,
    /// It goes live then. A time that has passed is its `published_at`; one that is too far away
    /// makes it a draft.
    Scheduled(Time),
    /// It is in the trash, from now on.
    Trashed,
}

/// What became of a post from elsewhere.
#[derive(Clone, Debug)]
pub enum Import {
    /// It is there now; its slug is another one where another post had it.
    New(Box<Post>),
    /// It was there, as it is or as it was changed since.
    Found(PostId),
}

/// Keeps a post from elsewhere. Done again it changes nothing.
///
/// # Errors
/// 409 where no slug like its own is free; 413 and 422 for what cannot be kept or served.
pub async fn import(
    cx: &Context,
    actor: &Actor,
    mut post: ImportedPost,
) -> Result<Import, Problem> {
    let now = cx.clock.now();
    post.body = with_line_feeds(post.body);
    if let ImportedState::Scheduled(at) = post.state
        && at <= now
    {
        post.published_at = post.published_at.or(Some(at));
        post.state = ImportedState::Published;
    }
    if let ImportedState::Scheduled(at) = post.state
        && !schedule::is_near(at, now)
    {
        post.state = ImportedState::Draft;
    }
    if cx.store.posts().get(&post.id).await?.is_some() {
        return Ok(Import::Found(post.id));
    }
    within_limits(&post.fields, &post.body)?;
    post.fields.tags = tag_names::ensure(cx, std::mem::take(&mut post.fields.tags), &[]).await?;
    let wanted = post.fields.slug.clone();
    for number in 1..=SLUG_ATTEMPTS {
        post.fields.slug = match number {
            1 => wanted.clone(),
            2 | 3 => wanted.with_suffix(&number.to_string()),
            _ => wanted.with_suffix(&random::letters(6)),
        };
        let revision = first_revision(&post);
        // `None` if another post has the slug.
        let written = retry_on_conflict(|| async {
            match write(cx, actor, &post, &revision).await {
                Ok(kept) => Ok(Attempt::Done(Some(kept))),
                Err(NotImported::Conflict(WriteConflict::SlugTaken)) => Ok(Attempt::Done(None)),
                Err(NotImported::Conflict(_)) => Ok(Attempt::Conflict),
                Err(NotImported::Problem(problem)) => Err(problem),
            }
        });
        if let Some(kept) = written.await? {
            let made = Post { summary: kept.summary, body: revision.body };
            return Ok(Import::New(Box::new(made)));
        }
    }
    Err(slug_taken(&wanted))
}

/// Why an attempt did not write the post.
enum NotImported {
    /// Another write came first.
    Conflict(WriteConflict),
    /// The post cannot be imported, or the database failed.
    Problem(Problem),
}

impl From<Problem> for NotImported {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

fn first_revision(post: &ImportedPost) -> Revision {
    let created_by = By {
        user_id: post.author.id.clone(),
        user_name: Some(post.author.name.clone()),
        kind: ActorKind::Person,
        api_key_id: None,
        api_key_name: None,
        grant_id: None,
        client: Some(ai_part::IMPORT.to_owned()),
        model: None,
        conversation_id: None,
    };
    let summary = RevisionSummary {
        id: RevisionId::new(post.updated_at),
        post_id: post.id.clone(),
        fields: post.fields.clone(),
        parent_id: None,
        created_by,
        // The admin who imports a publication vouches for it.
        by_publisher: true,
        approval: None,
        created_at: post.updated_at,
    };
    Revision { summary, body: post.body.clone() }
}

/// Writes the head, the revision and, for a published one, the page: all or nothing.
async fn write(
    cx: &Context,
    actor: &Actor,
    post: &ImportedPost,
    revision: &Revision,
) -> Result<PostItem, NotImported> {
    let mut head = new_post(revision, post.author.clone(), post.created_at);
    head.summary.published_at = post.published_at;
    head.summary.updated_at = post.updated_at;
    let entry = AuditEntry::new(cx, Event::PostCreated).by_actor(actor).about(&post.id);
    let entry = entry.with(match post.state {
        ImportedState::Published => "imported and published",
        ImportedState::Scheduled(_) => "imported and scheduled",
        ImportedState::Draft | ImportedState::Trashed => "imported",
    });
    let mut live = None;
    // The page is made for a scheduled one too: what could not be published then is refused now.
    let compose = async |head: &PostItem, at: Time| {
        // An import is no decision of a person about this text.
        let (before, kind, covers) = (head, ActorKind::ApiKey, &Covers::Anything);
        PublishPlan { before, revision, at, kind, covers }.build(cx).await
    };
    match post.state {
        ImportedState::Published => {
            let at = post.published_at.unwrap_or(post.created_at);
            head.summary.published_at = Some(at);
            let at = at.max(post.updated_at);
            let state = compose(&head, at).await?;
            let (version, updated_at) = (head.summary.version, post.updated_at);
            head = state.after.clone();
            (head.summary.version, head.summary.updated_at) = (version, updated_at);
            live = Some(state);
        }
        ImportedState::Trashed => {
            head.summary.trashed_at = Some(cx.clock.now());
            head.summary.status = head.status();
        }
        ImportedState::Scheduled(at) => {
            let content = compose(&head, at).await?.shown.content;
            schedule::set_schedule(cx, &mut head, at, actor.by(), content).await?;
        }
        ImportedState::Draft => {}
    }
    let record = live.as_ref().map(|Published { page, .. }| {
        let by = revision.summary.created_by.clone();
        publication(&revision.summary.id, by, false, page.summary.published_at)
    });
    let write = PostTransaction {
        revision: Some(revision),
        live: live.as_ref().map_or(LiveChange::Keep, Published::change),
        publication: record.as_ref(),
        signed_by: signature::account(&head.summary.author),
        entry: Some(&entry),
        ..PostTransaction::new(None, &head)
    };
    match cx.store.posts().write(&write).await {
        Ok(()) => Ok(head),
        Err(WriteError::Conflict(conflict)) => Err(NotImported::Conflict(conflict)),
        Err(WriteError::Store(error)) => Err(NotImported::Problem(error.into())),
    }
}
