//! Writing: every save is an immutable revision and moves the head of the post to it.

use crate::auth::audit::{Entry, Event};
use crate::auth::{Caller, random};
use crate::context::Context;
use crate::endpoint::IfMatch;
use crate::http::page::{Page, PageParams};
use crate::http::problem::{Code, Problem};
use crate::model::{
    Excerpt, Markdown, Post, PostId, PostStatus, PostSummary, RevisionId, Slug, Tag, TagName, Time,
    Title, author_of,
};
use crate::store::posts::{NotWritten, Origin, PostItem, RevisionItem};

use super::rights;

/// A post to be made.
#[derive(Clone, Debug)]
pub struct NewPost {
    /// The title.
    pub title: Title,
    /// The Markdown.
    pub body: Markdown,
    /// The slug; made from the title where it is not given.
    pub slug: Option<Slug>,
    /// The summary.
    pub excerpt: Option<Excerpt>,
    /// The tags, by name.
    pub tags: Vec<TagName>,
}

/// What to change of a post; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// The title.
    pub title: Option<Title>,
    /// The Markdown.
    pub body: Option<Markdown>,
    /// The slug.
    pub slug: Option<Slug>,
    /// The summary.
    pub excerpt: Option<Excerpt>,
    /// The tags, by name; all of them.
    pub tags: Option<Vec<TagName>>,
}

/// How many slugs are tried for a title before the answer is a conflict.
const SLUG_ATTEMPTS: u32 = 4;

/// Makes a draft of the caller's.
///
/// # Errors
/// 409 where the given slug is taken; 413 for a body that is too large.
pub async fn create(
    cx: &Context,
    caller: &Caller,
    new: NewPost,
    origin: Origin,
) -> Result<Post, Problem> {
    within_limit(&new.body)?;
    let now = cx.clock.now();
    let id = PostId::new(now);
    let given = new.slug.is_some();
    let wanted = new.slug.or_else(|| Slug::from_text(new.title.as_str())).unwrap_or_else(|| {
        // A title without a letter that a slug can hold.
        Slug::trusted("post").with_suffix(&random::letters(6))
    });
    let mut post = PostItem {
        summary: PostSummary {
            id,
            title: new.title,
            slug: wanted.clone(),
            excerpt: new.excerpt.unwrap_or_else(|| Excerpt::trusted("")),
            tags: tags(new.tags),
            status: PostStatus::Draft,
            version: 1,
            revision_id: RevisionId::new(now),
            live_revision_id: None,
            author: author_of(&caller.user),
            created_at: now,
            updated_at: now,
            published_at: None,
        },
        live: None,
    };
    for attempt in 1..=SLUG_ATTEMPTS {
        let revision = revision_of(&post, new.body.clone(), None, caller, origin, now);
        match cx.store.create_post(&post, &revision).await? {
            Ok(()) => {
                let entry = Entry::new(cx, Event::PostCreated).by_caller(caller);
                entry.about(&post.summary.id).record(cx).await;
                return Ok(Post { summary: post.summary, body: new.body });
            }
            Err(NotWritten::SlugTaken) if !given && attempt < SLUG_ATTEMPTS => {
                post.summary.slug = match attempt {
                    1 | 2 => wanted.with_suffix(&(attempt + 1).to_string()),
                    _ => wanted.with_suffix(&random::letters(6)),
                };
            }
            Err(NotWritten::SlugTaken) => return Err(slug_taken(&post.summary.slug)),
            Err(NotWritten::Stale) => return Err(Problem::internal("a new post id is in use")),
        }
    }
    unreachable!("the last attempt returns")
}

