//! The JSON file that Ghost exports (versions 1 to 6), with the `content` folder beside it if there
//! is one.

mod lexical;
mod redirects;
mod rows;

use std::collections::HashMap;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::tz::TimeZone;
use serde_json::Value;
use shared::model::Time;

use super::permalink::{self, Parts};
use super::{ReadError, ReadOptions, clean};
use rows::{Export, MetaRow, PostRow, TagRow, UserRow};

use crate::html;
use crate::model::{
    Author, MediaRef, Places, Post, PostTag, Publication, Site, Skipped, Status, Tag,
};

/// What stands in an export for the address of the site.
const SITE: &str = "__GHOST_URL__";

/// Everything but the posts, by id.
struct Tables {
    meta: HashMap<String, MetaRow>,
    tags: HashMap<String, TagRow>,
    tags_of: HashMap<String, Vec<(i64, String)>>,
    authors_of: HashMap<String, Vec<(i64, String)>>,
    authors: Vec<Author>,
    now: Time,
    permalink: String,
    site_url: Option<url::Url>,
}

pub(super) fn open(path: &Path, options: &ReadOptions) -> Result<Publication, ReadError> {
    let wrong = |why: String| ReadError::Format(path.to_owned(), "a Ghost export", why);
    let file = File::open(path).map_err(ReadError::file(path))?;
    let file: Export =
        serde_json::from_reader(BufReader::new(file)).map_err(|e| wrong(e.to_string()))?;
    let data = file.db.into_iter().next().map(|database| database.data).or(file.data);
    let data = data.ok_or_else(|| wrong("it has no `db` with `data`".into()))?;

    let setting = |names: &[&str]| {
        names.iter().find_map(|name| {
            let setting = data.settings.iter().find(|setting| setting.key == *name)?;
            clean::text_of(setting.value.as_ref()?)
        })
    };
    let site_url = options.site_url.clone();
    let site = Site {
        title: setting(&["title"]),
        description: setting(&["description"]),
        url: site_url.as_ref().map(ToString::to_string),
        language: setting(&["locale", "lang", "default_locale"]),
        ..Site::default()
    };
    let authors: Vec<Author> = data.users.iter().map(author).collect();
    let tags = data.tags.iter().filter(|tag| !is_internal(tag)).filter_map(|tag| {
        let shown = post_tag(tag)?;
        let description = tag.description.as_deref().and_then(clean::text);
        Some(Tag { slug: shown.slug, name: shown.name, description })
    });
    let tags = tags.collect();
    let content = options.media_folder.clone().or_else(|| content_folder(path));
    let (redirects, mut skipped) = redirects::read(path, content.as_deref());

    let mut posts = data.posts;
    if options.skip_pages {
        posts.retain(|post| {
            let is_page = is_page(post);
            if is_page {
                let title = post.title.clone().unwrap_or_default();
                skipped.push(Skipped::new(title, "it is a page, and pages are left out."));
            }
            !is_page
        });
    }
    let tables = Arc::new(Tables {
        meta: data.posts_meta.into_iter().map(|row| (id(&row.post_id), row)).collect(),
        tags_of: sorted(
            data.posts_tags.iter().map(|row| (&row.post_id, row.sort_order, &row.tag_id)),
        ),
        authors_of: sorted(
            data.posts_authors.iter().map(|row| (&row.post_id, row.sort_order, &row.author_id)),
        ),
        tags: data.tags.into_iter().map(|row| (id(&row.id), row)).collect(),
        authors: authors.clone(),
        now: options.now,
        permalink: options.permalink.clone().unwrap_or_else(|| "/:slug/".into()),
        site_url: site_url.clone(),
    });
    // `/content/images/a.png` is in the folder that holds `content`, or in what a backup calls so.
    let folders: Vec<PathBuf> = content
        .iter()
        .flat_map(|folder| folder.parent().map(Path::to_owned).into_iter().chain([folder.clone()]))
        .collect();
    let key = match &site_url {
        Some(url) => format!("ghost:{url}"),
        None => format!("ghost:{}", site.title.as_deref().unwrap_or("")),
    };
    Ok(Publication {
        key,
        site,
        authors,
        tags,
        media: Vec::new(),
        redirects,
        places: Places { root: content, folders, site_url },
        post_count: posts.len() as u64,
        posts: Box::new(posts.into_iter().map(move |row| post(row, &tables))),
        skipped,
    })
}

