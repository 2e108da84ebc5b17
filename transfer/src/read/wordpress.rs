//! The XML file that WordPress exports: posts, pages, and what is known of media files.
//!
//! The file is read twice: first everything but the posts' texts, as a post may name an attachment
//! that stands behind it, then post by post.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use jiff::tz::TimeZone;
use serde_json::Value;
use shared::model::Time;
use url::Url;

use super::shortcodes::{self, Attachments};
use super::wxr::{Element, Elements};
use super::{ReadError, ReadOptions, clean};
use crate::html;
use crate::model::{
    Author, MediaRef, Places, Post, PostTag, Publication, Site, Skipped, Status, Tag,
};

/// Entries that only WordPress itself has a use for.
const INNER: [&str; 12] = [
    "attachment",
    "nav_menu_item",
    "revision",
    "custom_css",
    "customize_changeset",
    "oembed_cache",
    "user_request",
    "wp_block",
    "wp_global_styles",
    "wp_template",
    "wp_template_part",
    "wp_navigation",
];

/// What the first reading finds.
#[derive(Default)]
struct Library {
    site: Site,
    authors: Vec<Author>,
    tags: Vec<Tag>,
    attachments: Attachments,
    posts: u64,
    skipped: Vec<Skipped>,
}

pub(super) fn open(path: &Path, options: &ReadOptions) -> Result<Publication, ReadError> {
    let mut library = Library::default();
    let mut others: HashMap<String, u64> = HashMap::new();
    for element in Elements::open(path).map_err(ReadError::file(path))? {
        let element =
            element.map_err(|why| ReadError::Format(path.to_owned(), "a WordPress export", why))?;
        library.add(&element, options, &mut others);
    }
    if library.site == Site::default() && library.posts == 0 {
        let why = "it has no `channel` with posts".to_owned();
        return Err(ReadError::Format(path.to_owned(), "a WordPress export", why));
    }
    let Library { site, authors, tags, attachments, posts, mut skipped } = library;
    let mut others: Vec<_> = others.into_iter().collect();
    others.sort();
    skipped.extend(others.into_iter().map(|(kind, count)| {
        let why = "entries of this kind have no place in a publication.";
        Skipped::new(format!("{count} \u{d7} {kind}"), why)
    }));
    let site_url = options.site_url.clone();
    let site_url = site_url.or_else(|| Url::parse(site.url.as_deref()?).ok());
    let folders: Vec<_> = options.media_folder.iter().cloned().collect();
    let places = Places { root: options.media_folder.clone(), folders, site_url };
    let attachments = Arc::new(attachments);
    let elements = Elements::open(path).map_err(ReadError::file(path))?;
    let (now, skip_pages) = (options.now, options.skip_pages);
    let key = format!("wordpress:{}", site.url.as_deref().unwrap_or_default());
    Ok(Publication {
        key,
        site,
        authors,
        tags,
        media: Vec::new(),
        redirects: Vec::new(),
        places,
        post_count: posts,
        posts: Box::new(elements.filter_map(move |element| match element {
            Ok(element) if is_post(&element, skip_pages) => Some(post(&element, &attachments, now)),
            Ok(_) => None,
            Err(why) => Some(Err(Skipped::new("the rest of the file", why))),
        })),
        skipped,
    })
}

