//! `post_get`: a post with its Markdown, its outline, or one section.

use byline_shared::auth::actor::Actor;
use byline_shared::model::{Post, Scope};
use byline_shared::prelude::*;
use byline_shared::publishing::{NoSection, Sections};
use serde_json::{Value, json};

use super::inputs::Detail;
use super::outputs;
use super::tool::{Hints, Tool};
use crate::lookup;
use crate::tool_result::{self, ToolResult};

pub(super) struct PostGet;

/// The arguments.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// The post's id or slug.
    #[schemars(length(min = 1, max = 100))]
    post_id: String,
    /// Which part of the text.
    #[serde(default)]
    part: Part,
    /// For part section: the heading, or its line as line:12.
    #[serde(default)]
    #[schemars(length(min = 1, max = 500))]
    heading: Option<String>,
    /// next_offset of the previous result.
    #[serde(default)]
    #[schemars(range(min = 0, max = 300_000))]
    offset: u64,
    /// full adds SEO fields, language, cover and metadata.
    #[serde(default)]
    detail: Detail,
}

/// A part of a text.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
enum Part {
    /// The whole text.
    #[default]
    Whole,
    /// The headings.
    Outline,
    /// The text under one heading.
    Section,
}

/// The maximum number of headings in an outline.
const MAX_HEADINGS: usize = 150;

/// The longest heading in an outline, in characters.
const MAX_HEADING: usize = 80;

impl Tool for PostGet {
    const NAME: &'static str = "post_get";
    const TITLE: &'static str = "Read a post";
    const DESCRIPTION: &'static str = "Reads the latest draft of a post. Returns a JSON object with its \
        fields, then the Markdown. part outline returns the headings with their sizes, part section \
        the text under one of them. A long text is split: call again with next_offset as offset. Keep \
        revision_id for later changes.";
    const SCOPE: Scope = Scope::PostsRead;
    const HINTS: Hints = Hints::READ_ONLY;
    type Input = Input;

    async fn call(cx: &Context, actor: &Actor, input: Input) -> Result<ToolResult, Problem> {
        let post = lookup::editable_post(cx, actor, &input.post_id).await?;
        let mut head = metadata(&post, input.detail);
        if let Some(warnings) = outputs::warnings(cx, &post.body).await? {
            head["warnings"] = json!(warnings);
        }
        let head = tool_result::metadata(&head);
        let body = post.body.as_str();
        if input.part == Part::Whole {
            return Ok(text_result(&head, body, input.offset));
        }
        let text = body.to_owned();
        let sections = cx.compute(move || Sections::parse(&text)).await?;
        if input.part == Part::Outline {
            return Ok(outline(&head, body, &sections));
        }
        let missing =
            || Problem::invalid_field("heading", "required", "Is required for part section.");
        let heading = input.heading.as_deref().ok_or_else(missing)?;
        let section = sections.find(heading).map_err(|fault| {
            let message = match fault {
                NoSection::Missing => {
                    "There is no such heading. Call post_get with part outline first."
                }
                NoSection::Several(_) => {
                    "Several sections have this heading. Call post_get with part outline, and \
                     choose one by its line, such as line:12."
                }
            };
            Problem::invalid_field("heading", "not_unique", message)
        })?;
        Ok(text_result(&head, &body[section.range.clone()], input.offset))
    }
}

fn text_result(head: &Value, text: &str, offset: u64) -> ToolResult {
    let offset = usize::try_from(offset).unwrap_or(usize::MAX);
    let total = text.chars().count();
    tool_result::chunk(text, offset, |chunk| {
        let mut head = head.clone();
        head["characters"] = total.into();
        if let Some(next) = chunk.next_offset {
            head["next_offset"] = next.into();
        }
        ToolResult::json_and_text(&head, chunk.text.to_owned())
    })
}

fn outline(head: &Value, body: &str, sections: &Sections) -> ToolResult {
    let mut most = MAX_HEADINGS;
    loop {
        let result = outline_of(head.clone(), body, sections, most);
        if result.fits() || most == 0 {
            return result;
        }
        most /= 2;
    }
}

fn outline_of(mut head: Value, body: &str, sections: &Sections, most: usize) -> ToolResult {
    let lines = sections.0.iter().take(most).map(|section| {
        json!({
            "level": section.level,
            "heading": section.heading.chars().take(MAX_HEADING).collect::<String>(),
            "line": section.line,
            "characters": body[section.range.clone()].chars().count(),
        })
    });
    head["characters"] = body.chars().count().into();
    head["sections"] = lines.collect();
    if sections.0.len() > most {
        head["sections_left_out"] = (sections.0.len() - most).into();
    }
    ToolResult::json(&head)
}

/// The fields of a post, without its text.
fn metadata(post: &Post, detail: Detail) -> Value {
    let head = &post.summary;
    let fields = &head.fields;
    let mut shown = json!({
        "id": head.id,
        "title": fields.title,
        "slug": fields.slug,
        "type": fields.post_type,
        "status": head.status,
        "excerpt": fields.excerpt,
        "tags": fields.tags.iter().map(|tag| &tag.name).collect::<Vec<_>>(),
        "author": head.author.name,
        "revision_id": head.revision_id,
        "version": head.version,
        "live_revision_id": head.live_revision_id,
        "scheduled": head.schedule.as_ref().map(|schedule| json!({
            "revision_id": schedule.revision_id,
            "publish_at": schedule.publish_at,
        })),
        "updated_at": head.updated_at,
    });
    if detail == Detail::Full {
        shown["canonical_url"] = json!(fields.canonical_url);
        shown["language"] = json!(fields.language);
        shown["cover"] = json!(fields.cover);
        shown["featured"] = json!(fields.featured);
        shown["metadata"] = json!(fields.metadata);
        shown["created_at"] = json!(head.created_at);
        shown["published_at"] = json!(head.published_at);
        if let (Value::Object(shown), Value::Object(details)) = (&mut shown, json!(fields.details))
        {
            shown.extend(details);
        }
    }
    shown
}