/// `content` beside the export, where it has images.
fn content_folder(path: &Path) -> Option<PathBuf> {
    let folder = path.canonicalize().ok()?.parent()?.join("content");
    folder.is_dir().then_some(folder)
}

/// Ids were numbers once.
fn id(value: &Value) -> String {
    clean::text_of(value).unwrap_or_default()
}

fn sorted<'a>(
    rows: impl Iterator<Item = (&'a Value, Option<i64>, &'a Value)>,
) -> HashMap<String, Vec<(i64, String)>> {
    let mut by_post: HashMap<String, Vec<(i64, String)>> = HashMap::new();
    for (post, order, other) in rows {
        by_post.entry(id(post)).or_default().push((order.unwrap_or(0), id(other)));
    }
    by_post.values_mut().for_each(|others| others.sort_by_key(|(order, _)| *order));
    by_post
}

fn author(row: &UserRow) -> Author {
    let text = |value: &Option<String>| value.as_deref().and_then(clean::text);
    let slug = text(&row.slug);
    Author {
        source_id: id(&row.id),
        name: text(&row.name).or_else(|| slug.clone()).unwrap_or_else(|| "Author".into()),
        email: text(&row.email),
        slug,
    }
}

fn is_internal(tag: &TagRow) -> bool {
    tag.visibility.as_deref() == Some("internal") || tag.name.starts_with('#')
}

fn post_tag(tag: &TagRow) -> Option<PostTag> {
    let by_name = clean::tag(&tag.name);
    match tag.slug.as_deref().and_then(clean::text) {
        Some(slug) => Some(PostTag { slug, name: clean::one_line(&tag.name) }),
        None => by_name,
    }
}

fn is_true(value: Option<&Value>) -> bool {
    value.is_some_and(|value| matches!(value, Value::Bool(true)) || value.as_i64() == Some(1))
}

fn is_page(row: &PostRow) -> bool {
    row.kind.as_deref() == Some("page") || is_true(row.page.as_ref())
}

fn time(value: Option<&Value>) -> Option<Time> {
    match value? {
        Value::Number(number) => number.as_i64().map(Time::from_millis),
        Value::String(text) => clean::time(text, &TimeZone::UTC),
        _ => None,
    }
}

fn post(row: PostRow, tables: &Tables) -> Result<Post, Skipped> {
    let source_id = id(&row.id);
    let text = |value: &Option<String>| value.as_deref().and_then(clean::text);
    let title = text(&row.title).map(|title| clean::one_line(&title));
    let mut post = Post::new(&source_id, title.unwrap_or_else(|| "(Untitled)".into()));
    let meta = tables.meta.get(&source_id);
    body(&mut post, &row)?;
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
    restrict(&mut post, &row, meta);
    post.excerpt = text(&row.custom_excerpt);
    post.featured = is_true(row.featured.as_ref());
    post.language = text(&row.locale);
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
        post.metadata.insert("type".into(), "page".into());
    }
    people_and_tags(&mut post, &row, tables);
    if post.status == Status::Published {
        let slug = post.slug.as_deref().unwrap_or_default();
        let parts = Parts {
            slug,
            date: post.published_at,
            categories: post.tags.get(..1).unwrap_or_default(),
            zone: &TimeZone::UTC,
        };
        // A page is at the top, whatever the posts' addresses are.
        let pattern = if is_page(&row) { "/:slug/" } else { &tables.permalink };
        post.old_paths.extend(permalink::fill(pattern, &parts));
    }
    Ok(post)
}

