//! The first reading: everything but the posts' texts.

use std::collections::BTreeMap;

use super::super::clean;
use super::super::options::ReadOptions;
use super::attachments::Attachments;
use super::post::{is_post, tag};
use super::wxr::Element;
use crate::html;
use crate::model::{Author, Site, Skipped, Tag};

/// Entries that only WordPress itself has a use for.
const INNER: [&str; 10] = [
    "nav_menu_item",
    "revision",
    "custom_css",
    "customize_changeset",
    "oembed_cache",
    "user_request",
    "wp_global_styles",
    "wp_template",
    "wp_template_part",
    "wp_navigation",
];

/// What the first reading finds.
#[derive(Default)]
pub(super) struct Library {
    pub(super) site: Site,
    pub(super) authors: Vec<Author>,
    pub(super) tags: Vec<Tag>,
    pub(super) attachments: Attachments,
    pub(super) posts: u64,
    pub(super) skipped: Vec<Skipped>,
    /// How many entries of each kind are counted instead of named.
    pub(super) others: BTreeMap<String, u64>,
}

impl Library {
    pub(super) fn add(&mut self, element: &Element, options: &ReadOptions) {
        let text = || clean::text(html::decoded(&element.text));
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
                    *self.others.entry("comment".into()).or_default() += comments;
                }
            }
            "item" => {
                let kind = element.field("wp:post_type").unwrap_or("entry");
                if kind == "attachment" {
                    self.attachments.add(element);
                } else if !INNER.contains(&kind) {
                    let title = element.field("title").unwrap_or("(Untitled)").to_owned();
                    let why = match (kind, options.skip_pages) {
                        ("page", true) => clean::PAGE_LEFT_OUT.to_owned(),
                        ("post" | "page", _) => "it was never saved (auto-draft).".to_owned(),
                        _ => format!("entries of the kind `{kind}` are not known here."),
                    };
                    self.skipped.push(Skipped::new(title, why));
                } else {
                    *self.others.entry(kind.to_owned()).or_default() += 1;
                }
            }
            _ => {}
        }
    }

    fn describe(&mut self, element: &Element, slug: &str, name: &str, description: &str) {
        let Some(tag) = tag(element.field(slug), element.field(name)) else { return };
        let description = element.field(description).map(html::decoded);
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
        name: clean::one_line(&html::decoded(
            element.field("wp:author_display_name").unwrap_or(login),
        )),
        slug: None,
        email: element.field("wp:author_email").map(str::to_owned),
    })
}
