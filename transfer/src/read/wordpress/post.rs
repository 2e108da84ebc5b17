//! The second reading: an `item` as a post.

use byline_shared::model::{PostType, Time};
use jiff::tz::TimeZone;
use serde_json::Value;

use super::super::{clean, dates};
use super::attachments::Attachments;
use super::paragraphs::{blocks, paragraphs};
use super::shortcodes;
use super::wxr::Element;
use crate::html;
use crate::model::{MediaRef, Post, PostTag, Skipped, Status};

/// Fields beside a post that have a place here, or that only plugins read.
const KNOWN_META: [&str; 4] =
    ["footnotes", "rank_math_title", "rank_math_description", "rank_math_canonical_url"];

/// What divides a long post into pages.
const NEXT_PAGE: &str = "<!--nextpage-->";

/// Slugs are percent-encoded where they are not Latin.
pub(super) fn tag(slug: Option<&str>, name: Option<&str>) -> Option<PostTag> {
    let slug = slug.filter(|slug| !slug.contains('%'));
    clean::tag_at(slug.map(str::to_owned), &html::decoded(name?))
}

pub(super) fn is_post(element: &Element, skip_pages: bool) -> bool {
    let kind = element.field("wp:post_type").unwrap_or("post");
    element.name == "item"
        && (kind == "post" || kind == "page" && !skip_pages)
        && element.field("wp:status") != Some("auto-draft")
}

/// A time in UTC, or in the site's own zone where WordPress did not fill the other in.
fn time(element: &Element, utc: &str, local: &str) -> Option<Time> {
    let is_set = |text: &&str| !text.starts_with("0000");
    let text = element.field(utc).filter(is_set).or_else(|| element.field(local).filter(is_set))?;
    dates::time(text, &TimeZone::UTC)
}

pub(super) fn post(
    element: &Element,
    attachments: &Attachments,
    now: Time,
) -> Result<Post, Skipped> {
    let source_id = element.field("wp:post_id").unwrap_or_default();
    let title = element.field("title").map(|title| clean::one_line(&html::decoded(title)));
    let title = title.unwrap_or_else(|| "(Untitled)".into());
    let mut post = Post::new(source_id, title);
    if let Some(fault) = element.fault {
        let what = format!("{} ({source_id})", post.title);
        return Err(Skipped::new(what, fault.to_string()));
    }
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
    // Yoast fills these in as templates: `%%title%% %%sep%% %%sitename%%`.
    post.meta_title = seo(&["_yoast_wpseo_title", "rank_math_title", "_aioseo_title"])
        .filter(|text| !text.contains("%%") && !text.contains("%title%"));
    post.meta_description =
        seo(&["_yoast_wpseo_metadesc", "rank_math_description", "_aioseo_description"])
            .filter(|text| !text.contains('%'));
    post.canonical_url = seo(&["_yoast_wpseo_canonical", "rank_math_canonical_url"]);
    if let Some(id) = element.meta("_thumbnail_id") {
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
        post.post_type = PostType::Page;
    }
    old_paths(&mut post, element);
    custom_fields(&mut post, element);
    body(&mut post, element, attachments)?;
    clean::damaged(&mut post);
    Ok(post)
}

/// Fields that authors or plugins gave a post: readers may not have seen them, and metadata is for
/// all, so they are named and not kept.
fn custom_fields(post: &mut Post, element: &Element) {
    let keys = element.all("wp:postmeta").filter_map(|meta| meta.field("wp:meta_key"));
    let mut keys: Vec<String> = keys
        .filter(|key| !key.starts_with('_') && !KNOWN_META.contains(key))
        .map(|key| format!("`{key}`"))
        .collect();
    keys.sort();
    keys.dedup();
    if !keys.is_empty() {
        post.skip(format!("Its custom fields were left out: {}.", keys.join(", ")));
    }
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
        post.skip(
            "It had a password; it is a draft here, because everybody can read what is published.",
        );
    } else if status == "private" {
        post.skip("It was private; it is a draft here.");
    } else if status == "pending" {
        post.skip("It was waiting for review; it is a draft here.");
    } else if !matches!(status, "publish" | "future" | "draft" | "trash") {
        post.skip(format!("Its status was `{status}`; it is a draft here."));
    }
    if let Some(mark) = unseen(element)
        && matches!(post.status, Status::Published | Status::Scheduled(_))
    {
        post.status = Status::Draft;
        post.published_at = None;
        post.skip(format!(
            "It is marked `{mark}`; it is a draft, because everybody can read what is published."
        ));
    }
}

/// The field of a plugin that kept a post from search engines, or from readers who are not members.
fn unseen(element: &Element) -> Option<&str> {
    element.all("wp:postmeta").find_map(|meta| {
        let (key, value) = (meta.field("wp:meta_key")?, meta.field("wp:meta_value")?);
        let is_closed = match key {
            "_yoast_wpseo_meta-robots-noindex" | "_aioseo_noindex" => value == "1",
            "rank_math_robots" => value.contains("noindex"),
            // Members, Restrict Content Pro, Ultimate Member: who may read it, if not all.
            "_members_access_role" | "rcp_subscription_level" | "rcp_user_level" => {
                !value.eq_ignore_ascii_case("all")
            }
            "_members_only" | "_wc_memberships_restricted" => {
                matches!(value, "1" | "yes" | "true" | "on")
            }
            _ => false,
        };
        is_closed.then_some(key)
    })
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
    let content = element.raw("content:encoded");
    html::check_length(content).map_err(|why| clean::unreadable(post, &why))?;
    if content.contains(NEXT_PAGE) {
        post.skip("It was divided into pages; it is one here.");
    }
    let content = content.replace(NEXT_PAGE, "\n\n");
    let expanded = shortcodes::expand(&content, &post.source_id, attachments);
    expanded.notes.into_iter().for_each(|note| post.skip(note));
    let source = match expanded.html.contains("<!-- wp:") {
        true => blocks(&expanded.html),
        false => paragraphs(&expanded.html),
    };
    clean::body(post, &attachments.originals(&source))?;
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