/// The Markdown: as it was written where the post is nothing but Markdown, else made of the HTML.
fn body(post: &mut Post, row: &PostRow) -> Result<(), Skipped> {
    let text = |value: &Option<String>| value.as_deref().and_then(clean::text);
    let document = text(&row.lexical).or_else(|| text(&row.mobiledoc));
    let document: Option<Value> = document.and_then(|text| serde_json::from_str(&text).ok());
    let written = document.as_ref().and_then(lexical::markdown);
    if let Some(markdown) = written {
        post.body = markdown.replace(&format!("{SITE}/"), "/").replace(SITE, "/");
        return Ok(());
    }
    let (source, unknown) = match (text(&row.html), document) {
        (Some(html), _) => (html, Vec::new()),
        (None, Some(document)) => lexical::html(&document),
        (None, None) => {
            post.body = row.markdown.clone().unwrap_or_default();
            return Ok(());
        }
    };
    for card in unknown {
        post.skip(format!("A card of the kind `{card}` was left out."));
    }
    let source = source.replace(&format!("{SITE}/"), "/").replace(SITE, "/");
    let converted = html::to_markdown(&source);
    let converted = converted.map_err(|why| Skipped::new(post.title.clone(), why))?;
    post.body = converted.markdown;
    converted.notes.into_iter().for_each(|note| post.skip(note));
    Ok(())
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
                "It was for `{others}` alone; it is a draft here, as published posts are for all."
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
    let mut authors = authors.into_iter().flatten().map(|(_, id)| id.clone());
    post.author = authors.next().or_else(|| row.author_id.as_ref().map(id));
    let names = authors.filter_map(|id| {
        let author = tables.authors.iter().find(|author| author.source_id == id)?;
        Some(Value::from(author.name.clone()))
    });
    let others: Vec<Value> = names.collect();
    if !others.is_empty() {
        post.skip("It has several authors; the others are in its metadata as `other_authors`.");
        post.metadata.insert("other_authors".into(), Value::Array(others));
    }
    let mut internal: Vec<Value> = Vec::new();
    for (_, id) in tables.tags_of.get(&post.source_id).into_iter().flatten() {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{open, posts, sample, time};

    #[test]
    fn a_whole_export_is_read() {
        let publication = open(&sample("ghost/am-rhein.ghost.2024-03-10.json"));
        assert_eq!(publication.site.title.as_deref(), Some("Am Rhein"));
        assert_eq!(publication.authors.len(), 2);
        assert_eq!(publication.tags.len(), 2, "internal tags are none");
        assert_eq!(publication.redirects.len(), 2);
        assert_eq!(publication.skipped.len(), 1, "{:?}", publication.skipped);
        assert_eq!(publication.post_count, 7);
        let (posts, skipped) = posts(publication);
        assert_eq!((posts.len(), skipped.len()), (7, 0));

        let first = &posts[0];
        assert_eq!(
            first.body,
            "Grüße aus *Köln*: [the other post](/markdown-only/).\n\n\
             ![Eine Brücke](/content/images/2024/03/bruecke.png)\n\n*Die Brücke*\n\n\
             ## Code\n\n```rust\nfn main() {\n    println!(\"{}\", 1 < 2);\n}\n```\n\n\
             | Stadt | Fluss |\n| --- | --- |\n| Köln | Rhein |\n\n\
             [A talk](https://www.youtube.com/watch?v=abcdefghijk)\n\n\
             [More to read](https://example.org/more)\n"
        );
        let tags: Vec<_> = first.tags.iter().map(|tag| tag.slug.as_str()).collect();
        assert_eq!(tags, ["reisen", "rust"]);
        assert_eq!(first.author.as_deref(), Some("1"));
        assert_eq!(first.metadata["other_authors"], serde_json::json!(["Björn"]));
        assert_eq!(first.metadata["internal_tags"], serde_json::json!(["#newsletter"]));
        assert_eq!(first.metadata["cover_caption"], "Foto: Ada");
        let cover = first.cover.as_ref().unwrap();
        assert_eq!(cover.url, "/content/images/2024/03/titel.png");
        assert_eq!(cover.alt.as_deref(), Some("Der Titel"));
        assert_eq!(first.meta_title.as_deref(), Some("Grüße | Example"));
        assert_eq!(first.old_paths, ["/gruesse-vom-rhein/"]);
        assert!(first.featured);
        assert_eq!(first.published_at, Some(time("2024-03-01T10:00:00Z")));

        assert_eq!(
            posts[1].body,
            "## X\n\n* one\n* two  \n  more\n\n\
             ![Brücke](/content/images/2024/03/bruecke.png \"t\")\n\n\
             See <https://example.org/content/images/x.png>.\n",
            "Markdown is taken as it was written"
        );
        assert_eq!(posts[2].status, Status::Draft);
        assert_eq!(posts[3].status, Status::Scheduled(time("2099-01-01T06:00:00Z")));
        assert_eq!(posts[4].metadata["type"], "page");
        let paid = &posts[5];
        assert_eq!((paid.status, paid.published_at), (Status::Draft, None), "it stays closed");
        assert_eq!(posts[6].body, "## Straße\n\n**bold** & plain\n");
        assert!(posts[6].skipped[0].why.contains("signup"));
    }
}
