//! The input for a new post and for a change of one.

use std::collections::HashSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::references;
use crate::context::Context;
use crate::http::problem::{Code, FieldError, Problem};
use crate::model::Patch;
use crate::model::{
    Excerpt, Language, Markdown, MediaId, MediaKind, MediaStatus, Metadata, PostDetails,
    PostDetailsPatch, PostFields, PostType, Slug, Tag, TagName, Title, WebUrl,
};
use crate::store::media::MediaItem;

/// A new post.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct NewPost {
    /// The title.
    pub title: Title,
    /// The text in Markdown (GFM), at most 256 KiB.
    pub body: Markdown,
    /// The slug; made from the title if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slug: Option<Slug>,
    /// Whether it is a post, or a page such as "About", which no list of posts and no feed has.
    #[serde(default, rename = "type", skip_serializing_if = "PostType::is_post")]
    pub post_type: PostType,
    /// The summary that lists show; they show the beginning of the text if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<Excerpt>,
    /// The tags by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 20))]
    pub tags: Vec<TagName>,
    /// The cover: the id of an uploaded image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cover: Option<MediaId>,
    /// The URL where the text was first published, if that was elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canonical_url: Option<WebUrl>,
    /// Optional fields that readers get unchanged.
    #[serde(flatten, skip_serializing_if = "PostDetails::is_empty")]
    pub details: PostDetails,
    /// The language of the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// Whether the post is featured.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub featured: bool,
    /// Custom data: a JSON object of at most 8 KiB and 5 levels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
}

/// A change of a post. Missing fields stay as they are; null clears an optional field.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Changes {
    /// The title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Title>,
    /// The text in Markdown (GFM), at most 256 KiB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Markdown>,
    /// The slug that the post gets when this is published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slug: Option<Slug>,
    /// Whether it is a post, or a page such as "About", which no list of posts and no feed has.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub post_type: Option<PostType>,
    /// The summary that lists show; they show the beginning of the text if it is cleared.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub excerpt: Patch<Excerpt>,
    /// The tags by name, which replace all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 20))]
    pub tags: Option<Vec<TagName>>,
    /// The cover: the id of an uploaded image.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub cover: Patch<MediaId>,
    /// The URL where the text was first published, if that was elsewhere.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub canonical_url: Patch<WebUrl>,
    /// Optional fields that readers get unchanged.
    #[serde(flatten)]
    pub details: PostDetailsPatch,
    /// The language of the text.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub language: Patch<Language>,
    /// Whether the post is featured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub featured: Option<bool>,
    /// Custom data, which replaces all of it: a JSON object of at most 8 KiB and 5 levels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
}

impl NewPost {
    /// A post with this title and body and nothing else.
    #[must_use]
    pub fn new(title: Title, body: Markdown) -> Self {
        Self {
            title,
            body,
            slug: None,
            post_type: PostType::Post,
            excerpt: None,
            tags: Vec::new(),
            cover: None,
            canonical_url: None,
            details: PostDetails::default(),
            language: None,
            featured: false,
            metadata: None,
        }
    }

    /// Its fields and its body, with this slug.
    #[must_use]
    pub fn into_parts(self, slug: Slug) -> (PostFields, Markdown) {
        let fields = PostFields {
            title: self.title,
            slug,
            post_type: self.post_type,
            excerpt: self.excerpt.unwrap_or_else(|| Excerpt::trusted("")),
            tags: tags(self.tags),
            cover: self.cover,
            canonical_url: self.canonical_url,
            details: self.details,
            language: self.language.map(|language| language.canonical()),
            featured: self.featured,
            metadata: self.metadata.unwrap_or_default(),
        };
        (fields, with_line_feeds(self.body))
    }
}

impl Changes {
    /// Applies the changes.
    pub fn apply(self, fields: &mut PostFields, body: &mut Markdown) {
        fn set<T>(field: &mut T, value: Option<T>) {
            if let Some(value) = value {
                *field = value;
            }
        }
        set(&mut fields.title, self.title);
        set(body, self.body.map(with_line_feeds));
        set(&mut fields.slug, self.slug);
        set(&mut fields.post_type, self.post_type);
        match self.excerpt {
            Patch::Keep => {}
            Patch::Clear => fields.excerpt = Excerpt::trusted(""),
            Patch::Set(excerpt) => fields.excerpt = excerpt,
        }
        set(&mut fields.tags, self.tags.map(tags));
        self.cover.apply(&mut fields.cover);
        self.canonical_url.apply(&mut fields.canonical_url);
        self.details.apply(&mut fields.details);
        self.language.apply(&mut fields.language);
        fields.language = fields.language.take().map(|language| language.canonical());
        set(&mut fields.featured, self.featured);
        set(&mut fields.metadata, self.metadata);
    }
}

/// Tags by name, each once, with the slugs that the names ask for. Which tags they are is found when
/// the text is saved.
fn tags(names: Vec<TagName>) -> Vec<Tag> {
    let mut folded = HashSet::with_capacity(names.len());
    let each_once = names.into_iter().filter(|name| folded.insert(name.folded()));
    each_once.map(|name| Tag { slug: name.slug(), name }).collect()
}

