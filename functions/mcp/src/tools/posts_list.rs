//! `posts_list`: the posts that the caller may work on.

use serde_json::{Value, json};
use shared::http::page::PageParams;
use shared::model::Scope;
use shared::prelude::*;
use shared::publishing::{self, Actor};
use shared::store::posts::PostFilter;

use super::Tool;

pub(super) struct PostsList;

impl Tool for PostsList {
    const NAME: &'static str = "posts_list";
    const TITLE: &'static str = "List posts";
    const DESCRIPTION: &'static str = "Posts you may work on, drafts and published, the last changed first, without their text. \
         Authors see their own posts, editors all. Use post_get for the text of one. If \
         next_cursor is there, call again with it as cursor for more.";
    const SCOPE: Scope = Scope::PostsRead;
    const READ_ONLY: bool = true;
    type Input = PageParams;

    async fn call(cx: &Context, actor: &Actor, page: PageParams) -> Result<Value, Problem> {
        let page = publishing::list(cx, actor, PostFilter::default(), &page).await?;
        let posts = page.items.iter().map(|post| {
            json!({
                "id": post.id,
                "title": post.fields.title,
                "slug": post.fields.slug,
                "status": post.status,
                "author": post.author.name,
                "updated_at": post.updated_at,
            })
        });
        let mut answer = json!({ "posts": posts.collect::<Vec<_>>() });
        if let Some(cursor) = page.next_cursor {
            answer["next_cursor"] = cursor.into();
        }
        Ok(answer)
    }
}
