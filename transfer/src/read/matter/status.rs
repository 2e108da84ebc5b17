//! The status of a post. Posts with restricted access and expired posts become drafts, because every
//! published post is public.

use byline_shared::model::{PostType, Time};
use serde_json::Value;

use super::super::clean::text_of;
use super::super::dates;
use super::super::source_context::SourceContext;
use super::fields::{Fields, is_true, plain};
use super::marks;
use crate::model::{Metadata, Post, Status};

/// Keys that hold what opens a post: no reader may find that in its metadata.
const SECRETS: [&str; 6] =
    ["password", "passwords", "passphrase", "passwd", "pwd", "accesspassword"];

/// What the front matter says of dates.
pub(super) struct Dates {
    /// The post's own.
    pub(super) date: Option<Time>,
    /// From when on it is to be seen, where that is another.
    pub(super) publish: Option<Time>,
    /// When Byline was to publish it.
    pub(super) scheduled: Option<Time>,
    /// Whether a date was there and not understood.
    pub(super) is_wrong: bool,
}

/// Sets the status and the publication date of a post.
pub(super) fn set_status(
    post: &mut Post,
    fields: &mut Fields,
    path: &str,
    dates: &Dates,
    context: &SourceContext,
) {
    // Read before any of them is taken out.
    let mark = marks::closed(&fields.left);
    let published = fields.take(&["published"]);
    let is_hidden = published.as_ref().is_some_and(|value| !is_true(value));
    let is_draft = fields.take(&["draft"]).is_some_and(|value| is_true(&value));
    let is_draft = is_draft || is_hidden || path.split(['/', '\\']).any(|part| part == "_drafts");
    let status = fields.text(&["status"]).map(|status| status.trim().to_lowercase());
    let status = status.as_deref();
    if context.is_ours {
        post.status = match (status, dates.scheduled.or(dates.date)) {
            (Some("trashed"), _) => Status::Trashed,
            (Some("scheduled"), Some(at)) => Status::Scheduled(at),
            (Some("published"), _) => Status::Published,
            (None, Some(at)) if !is_draft && at > context.now => Status::Scheduled(at),
            (None, Some(_)) if !is_draft => Status::Published,
            _ => Status::Draft,
        };
        post.published_at = dates.date;
        return;
    }
    let publish = dates.publish.max(starts(published, fields, context));
    let from = dates.scheduled.or(publish.max(dates.date));
    post.status = match (status, from) {
        (Some("trashed" | "trash"), _) => Status::Trashed,
        (Some("scheduled" | "future"), Some(at)) if at > context.now => Status::Scheduled(at),
        (Some(word), _) if !marks::is_for_all(word) && !matches!(word, "scheduled" | "future") => {
            post.skip(format!("Its status is `{word}`; it is a draft here."));
            Status::Draft
        }
        (_, Some(at)) if at > context.now => Status::Scheduled(at),
        _ => Status::Published,
    };
    restrict(post, fields, mark, path);
    expire(post, fields, context);
    let is_seen = !matches!(post.status, Status::Scheduled(_));
    post.published_at = dates.date.or(publish).filter(|_| is_seen);
    post.created_at = post.created_at.or(dates.date).or(publish);
}

/// What has no date that is understood does not go public.
pub(super) fn keep_undated(post: &mut Post, dates: &Dates) {
    // A page is in no list, so it leads none.
    let would_lead = post.published_at.is_none() && post.post_type == PostType::Post;
    if dates.is_wrong {
        keep_back(post, "A date of it is not understood; it is a draft here.");
    } else if would_lead && post.status == Status::Published {
        keep_back(post, "It has no date; it is a draft here, as it would be the newest of all.");
    }
}

/// Makes a draft of what would be seen, and says why.
fn keep_back(post: &mut Post, why: &str) {
    if matches!(post.status, Status::Published | Status::Scheduled(_)) {
        post.status = Status::Draft;
        post.skip(why);
    }
}

/// What only some readers might see does not go public by being moved.
fn restrict(post: &mut Post, fields: &mut Fields, mark: Option<String>, path: &str) {
    if without_secrets(&mut fields.left) {
        keep_back(
            post,
            "It had a password; it is a draft here, because everybody can read what is published.",
        );
        post.skip("Its password is not kept.");
    }
    if let Some(mark) = mark {
        let why = format!(
            "It is marked `{mark}`; it is a draft, because everybody can read what is published."
        );
        keep_back(post, &why);
    }
    if let Some(place) = marks::closed_place(path) {
        keep_back(post, &format!("It stands in `{place}`; it is a draft here."));
    }
}

/// The time in `published: 2024-03-01`, which other generators have as a yes or no.
fn starts(published: Option<Value>, fields: &Fields, context: &SourceContext) -> Option<Time> {
    let publish = || {
        let found = fields.left.iter().find(|(key, _)| plain(key) == "publish");
        found.map(|(_, value)| value.clone())
    };
    dates::time(&text_of(&published.or_else(publish)?)?, &context.zone)
}

/// Takes passwords out, wherever they are; says whether there were any.
fn without_secrets(object: &mut Metadata) -> bool {
    let before = object.len();
    object.retain(|key, value| !SECRETS.contains(&plain(key).as_str()) || is_nothing(value));
    let mut found = object.len() != before;
    for value in object.values_mut() {
        if let Value::Object(inner) = value {
            found |= without_secrets(inner);
        }
    }
    found
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.trim().is_empty(),
        _ => false,
    }
}

/// A post that is over does not go live again; one that is to end later does not end here.
fn expire(post: &mut Post, fields: &mut Fields, context: &SourceContext) {
    let mut wrong = Vec::new();
    let end = fields.time(&["expirydate", "unpublishdate", "expires"], context, &mut wrong);
    for text in wrong {
        let why = format!("It was to end at `{text}`, which is no date; it is a draft here.");
        keep_back(post, &why);
    }
    match end {
        Some(end) if end <= context.now => {
            keep_back(post, &format!("It was over at {end}; it is a draft here."));
        }
        Some(end) => post.skip(format!("It was to be over at {end}; posts here have no end.")),
        None => {}
    }
}
