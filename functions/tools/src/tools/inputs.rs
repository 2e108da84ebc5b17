//! Arguments that several tools share.

use byline_shared::http::page::PageParams;
use byline_shared::http::problem::Problem;
use byline_shared::model::{Excerpt, Language, Markdown, MediaId, PostType, Slug, TagName, Title};
use byline_shared::prelude::*;
use byline_shared::publishing::{self, Changes, Edit, SectionEdit};

/// How much a tool returns of each entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub(super) enum Detail {
    /// What identifies an entry.
    #[default]
    Concise,
    /// Everything but texts.
    Full,
}

/// The page of a list, flattened into the arguments of each list tool.
#[derive(Deserialize, JsonSchema)]
pub(super) struct PageInput<const DEFAULT_LIMIT: u8 = 20> {
    /// The maximum number of entries.
    #[serde(default = "default_limit::<DEFAULT_LIMIT>")]
    #[schemars(range(min = 1, max = 100))]
    limit: u8,
    /// next_cursor of the previous page.
    #[serde(default)]
    #[schemars(length(max = 512))]
    cursor: Option<String>,
}

const fn default_limit<const DEFAULT_LIMIT: u8>() -> u8 {
    DEFAULT_LIMIT
}

impl<const DEFAULT_LIMIT: u8> PageInput<DEFAULT_LIMIT> {
    /// The page to read. An empty cursor is the first page.
    pub(super) fn params(self) -> PageParams {
        PageParams { limit: self.limit, cursor: self.cursor.filter(|cursor| !cursor.is_empty()) }
    }
}

/// The changes to a post, flattened into the arguments of `post_edit` and `post_propose`. Fields that
/// are left out do not change.
#[derive(Deserialize, JsonSchema)]
pub(super) struct ContentInput {
    /// Passages to replace, in this order.
    #[serde(default)]
    #[schemars(length(max = 50))]
    pub(super) edits: Vec<Edit>,
    /// Sections to replace, after edits.
    #[serde(default)]
    #[schemars(length(max = 20))]
    pub(super) sections: Vec<SectionEdit>,
    /// The whole new text in Markdown, instead of edits and sections.
    #[serde(default)]
    pub(super) body: Option<Markdown>,
    /// The title.
    #[serde(default)]
    pub(super) title: Option<Title>,
    /// The excerpt.
    #[serde(default)]
    pub(super) excerpt: Option<Excerpt>,
    /// All tags, by name.
    #[serde(default)]
    #[schemars(length(max = 20))]
    pub(super) tags: Option<Vec<TagName>>,
    /// The slug; takes effect when the post is published.
    #[serde(default)]
    pub(super) slug: Option<Slug>,
    /// page: such as "About", in no list of posts and no feed.
    #[serde(default, rename = "type")]
    pub(super) post_type: Option<PostType>,
    /// The cover: the id of an image from media_list.
    #[serde(default)]
    pub(super) cover: Option<MediaId>,
    /// The language of the text.
    #[serde(default)]
    pub(super) language: Option<Language>,
}

impl ContentInput {
    /// These changes, with `edits` and `sections` applied to the text `before`.
    ///
    /// # Errors
    /// 422 if there are both a whole text and partial changes, or a partial change does not apply.
    pub(super) async fn into_changes(
        self,
        cx: &Context,
        before: &Markdown,
    ) -> Result<Changes, Problem> {
        let Self { edits, sections, body, title, excerpt, tags, slug, post_type, cover, language } =
            self;
        let body = match (body, edits.is_empty() && sections.is_empty()) {
            (Some(_), false) => {
                let message = "Send either the whole body, or edits and sections.";
                return Err(Problem::invalid_field("body", "not_allowed", message));
            }
            (None, false) => Some(publishing::edited(cx, before, edits, sections).await?),
            (body, true) => body,
        };
        let (excerpt, cover, language) = (excerpt.into(), cover.into(), language.into());
        Ok(Changes {
            title,
            body,
            slug,
            post_type,
            excerpt,
            tags,
            cover,
            language,
            ..Changes::default()
        })
    }
}
