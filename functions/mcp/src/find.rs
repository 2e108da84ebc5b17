//! A post by what an agent knows it by: its id, or a slug. Those that the caller may work on are
//! shown as they are drafted, the others as readers see them.

use byline_shared::auth::actor::Actor;
use byline_shared::context::Context;
use byline_shared::http::problem::{Code, Problem};
use byline_shared::model::{Markdown, Post, PostId, PublicPost, Scope, Slug};
use byline_shared::publishing;
use byline_shared::store::live::Found;

/// A post as the caller may see it.
pub(crate) enum Readable {
    /// One to work on.
    Draft(Box<Post>),
    /// One to read.
    Live(Box<PublicPost>),
}

impl Readable {
    /// Its Markdown.
    pub(crate) fn body(&self) -> &Markdown {
        match self {
            Self::Draft(post) => &post.body,
            Self::Live(post) => &post.body,
        }
    }
}

/// How often a slug that moved is followed.
const MOVES: usize = 5;

/// The post with this id or slug.
///
/// # Errors
/// 404.
pub(crate) async fn post(cx: &Context, actor: &Actor, name: &str) -> Result<Readable, Problem> {
    let works = actor.caller.may(Scope::PostsRead);
    if let Ok(id) = name.parse::<PostId>() {
        if !works {
            return Err(Problem::not_found("post"));
        }
        return publishing::get(cx, actor, &id).await.map(|post| Readable::Draft(Box::new(post)));
    }
    let mut slug = slug(name)?;
    if works {
        match publishing::get_by_slug(cx, actor, &slug).await {
            Ok(post) => return Ok(Readable::Draft(Box::new(post))),
            Err(problem) if problem.code == Code::NotFound => {}
            Err(problem) => return Err(problem),
        }
    }
    for _ in 0..MOVES {
        match cx.store.live_posts().find(&slug).await? {
            Some(Found::Post(post)) => return Ok(Readable::Live(post)),
            Some(Found::MovedTo(to)) => slug = to,
            None => break,
        }
    }
    Err(Problem::not_found("post"))
}

/// The id of a post that the caller may work on, by its id or slug.
///
/// # Errors
/// 404.
pub(crate) async fn to_work_on(cx: &Context, actor: &Actor, name: &str) -> Result<Post, Problem> {
    match name.parse::<PostId>() {
        Ok(id) => publishing::get(cx, actor, &id).await,
        Err(_) => publishing::get_by_slug(cx, actor, &slug(name)?).await,
    }
}

fn slug(name: &str) -> Result<Slug, Problem> {
    let is_slug = !name.is_empty()
        && name.len() <= 100
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if is_slug { Ok(Slug::trusted(name)) } else { Err(Problem::not_found("post")) }
}