/// Changes a post, as a new revision, if it still is as the caller saw it. Nothing to change makes
/// no revision.
///
/// # Errors
/// 404, 409 where the slug is taken, 412 where the post has changed, 413.
pub async fn edit(
    cx: &Context,
    caller: &Caller,
    id: &PostId,
    seen: &IfMatch,
    changes: Changes,
    origin: Origin,
) -> Result<Post, Problem> {
    if let Some(body) = &changes.body {
        within_limit(body)?;
    }
    let before = rights::find(&cx.store, caller, id).await?;
    if !seen.names(before.summary.version) {
        return Err(stale(before.summary.version));
    }
    if changes == Changes::default() {
        return get(cx, caller, id).await;
    }
    let now = cx.clock.now();
    let mut after = before.clone();
    let head = &mut after.summary;
    let parent = std::mem::replace(&mut head.revision_id, RevisionId::new(now));
    head.title = changes.title.unwrap_or_else(|| head.title.clone());
    head.slug = changes.slug.unwrap_or_else(|| head.slug.clone());
    head.excerpt = changes.excerpt.unwrap_or_else(|| head.excerpt.clone());
    head.tags = changes.tags.map_or_else(|| head.tags.clone(), tags);
    head.version += 1;
    head.updated_at = now;
    let body = match changes.body {
        Some(body) => body,
        None => body_of(cx, id, &parent).await?,
    };
    let revision = revision_of(&after, body.clone(), Some(parent), caller, origin, now);
    match cx.store.save_post(&before, &after, &revision).await? {
        Ok(()) => {
            let entry = Entry::new(cx, Event::PostUpdated).by_caller(caller).about(id);
            entry.with(format!("version {}", after.summary.version)).record(cx).await;
            Ok(Post { summary: after.summary, body })
        }
        Err(NotWritten::SlugTaken) => Err(slug_taken(&after.summary.slug)),
        Err(NotWritten::Stale) => {
            let now = rights::find(&cx.store, caller, id).await?;
            Err(stale(now.summary.version))
        }
    }
}

/// A post with the body of its latest revision.
///
/// # Errors
/// 404.
pub async fn get(cx: &Context, caller: &Caller, id: &PostId) -> Result<Post, Problem> {
    let post = rights::find(&cx.store, caller, id).await?;
    let body = body_of(cx, id, &post.summary.revision_id).await?;
    Ok(Post { summary: post.summary, body })
}

/// The posts that the caller may work on, the last changed first.
///
/// # Errors
/// 422 for a cursor of another list.
pub async fn list(
    cx: &Context,
    caller: &Caller,
    page: &PageParams,
) -> Result<Page<PostSummary>, Problem> {
    cx.store.posts(rights::limited_to(caller), page).await
}

pub(super) async fn body_of(
    cx: &Context,
    id: &PostId,
    revision: &RevisionId,
) -> Result<Markdown, Problem> {
    let found = cx.store.revision(id, revision).await?;
    let missing = || Problem::internal(format!("{id} names {revision}, which is not there"));
    Ok(found.ok_or_else(missing)?.body)
}

fn revision_of(
    post: &PostItem,
    body: Markdown,
    parent_id: Option<RevisionId>,
    caller: &Caller,
    origin: Origin,
    now: Time,
) -> RevisionItem {
    let head = post.summary.clone();
    RevisionItem {
        id: head.revision_id,
        post_id: head.id,
        title: head.title,
        slug: head.slug,
        excerpt: head.excerpt,
        tags: head.tags,
        body,
        parent_id,
        created_by: caller.user.id.clone(),
        origin,
        created_at: now,
    }
}

/// Tags with their slugs; of two names with one slug the first stays.
fn tags(names: Vec<TagName>) -> Vec<Tag> {
    let mut tags: Vec<Tag> = Vec::with_capacity(names.len());
    for name in names {
        let slug = Slug::from_text(name.as_str());
        let slug = slug.unwrap_or_else(|| Slug::trusted("tag"));
        if !tags.iter().any(|tag| tag.slug == slug) {
            tags.push(Tag { slug, name });
        }
    }
    tags
}

fn within_limit(body: &Markdown) -> Result<(), Problem> {
    let size = body.as_str().len();
    if size <= Markdown::MAX_BYTES {
        return Ok(());
    }
    let limit = Markdown::MAX_BYTES;
    let detail = format!(
        "The body has {size} bytes of Markdown; a post may have {limit}. Split it into several."
    );
    Err(Problem::new(Code::PayloadTooLarge, detail))
}

pub(super) fn stale(version: u64) -> Problem {
    let detail = format!(
        "The post is at \"v{version}\" by now. Read it again, apply your change to what you find, \
         and send If-Match with its ETag."
    );
    Problem::new(Code::PreconditionFailed, detail)
}

pub(super) fn slug_taken(slug: &Slug) -> Problem {
    let detail = format!("Another post has the slug {slug}. Choose another one.");
    Problem::new(Code::SlugTaken, detail)
}
