//! The media library of WordPress.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::super::file_names::extension;
use super::super::pattern::regex;
use super::wxr::Element;

/// Endings of images.
const IMAGES: [&str; 8] = ["jpg", "jpeg", "jpe", "png", "gif", "webp", "avif", "bmp"];

/// A media file of the library.
#[derive(Debug)]
pub(super) struct Attachment {
    pub(super) url: String,
    pub(super) alt: Option<String>,
    pub(super) caption: Option<String>,
}

/// The media library.
#[derive(Debug, Default)]
pub(super) struct Attachments {
    /// By the id of its entries.
    by_id: HashMap<String, Attachment>,
    /// The ids of images by the post that they were uploaded to, in the order of the file.
    pub(super) of_post: HashMap<String, Vec<String>>,
    urls: HashSet<String>,
}

impl Attachments {
    pub(super) fn add(&mut self, element: &Element) {
        let (Some(id), Some(url)) =
            (element.field("wp:post_id"), element.field("wp:attachment_url"))
        else {
            return;
        };
        let alt = element.meta("_wp_attachment_image_alt").map(str::to_owned);
        let caption = element.field("excerpt:encoded").map(str::to_owned);
        let ending = extension(Path::new(url.split(['?', '#']).next().unwrap_or(url)));
        if let Some(post) = element.field("wp:post_parent").filter(|id| *id != "0")
            && IMAGES.contains(&ending.as_str())
        {
            self.of_post.entry(post.to_owned()).or_default().push(id.to_owned());
        }
        self.insert(id, Attachment { url: url.to_owned(), alt, caption });
    }

    pub(super) fn insert(&mut self, id: &str, attachment: Attachment) {
        self.urls.insert(attachment.url.clone());
        self.by_id.insert(id.to_owned(), attachment);
    }

    pub(super) fn get(&self, id: &str) -> Option<&Attachment> {
        self.by_id.get(id)
    }

    /// Text with the addresses of files that WordPress made smaller (`a-300x200.jpg`) replaced by
    /// those of the originals, where the library has them.
    pub(super) fn originals(&self, html: &str) -> String {
        static SIZED: LazyLock<Regex> = LazyLock::new(|| {
            let pattern = r#"(https?://[^\s"'<>]+?)-\d+x\d+(\.[A-Za-z]{3,4})"#;
            regex(pattern)
        });
        let replaced = SIZED.replace_all(html, |found: &Captures<'_>| {
            let original = format!("{}{}", &found[1], &found[2]);
            if self.urls.contains(&original) { original } else { found[0].to_owned() }
        });
        replaced.into_owned()
    }
}
