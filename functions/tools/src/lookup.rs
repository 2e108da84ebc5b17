//! Finds a post by its id or slug. Posts that the caller may edit are returned as drafted, others
//! as published.

use byline_shared::auth::actor::Actor;
use byline_shared::context::Context;
use byline_shared::http::problem::{Code, Problem};
use byline_shared::model::{Markdown, Post, PostId, PublicPost, Scope, Slug};
use byline_shared::publishing;
use byline_shared::store::live::Found;

/// A post in the form that the caller may see.
pub enum ReadablePost {
    /// The latest draft: the caller may edit the post.
    Draft(Box<Post>),
    /// The published version.
    Live(Box<PublicPost>),
}

impl ReadablePost {
    /// Its text.
    #[must_use]
    pub fn body(&self) -> &Markdown {
        match self {
            Self::Draft(post) => &post.body,
            Self::Live(post) => &post.body,
        }
    }
}

/// How many redirects of a renamed slug are followed.
const MAX_REDIRECTS: usize = 5;

/// The post with this id or slug, drafted or published.
///
/// # Errors
/// 404 if there is none that the caller may read.
pub async fn readable_post(
    cx: &Context,
    actor: &Actor,
    name: &str,
) -> Result<ReadablePost, Problem> {
    let reads_drafts = actor.caller.may(Scope::PostsRead);
    if let Ok(id) = name.parse::<PostId>() {
        if !reads_drafts {
            return Err(Problem::not_found("post"));
        }
        let post = publishing::get(cx, actor, &id).await?;
        return Ok(ReadablePost::Draft(Box::new(post)));
    }
    let mut slug = slug(name)?;
    if reads_drafts {
        match publishing::get_by_slug(cx, actor, &slug).await {
            Ok(post) => return Ok(ReadablePost::Draft(Box::new(post))),
            Err(problem) if problem.code == Code::NotFound => {}
            Err(problem) => return Err(problem),
        }
    }
    for _ in 0..MAX_REDIRECTS {
        match cx.store.live_posts().find(&slug).await? {
            Some(Found::Post(post)) => return Ok(ReadablePost::Live(post)),
            Some(Found::MovedTo(to)) => slug = to,
            None => break,
        }
    }
    Err(Problem::not_found("post"))
}

/// The post with this id or slug, if the caller may edit it.
///
/// # Errors
/// 404 otherwise.
pub async fn editable_post(cx: &Context, actor: &Actor, name: &str) -> Result<Post, Problem> {
    match name.parse::<PostId>() {
        Ok(id) => publishing::get(cx, actor, &id).await,
        Err(_) => publishing::get_by_slug(cx, actor, &slug(name)?).await,
    }
}

fn slug(name: &str) -> Result<Slug, Problem> {
    name.parse().map_err(|_| Problem::not_found("post"))
}
