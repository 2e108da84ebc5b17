//! A row of Ghost's posts as a post.

use byline_shared::model::PostType;
use serde_json::Value;

use super::super::clean;
use super::super::permalink::{self, Generator, Parts};
use super::lexical;
use super::rows::{MetaRow, PostRow, id, is_internal, is_page, is_true, post_tag, text, time};
use super::tables::Tables;
use crate::html;
use crate::model::{MediaRef, Post, Skipped, Status};

/// What stands in an export for the address of the site.
const SITE: &str = "__GHOST_URL__";

pub(super) fn post(row: PostRow, tables: &Tables) -> Result<Post, Skipped> {
    let source_id = id(&row.id);
    let title = text(&row.title).map(|title| clean::one_line(&title));
    let mut post = Post::new(&source_id, title.unwrap_or_else(|| "(Untitled)".into()));
    let meta = tables.meta.get(&source_id);
    body(&mut post, &row)?;
    clean::damaged(&mut post);
    post.slug = text(&row.slug);
    post.created_at = time(row.created_at.as_ref());
    post.updated_at = time(row.updated_at.as_ref());
    let published_at = time(row.published_at.as_ref());
    post.status = match (row.status.as_deref(), published_at) {
        (Some("published"), _) => Status::Published,
        (Some("scheduled"), Some(at)) if at > tables.now => Status::Scheduled(at),
        (Some("scheduled"), _) => Status::Published,
        _ => Status::Draft,
    };
    post.published_at = published_at.filter(|_| post.status == Status::Published);
    if let Some(status) = row.status.as_deref()
        && !matches!(status, "published" | "scheduled" | "draft" | "sent")
    {
        post.skip(format!("Its status was `{status}`; it is a draft here."));
    }
    restrict(&mut post, &row, meta);
    post.excerpt = text(&row.custom_excerpt);
    post.featured = is_true(row.featured.as_ref());
    post.language =
        text(&row.locale).or_else(|| text(&row.language).map(|code| code.replace('_', "-")));
    post.meta_title =
        meta.and_then(|meta| text(&meta.meta_title)).or_else(|| text(&row.meta_title));
    post.meta_description =
        meta.and_then(|meta| text(&meta.meta_description)).or_else(|| text(&row.meta_description));
    if let Some(url) = text(&row.feature_image).or_else(|| text(&row.image)) {
        let alt = meta.and_then(|meta| text(&meta.feature_image_alt));
        post.cover = Some(MediaRef { url: url.replace(SITE, ""), alt });
    }
    if let Some(caption) = meta.and_then(|meta| text(&meta.feature_image_caption))
        && let Ok(caption) = html::to_markdown(&caption)
    {
        post.metadata.insert("cover_caption".into(), caption.markdown.trim().into());
    }
    if let Some(url) = text(&row.canonical_url) {
        match (url.strip_prefix(SITE), &tables.site_url) {
            (None, _) => post.canonical_url = Some(url),
            (Some(path), Some(site)) => {
                post.canonical_url = site.join(path).ok().map(|url| url.to_string());
            }
            (Some(_), None) => {
                post.skip("Its canonical URL needs the site's address (--source-url).")
            }
        }
    }
    if text(&row.codeinjection_head).or_else(|| text(&row.codeinjection_foot)).is_some() {
        post.skip("The code injected into its page was left out.");
    }
    if is_page(&row) {
        post.post_type = PostType::Page;
    }
    people_and_tags(&mut post, &row, tables);
    if post.status == Status::Published {
        let slug = post.slug.as_deref().unwrap_or_default();
        let author = tables.authors.iter().find(|one| Some(&one.source_id) == post.author.as_ref());
        let parts = Parts {
            generator: Generator::Ghost,
            title: &post.title,
            slug: Some(slug),
            name: slug,
            id: &source_id,
            date: post.published_at,
            zone: &tables.zone,
            categories: &[],
            tag: post.tags.first().map(|tag| tag.slug.as_str()),
            author: author.and_then(|author| author.slug.as_deref()),
            folders: &[],
        };
        let base = tables.site_url.as_ref().map_or("", |url| url.path().trim_end_matches('/'));
        // A page is at the top, whatever the posts' addresses are.
        let pattern = if is_page(&row) { "/:slug/" } else { &tables.permalink };
        let path = permalink::fill(pattern, &parts).map(|path| format!("{base}{path}"));
        post.old_paths.extend(path);
    }
    Ok(post)
}

/// The Markdown: as it was written where the post is nothing but Markdown, else made of the HTML.
fn body(post: &mut Post, row: &PostRow) -> Result<(), Skipped> {
    let document = text(&row.lexical).or_else(|| text(&row.mobiledoc));
    let document: Option<Value> = document.and_then(|text| serde_json::from_str(&text).ok());
    let written = document.as_ref().and_then(lexical::markdown);
    // Before version 1, posts were Markdown, and their HTML was made of it.
    let written = written.or_else(|| text(&row.markdown).filter(|_| document.is_none()));
    if let Some(markdown) = written {
        post.body = without_site(&markdown);
        return Ok(());
    }
    let (source, unknown) = match (text(&row.html), document) {
        (Some(html), _) => (html, Vec::new()),
        (None, Some(document)) => lexical::html(&document),
        (None, None) => return Ok(()),
    };
    for card in unknown {
        post.skip(format!("A card of the kind `{card}` was left out."));
    }
    clean::body(post, &without_site(&source))
}

/// A text whose addresses on the site begin with `/`.
fn without_site(text: &str) -> String {
    text.replace(&format!("{SITE}/"), "/").replace(SITE, "/")
}

/// What only some readers might see does not go public by being moved.
fn restrict(post: &mut Post, row: &PostRow, meta: Option<&MetaRow>) {
    let visibility = row.visibility.as_deref().unwrap_or("public");
    let is_mail = row.status.as_deref() == Some("sent")
        || meta.is_some_and(|meta| is_true(meta.email_only.as_ref()));
    let why = match (visibility, is_mail) {
        (_, true) => "It was sent by mail alone; it is a draft here.".to_owned(),
        ("public", false) => return,
        (others, false) => {
            format!(
                "It was for `{others}` alone; it is a draft here, because everybody can read what is published."
            )
        }
    };
    post.metadata.insert("visibility".into(), visibility.into());
    if post.status != Status::Draft || is_mail {
        post.skip(why);
    }
    post.status = Status::Draft;
    post.published_at = None;
}

fn people_and_tags(post: &mut Post, row: &PostRow, tables: &Tables) {
    let authors = tables.authors_of.get(&post.source_id);
    let mut authors = authors.into_iter().flatten().cloned();
    post.author = authors.next().or_else(|| row.author_id.as_ref().map(id));
    let names = authors.filter_map(|id| {
        let author = tables.authors.iter().find(|author| author.source_id == id)?;
        Some(Value::from(author.name.clone()))
    });
    clean::other_authors(post, names.collect());
    let mut internal: Vec<Value> = Vec::new();
    for id in tables.tags_of.get(&post.source_id).into_iter().flatten() {
        match tables.tags.get(id) {
            Some(tag) if is_internal(tag) => internal.push(tag.name.clone().into()),
            Some(tag) => {
                if let Some(tag) = post_tag(tag) {
                    post.tag(tag);
                }
            }
            None => {}
        }
    }
    if !internal.is_empty() {
        post.metadata.insert("internal_tags".into(), Value::Array(internal));
    }
}