impl Library {
    fn add(&mut self, element: &Element, options: &ReadOptions, others: &mut HashMap<String, u64>) {
        let text = || clean::text(&element.text);
        match element.name.as_str() {
            "title" => self.site.title = text(),
            "link" => self.site.url = self.site.url.take().or_else(text),
            "wp:base_blog_url" => self.site.url = text().or_else(|| self.site.url.take()),
            "description" => self.site.description = text(),
            "language" => self.site.language = text(),
            "wp:author" => self.authors.extend(author(element)),
            "wp:tag" => self.describe(element, "wp:tag_slug", "wp:tag_name", "wp:tag_description"),
            "wp:category" => {
                let description = "wp:category_description";
                self.describe(element, "wp:category_nicename", "wp:cat_name", description);
            }
            "item" if is_post(element, options.skip_pages) => {
                self.posts += 1;
                let comments = element.all("wp:comment").count() as u64;
                if comments > 0 {
                    *others.entry("comment".into()).or_default() += comments;
                }
            }
            "item" => {
                let kind = element.field("wp:post_type").unwrap_or("entry");
                if kind == "attachment" {
                    self.attachments.add(element);
                } else if !INNER.contains(&kind) || kind == "wp_block" {
                    let title = element.field("title").unwrap_or("(Untitled)").to_owned();
                    let why = match (kind, options.skip_pages) {
                        ("page", true) => "it is a page, and pages are left out.".to_owned(),
                        ("post" | "page", _) => "it was never saved (auto-draft).".to_owned(),
                        _ => format!("entries of the kind `{kind}` are not known here."),
                    };
                    self.skipped.push(Skipped::new(title, why));
                } else {
                    *others.entry(kind.to_owned()).or_default() += 1;
                }
            }
            _ => {}
        }
    }

    fn describe(&mut self, element: &Element, slug: &str, name: &str, description: &str) {
        let Some(tag) = tag(element.field(slug), element.field(name)) else { return };
        let description = element.field(description).map(str::to_owned);
        let (slug, name) = (tag.slug, tag.name);
        if !self.tags.iter().any(|tag| tag.slug == slug) && slug != "uncategorized" {
            self.tags.push(Tag { slug, name, description });
        }
    }
}

fn author(element: &Element) -> Option<Author> {
    let login = element.field("wp:author_login")?;
    Some(Author {
        source_id: login.to_owned(),
        name: clean::one_line(element.field("wp:author_display_name").unwrap_or(login)),
        slug: None,
        email: element.field("wp:author_email").map(str::to_owned),
    })
}

/// Slugs are percent-encoded where they are not Latin.
fn tag(slug: Option<&str>, name: Option<&str>) -> Option<PostTag> {
    let name = name?;
    let by_name = clean::tag(name);
    match slug.filter(|slug| !slug.contains('%')) {
        Some(slug) => Some(PostTag { slug: slug.to_owned(), name: clean::one_line(name) }),
        None => by_name,
    }
}

fn is_post(element: &Element, skip_pages: bool) -> bool {
    let kind = element.field("wp:post_type").unwrap_or("post");
    element.name == "item"
        && (kind == "post" || kind == "page" && !skip_pages)
        && element.field("wp:status") != Some("auto-draft")
}

/// A time in UTC, or in the site's own zone where WordPress did not fill the other in.
fn time(element: &Element, utc: &str, local: &str) -> Option<Time> {
    let is_set = |text: &&str| !text.starts_with("0000");
    let text = element.field(utc).filter(is_set).or_else(|| element.field(local).filter(is_set))?;
    clean::time(text, &TimeZone::UTC)
}

