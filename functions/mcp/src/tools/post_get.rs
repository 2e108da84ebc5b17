//! `post_get`: one post with its Markdown, its outline, or one of its sections.

use byline_shared::auth::actor::Actor;
use byline_shared::model::{Post, Scope};
use byline_shared::prelude::*;
use byline_shared::publishing::{NoSection, Sections};
use serde_json::{Value, json};

use super::shapes::Detail;
use super::{Hints, Tool};
use crate::answer::{self, Answer};
use crate::find;

pub(super) struct PostGet;

/// Which post, and what of it.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// Its id, or its slug.
    #[schemars(length(min = 1, max = 100))]
    post_id: String,
    /// What of its text.
    #[serde(default)]
    part: Part,
    /// For part section: its heading, or line:12.
    #[serde(default)]
    #[schemars(length(min = 1, max = 500))]
    heading: Option<String>,
    /// Where to go on: next_offset of the answer before.
    #[serde(default)]
    #[schemars(range(min = 0, max = 300_000))]
    offset: u64,
    /// full adds what search engines see, language, cover and metadata.
    #[serde(default)]
    detail: Detail,
}

/// A part of a text.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
enum Part {
    /// All of it.
    #[default]
    Whole,
    /// Its headings.
    Outline,
    /// What stands under one heading.
    Section,
}

/// How many headings an outline has at most.
const MAX_HEADINGS: usize = 150;

/// How much of a heading an outline shows, in characters.
const MAX_HEADING: usize = 80;

impl Tool for PostGet {
    const NAME: &'static str = "post_get";
    const TITLE: &'static str = "Read a post";
    const DESCRIPTION: &'static str = "A post as it is drafted now: first a JSON object with its \
        head, then the Markdown as it is. part outline gives its headings with their sizes, part \
        section one of them. Long texts come in pieces: call again with next_offset as offset. Keep \
        revision_id: changes name it.";
    const SCOPE: Scope = Scope::PostsRead;
    const HINTS: Hints = Hints::READS;
    type Input = Input;

    async fn call(cx: &Context, actor: &Actor, input: Input) -> Result<Answer, Problem> {
        let post = find::to_work_on(cx, actor, &input.post_id).await?;
        let head = answer::head(&head(&post, input.detail));
        let body = post.body.as_str();
        if input.part == Part::Whole {
            return Ok(piece(&head, body, input.offset));
        }
        let text = body.to_owned();
        let sections = cx.compute(move || Sections::parse(&text)).await?;
        if input.part == Part::Outline {
            return Ok(outline(&head, body, &sections));
        }
        let missing = || Problem::invalid_field("heading", "required", "Name the section.");
        let heading = input.heading.as_deref().ok_or_else(missing)?;
        let section = sections.find(heading).map_err(|fault| {
            let message = match fault {
                NoSection::Missing => "There is no such heading. Call it with part outline first.",
                NoSection::Several(_) => {
                    "Several sections have this heading. Call it with part outline, and name the \
                     one you mean by its line, such as line:12."
                }
            };
            Problem::invalid_field("heading", "not_unique", message)
        })?;
        Ok(piece(&head, &body[section.range.clone()], input.offset))
    }
}

fn piece(head: &Value, text: &str, offset: u64) -> Answer {
    let offset = usize::try_from(offset).unwrap_or(usize::MAX);
    let total = text.chars().count();
    answer::from(text, offset, |piece| {
        let mut head = head.clone();
        head["characters"] = total.into();
        if let Some(next) = piece.next {
            head["next_offset"] = next.into();
        }
        Answer::with_text(&head, piece.text.to_owned())
    })
}

fn outline(head: &Value, body: &str, sections: &Sections) -> Answer {
    let mut most = MAX_HEADINGS;
    loop {
        let answer = outline_of(head.clone(), body, sections, most);
        if answer.fits() || most == 0 {
            return answer;
        }
        most /= 2;
    }
}

fn outline_of(mut head: Value, body: &str, sections: &Sections, most: usize) -> Answer {
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
    Answer::text_of(&head)
}

/// A post's head as a model reads it.
fn head(post: &Post, detail: Detail) -> Value {
    let head = &post.summary;
    let fields = &head.fields;
    let mut shown = json!({
        "id": head.id,
        "title": fields.title,
        "slug": fields.slug,
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
        shown["meta_title"] = json!(fields.meta_title);
        shown["meta_description"] = json!(fields.meta_description);
        shown["canonical_url"] = json!(fields.canonical_url);
        shown["language"] = json!(fields.language);
        shown["cover"] = json!(fields.cover);
        shown["featured"] = json!(fields.featured);
        shown["metadata"] = json!(fields.metadata);
        shown["created_at"] = json!(head.created_at);
        shown["published_at"] = json!(head.published_at);
    }
    shown
}