/// A text whose lines end with a line feed, as every body is kept. CommonMark §2.1 reads a carriage
/// return, with or without a line feed behind it, as the same line end, so what readers see is the same;
/// and a passage that one program copies is found in what another program wrote.
pub(super) fn with_line_feeds(text: Markdown) -> Markdown {
    if text.as_str().contains('\r') {
        Markdown::trusted(text.as_str().replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        text
    }
}

/// Checks the limits that a JSON Schema cannot express.
///
/// # Errors
/// 413 if the body is too large; 422 if the metadata is, or if the text names too many files.
pub(super) fn within_limits(fields: &PostFields, body: &Markdown) -> Result<(), Problem> {
    within_size(body)?;
    fields.metadata.check().map_err(|error| {
        let (pointer, code) = (format!("/metadata{}", error.pointer), "invalid".to_owned());
        Problem::invalid(vec![FieldError { pointer, code, message: error.to_string() }])
    })?;
    references::check_count(references::files_named(fields, body.as_str()).len(), "body")
}

/// Checks the length of a body.
///
/// # Errors
/// 413.
pub(super) fn within_size(body: &Markdown) -> Result<(), Problem> {
    let (size, limit) = (body.as_str().len(), Markdown::MAX_BYTES);
    if size <= limit {
        return Ok(());
    }
    let detail = format!(
        "The body has {size} bytes of Markdown; a post may have {limit}. Split it into several."
    );
    Err(Problem::new(Code::PayloadTooLarge, detail))
}

/// Checks that a newly chosen cover can be shown.
///
/// # Errors
/// 422 if the file does not exist, is not uploaded yet, or is not an image.
pub(super) async fn check_cover(
    cx: &Context,
    cover: Option<&MediaId>,
    before: Option<&MediaId>,
) -> Result<(), Problem> {
    let Some(id) = cover.filter(|id| Some(*id) != before) else { return Ok(()) };
    let item = cx.store.media().get(id).await?;
    let is_shown =
        |item: &MediaItem| item.status == MediaStatus::Ready && item.kind == MediaKind::Image;
    if item.as_ref().is_some_and(is_shown) {
        return Ok(());
    }
    let message = "Must be the id of an image whose upload is complete.";
    Err(Problem::invalid_field("cover", "not_found", message))
}

/// The media of a post: its cover, and every media URL or id in its body. As many as a head can list: an
/// older text may name more.
pub(super) fn media_of(fields: &PostFields, body: &Markdown) -> Vec<MediaId> {
    let mut media: Vec<MediaId> = fields.cover.iter().cloned().collect();
    for id in references::ids_in(body.as_str()) {
        if !media.contains(&id) && media.len() < references::MAX_FILES {
            media.push(id);
        }
    }
    media
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u64) -> MediaId {
        MediaId::from_ulid(ulid::Ulid::from_parts(number, 1))
    }

    #[test]
    fn a_post_uses_its_cover_and_each_file_that_it_names_once() {
        let mut fields = crate::examples::fields();
        let body = |numbers: std::ops::Range<u64>| {
            let named: Vec<String> = numbers.map(|number| id(number).to_string()).collect();
            Markdown::trusted(named.join(" ").as_str())
        };
        let twice = Markdown::trusted(format!("{0} {1} {0}", id(2), id(1)).as_str());
        assert_eq!(media_of(&fields, &twice), [id(2), id(1)]);
        fields.cover = Some(id(1));
        assert_eq!(media_of(&fields, &twice), [id(1), id(2)]);
        let most = references::MAX_FILES as u64;
        assert_eq!(media_of(&fields, &body(1..most + 1)).len(), references::MAX_FILES);
        assert_eq!(media_of(&fields, &body(1..most + 3)).len(), references::MAX_FILES);
    }

    #[test]
    fn what_is_sent_is_changed_and_the_rest_stays() {
        let (before, body) = (crate::examples::fields(), Markdown::trusted("Before."));
        let applied = |changes: serde_json::Value| {
            let changes: Changes = serde_json::from_value(changes).unwrap();
            let (mut fields, mut body) = (before.clone(), body.clone());
            changes.apply(&mut fields, &mut body);
            (serde_json::to_value(fields).unwrap(), body.as_str().to_owned())
        };
        let same = (serde_json::to_value(&before).unwrap(), "Before.".to_owned());
        assert_eq!(applied(serde_json::json!({})), same);
        for (field, sent, kept) in [
            ("title", "New", serde_json::json!("New")),
            ("slug", "new", serde_json::json!("new")),
            ("type", "page", serde_json::json!("page")),
            ("excerpt", "New.", serde_json::json!("New.")),
            ("language", "DE-ch", serde_json::json!("de-CH")),
        ] {
            let (fields, body) = applied(serde_json::json!({ field: sent }));
            let mut expected = same.0.clone();
            expected[field] = kept;
            assert_eq!((fields, body.as_str()), (expected, "Before."), "{field}");
        }
        let (fields, _) = applied(serde_json::json!({ "excerpt": null, "language": null }));
        assert_eq!(
            (&fields["excerpt"], &fields["language"]),
            (&"".into(), &serde_json::Value::Null)
        );
        let tags = serde_json::json!({ "tags": ["One", "ONE", "Two"], "featured": true });
        let (fields, _) = applied(tags);
        assert_eq!(
            (&fields["tags"][0]["name"], &fields["tags"][1]["name"]),
            (&"One".into(), &"Two".into())
        );
        assert_eq!((fields["tags"][2].is_null(), &fields["featured"]), (true, &true.into()));
        assert_eq!(applied(serde_json::json!({ "body": "a\r\nb\rc" })).1, "a\nb\nc");
    }
}