fn post(element: &Element, attachments: &Attachments, now: Time) -> Result<Post, Skipped> {
    let source_id = element.field("wp:post_id").unwrap_or_default();
    let title = element.field("title").map_or_else(|| "(Untitled)".into(), clean::one_line);
    let mut post = Post::new(source_id, title);
    let date = time(element, "wp:post_date_gmt", "wp:post_date");
    post.created_at = date;
    post.updated_at = time(element, "wp:post_modified_gmt", "wp:post_modified");
    status(&mut post, element, date, now);
    // A slug of other scripts is percent-encoded, and is made anew of the title.
    post.slug = element
        .field("wp:post_name")
        .filter(|slug| !slug.contains('%'))
        .map(|slug| slug.strip_suffix("__trashed").unwrap_or(slug).to_owned());
    post.author = element.field("dc:creator").map(str::to_owned);
    post.featured = element.field("wp:is_sticky") == Some("1");
    let excerpt = html::to_markdown(element.raw("excerpt:encoded")).ok();
    post.excerpt = excerpt.and_then(|excerpt| clean::text(excerpt.markdown));
    for category in element.all("category") {
        let domain = category.attribute("domain").unwrap_or("category");
        let slug = category.attribute("nicename");
        match domain {
            "category" | "post_tag" if slug != Some("uncategorized") => {
                if let Some(tag) = tag(slug, clean::text(&category.text).as_deref()) {
                    post.tag(tag);
                }
            }
            "post_format" => {
                post.metadata.insert("post_format".into(), category.text.trim().into());
            }
            _ => {}
        }
    }
    let seo = |names: &[&str]| names.iter().find_map(|name| element.meta(name)).map(str::to_owned);
    post.meta_title = seo(&["_yoast_wpseo_title", "rank_math_title", "_aioseo_title"]);
    post.meta_description =
        seo(&["_yoast_wpseo_metadesc", "rank_math_description", "_aioseo_description"]);
    // Yoast fills these in as templates: `%%title%% %%sep%% %%sitename%%`.
    post.meta_title =
        post.meta_title.filter(|text| !text.contains("%%") && !text.contains("%title%"));
    post.meta_description = post.meta_description.filter(|text| !text.contains('%'));
    post.canonical_url = seo(&["_yoast_wpseo_canonical", "rank_math_canonical_url"]);
    let cover = element.meta("_thumbnail_id");
    if let Some(id) = cover {
        match attachments.get(id) {
            Some(found) => {
                let (url, alt) = (found.url.clone(), found.alt.clone());
                post.cover = Some(MediaRef { url, alt });
            }
            None => {
                post.skip(format!("Its featured image (attachment {id}) is not in the export."))
            }
        }
    }
    if element.field("wp:post_type") == Some("page") {
        post.metadata.insert("type".into(), "page".into());
    }
    old_paths(&mut post, element);
    body(&mut post, element, attachments)?;
    Ok(post)
}

fn status(post: &mut Post, element: &Element, date: Option<Time>, now: Time) {
    let status = element.field("wp:status").unwrap_or("draft");
    let has_password = element.field("wp:post_password").is_some();
    post.status = match (status, date) {
        ("trash", _) => Status::Trashed,
        ("publish" | "future", _) if has_password => Status::Draft,
        ("publish", _) => Status::Published,
        ("future", Some(at)) if at > now => Status::Scheduled(at),
        ("future", _) => Status::Published,
        _ => Status::Draft,
    };
    post.published_at = date.filter(|_| post.status == Status::Published);
    // What only some readers might see does not go public by being moved.
    if has_password && post.status == Status::Draft {
        post.skip("It had a password; it is a draft here, as published posts are for all.");
    } else if status == "private" {
        post.skip("It was private; it is a draft here.");
    } else if status == "pending" {
        post.skip("It was waiting for review; it is a draft here.");
    }
}

fn old_paths(post: &mut Post, element: &Element) {
    if post.status != Status::Published {
        return;
    }
    let link = element.field("link").and_then(clean::path);
    let old =
        element.all("wp:postmeta").filter(|meta| meta.field("wp:meta_key") == Some("_wp_old_slug"));
    let old = old.filter_map(|meta| meta.field("wp:meta_value"));
    let mut paths: Vec<String> = link.iter().cloned().collect();
    if let (Some(link), Some(slug)) = (&link, element.field("wp:post_name")) {
        paths.extend(old.filter(|_| link.contains(slug)).map(|old| link.replace(slug, old)));
    }
    post.old_paths = paths;
}

fn body(post: &mut Post, element: &Element, attachments: &Attachments) -> Result<(), Skipped> {
    let expanded = shortcodes::expand(element.raw("content:encoded"), attachments);
    expanded.notes.into_iter().for_each(|note| post.skip(note));
    let source = match expanded.html.contains("<!-- wp:") {
        true => shortcodes::blocks(&expanded.html),
        false => shortcodes::paragraphs(&expanded.html),
    };
    let source = attachments.originals(&source);
    let converted = html::to_markdown(&source);
    let converted = converted.map_err(|why| Skipped::new(post.title.clone(), why))?;
    post.body = converted.markdown;
    converted.notes.into_iter().for_each(|note| post.skip(note));
    footnotes(post, element);
    Ok(())
}

