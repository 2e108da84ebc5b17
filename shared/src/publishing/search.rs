//! Finding posts and pages by words: of what readers see, and of what the caller may work on. Titles, tags and
//! excerpts are looked through, the newest first; texts are not.

use std::collections::HashSet;

use super::reading::{get, list};
use crate::auth::Actor;
use crate::context::Context;
use crate::http::page::PageParams;
use crate::http::problem::Problem;
use crate::model::{
    Excerpt, Post, PostFields, PostId, PostStatus, PostSummary, PostType, PublicPostSummary, Scope,
    Slug, Tag, Time, Title,
};
use crate::store::live_lists::LiveFilter;
use crate::store::posts::PostFilter;

/// A post that the caller may work on, by a slug that it has or had.
///
/// # Errors
/// 404.
pub async fn get_by_slug(cx: &Context, actor: &Actor, slug: &Slug) -> Result<Post, Problem> {
    let id =
        cx.store.slugs().find_post_id(slug).await?.ok_or_else(|| Problem::not_found("post"))?;
    get(cx, actor, &id).await
}

/// A post that was found.
#[derive(Clone, Debug)]
pub struct Hit {
    /// Its id.
    pub id: PostId,
    /// Its title.
    pub title: Title,
    /// Its slug.
    pub slug: Slug,
    /// Whether it is a post or a page.
    pub post_type: PostType,
    /// Its excerpt.
    pub excerpt: Excerpt,
    /// Where it stands.
    pub status: PostStatus,
    /// When it was last changed, as the caller sees it.
    pub updated_at: Time,
    /// Whether the caller may work on it.
    pub own: bool,
    score: usize,
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Hits {
    /// The best first.
    pub hits: Vec<Hit>,
    /// Whether there are posts that were not looked at, as they are too old.
    pub more: bool,
}

/// How many pages of 100 posts are looked through, of each kind.
const PAGES: usize = 10;

/// The posts that hold every word of a query in title, tags or excerpt.
///
/// # Errors
/// As any list.
pub async fn search(
    cx: &Context,
    actor: &Actor,
    query: &str,
    limit: usize,
) -> Result<Hits, Problem> {
    let words = query.split_whitespace().map(str::to_lowercase).collect();
    let mut found = Found { words, hits: Vec::new(), seen: HashSet::new() };
    let mut more = false;
    if actor.caller.may(Scope::PostsRead) {
        let mut page = PageParams { limit: 100, cursor: None };
        for _ in 0..PAGES {
            let posts = list(cx, actor, PostFilter::default(), &page).await?;
            for post in posts.items {
                let PostFields { tags, .. } = &post.fields;
                found.consider(own(&post), tags);
            }
            page.cursor = posts.next_cursor;
            if page.cursor.is_none() {
                break;
            }
        }
        more |= page.cursor.is_some();
    }
    for filter in [LiveFilter::pages(), LiveFilter::default()] {
        let mut page = PageParams { limit: 100, cursor: None };
        for _ in 0..PAGES {
            let posts = cx.store.live_posts().list(&filter, &page).await?;
            for post in posts.items {
                found.consider(live(&post), &post.tags);
            }
            page.cursor = posts.next_cursor;
            if page.cursor.is_none() {
                break;
            }
        }
        more |= page.cursor.is_some();
    }
    let mut hits = found.hits;
    hits.sort_by(|a, b| b.score.cmp(&a.score).then(b.updated_at.cmp(&a.updated_at)));
    hits.truncate(limit);
    Ok(Hits { hits, more })
}

/// A post that the caller may work on.
fn own(post: &PostSummary) -> Hit {
    let fields = &post.fields;
    Hit {
        id: post.id.clone(),
        title: fields.title.clone(),
        slug: fields.slug.clone(),
        post_type: fields.post_type,
        excerpt: fields.excerpt.clone(),
        status: post.status,
        updated_at: post.updated_at,
        own: true,
        score: 0,
    }
}

/// A post that readers see.
fn live(post: &PublicPostSummary) -> Hit {
    Hit {
        id: post.id.clone(),
        title: post.title.clone(),
        slug: post.slug.clone(),
        post_type: post.post_type,
        excerpt: post.excerpt.clone(),
        status: PostStatus::Published,
        updated_at: post.updated_at,
        own: false,
        score: 0,
    }
}

struct Found {
    /// In lower case.
    words: Vec<String>,
    hits: Vec<Hit>,
    seen: HashSet<PostId>,
}

impl Found {
    /// Takes a post in that was not seen before, if it holds every word. A word counts for more in a
    /// title than in a tag, and there for more than in an excerpt.
    fn consider(&mut self, mut hit: Hit, tags: &[Tag]) {
        if !self.seen.insert(hit.id.clone()) {
            return;
        }
        let title = hit.title.as_str().to_lowercase();
        let tags: Vec<String> = tags.iter().map(|tag| tag.name.as_str().to_lowercase()).collect();
        let rest = format!("{}\n{}", hit.excerpt.as_str().to_lowercase(), hit.slug.as_str());
        for word in &self.words {
            hit.score += match word {
                _ if title.contains(word) => 4,
                _ if tags.iter().any(|tag| tag.contains(word)) => 2,
                _ if rest.contains(word) => 1,
                _ => return,
            };
        }
        self.hits.push(hit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::examples;

    /// The score of a post for these words; none if it does not hold them all.
    fn score(words: &[&str]) -> Option<usize> {
        let words = words.iter().map(|word| (*word).to_owned()).collect();
        let mut found = Found { words, hits: Vec::new(), seen: HashSet::new() };
        let post = examples::post(true).summary;
        let (hit, tags) = (own(&post), &post.fields.tags);
        found.consider(hit.clone(), tags);
        // The same post is found once, by those who work on it and by readers.
        found.consider(Hit { own: false, ..hit }, tags);
        assert!(found.hits.len() <= 1 && found.hits.iter().all(|hit| hit.own));
        found.hits.first().map(|hit| hit.score)
    }

    #[test]
    fn words_count_most_in_titles_and_all_must_be_there() {
        // "Hello, world", with the tag "Field notes", the excerpt "The first post." and the slug "hello-world".
        for (words, expected) in [
            (&["hello"][..], Some(4)),
            (&["notes"], Some(2)),
            (&["first"], Some(1)),
            (&["hello-world"], Some(1)),
            (&["hello", "notes", "first"], Some(7)),
            (&["hello", "hello"], Some(8)),
            (&["hello", "missing"], None),
            (&["missing"], None),
            (&[], Some(0)),
        ] {
            assert_eq!(score(words), expected, "{words:?}");
        }
    }
}