/// Gutenberg keeps the texts of footnotes beside the post.
fn footnotes(post: &mut Post, element: &Element) {
    let notes =
        element.meta("footnotes").and_then(|text| serde_json::from_str::<Vec<Value>>(text).ok());
    for (index, note) in notes.unwrap_or_default().iter().enumerate() {
        let text = note.get("content").and_then(Value::as_str).unwrap_or_default();
        if let Ok(text) = html::to_markdown(text) {
            let text = text.markdown.trim().replace("\n\n", "\n\n    ");
            post.body.push_str(&format!("\n[^{}]: {text}\n", index + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{open, posts, sample, time};

    const UPLOADS: &str = "https://wp.example/wp-content/uploads/2022/05";

    #[test]
    fn a_whole_export_is_read() {
        let publication = open(&sample("wordpress/berge.xml"));
        assert_eq!(publication.site.title.as_deref(), Some("Berge & Täler"));
        assert_eq!(publication.authors.len(), 2);
        assert_eq!(publication.tags.len(), 2);
        let skipped: Vec<String> = publication.skipped.iter().map(ToString::to_string).collect();
        assert_eq!(skipped.len(), 3, "{skipped:?}");
        assert_eq!(publication.post_count, 8);
        let (posts, skipped) = posts(publication);
        assert_eq!((posts.len(), skipped.len()), (8, 0));

        let first = &posts[0];
        assert_eq!(
            first.body,
            format!(
                "Übung macht den **Meister**.[^1]\n\n\
                 [![Ein Berg]({UPLOADS}/berg.png)]({UPLOADS}/berg.png)\n\n*Der Berg*\n\n\
                 ```python\ndef f(a):\n    return a < 1\n```\n\n\
                 | a | b |\n| --- | --- |\n| 1 | x\\|y |\n\n*Zahlen*\n\nhttps://vimeo.com/1\n\n\
                 [^1]: Sagt man so.\n"
            )
        );
        assert_eq!(first.title, "Übung & Meister");
        assert_eq!(first.excerpt.as_deref(), Some("Kurz & gut."));
        assert_eq!(first.old_paths, ["/2022/05/uebung-meister/", "/2022/05/uebung/"]);
        assert_eq!(first.published_at, Some(time("2022-05-01T08:00:00Z")));
        assert_eq!(first.cover.as_ref().unwrap().alt.as_deref(), Some("Ein Tal"));
        assert_eq!(first.meta_title.as_deref(), Some("Übung – Berge"));
        assert!(first.featured);
        assert!(first.skipped.iter().any(|skipped| skipped.why.contains("latest-posts")));

        let classic = &posts[1];
        assert_eq!(
            classic.body,
            format!(
                "First line\\\nsecond line with *stress*.\n\n\
                 [![Berg]({UPLOADS}/berg.png)](https://wp.example/x)\n\nAm *Berg*\n\n\
                 ![Ein Berg]({UPLOADS}/berg.png)\n\n![Ein Tal]({UPLOADS}/tal.png)\n\n*Das Tal*\n\n\
                 ```php\n$a = array( 1 );\n\necho $a[0];\n```\n\n\
                 [https://www.youtube.com/watch?v=abc](https://www.youtube.com/watch?v=abc)\n\n\
                 \\[contact-form to=\"me\"\\]Write\\[/contact-form\\]\n"
            )
        );
        assert!(classic.skipped.iter().any(|skipped| skipped.why.contains("[contact-form]")));
        assert_eq!(classic.tags.len(), 1, "Uncategorized is no tag");

        assert_eq!(posts[2].status, Status::Draft);
        assert_eq!(posts[3].status, Status::Scheduled(time("2099-05-01T08:00:00Z")));
        let trashed = &posts[4];
        assert_eq!(
            (trashed.status, trashed.slug.as_deref()),
            (Status::Trashed, Some("thrown-away"))
        );
        assert_eq!((posts[5].status, posts[6].status), (Status::Draft, Status::Draft));
        assert_eq!(posts[7].metadata["type"], "page");
    }
}
