//! What differs between two revisions: by line, and within a line by word.

use std::borrow::Cow;
use std::time::Duration;

use serde_json::Value;
use similar::{ChangeTag, DiffTag, TextDiff};

use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::{
    Diff, FieldChange, Hunk, Line, LineKind, PostFields, Revision, RevisionId, Word,
};

/// Lines shown around a change.
const AROUND: usize = 3;

/// How long two bodies are compared before the rest counts as changed as a whole.
const PATIENCE: Duration = Duration::from_millis(500);

/// Between more lines than these at one place, words are not compared.
const MAX_BY_WORD: usize = 2000;

/// How much of a difference is shown, in bytes, by line and word and again in the unified format. A
/// function answers with 6 MB at most, and a conflict holds two differences.
const MAX_SHOWN: usize = 512 * 1024;

/// What JSON puts around a piece of text, in bytes.
const AROUND_PIECE: usize = 32;

/// What differs between two revisions; `None` is before all text.
///
/// # Errors
/// As any computation.
pub(super) async fn between(
    cx: &Context,
    from: Option<&Revision>,
    to: &Revision,
) -> Result<Diff, Problem> {
    let side = |revision: &Revision| Side {
        id: revision.summary.id.clone(),
        fields: revision.summary.fields.clone(),
        body: revision.body.as_str().to_owned(),
    };
    let (from, to) = (from.map(side), side(to));
    cx.compute(move || compare(from.as_ref(), &to)).await
}

struct Side {
    id: RevisionId,
    fields: PostFields,
    body: String,
}

fn compare(from: Option<&Side>, to: &Side) -> Diff {
    let old = from.map_or("", |side| side.body.as_str());
    let diff = TextDiff::configure().timeout(PATIENCE).diff_lines(old, to.body.as_str());
    let mut room = Room(MAX_SHOWN);
    let mut hunks = Vec::new();
    for group in diff.grouped_ops(AROUND) {
        let Some(first) = group.first() else { continue };
        let mut hunk = Hunk {
            from_line: first.old_range().start + 1,
            to_line: first.new_range().start + 1,
            lines: Vec::new(),
        };
        for op in &group {
            if op.old_range().len() + op.new_range().len() > MAX_BY_WORD {
                let replaced = op.tag() == DiffTag::Replace;
                for change in diff.iter_changes(op) {
                    room.put(&mut hunk, change.tag(), [(replaced, change.to_string_lossy())]);
                }
                continue;
            }
            for change in diff.iter_inline_changes(op) {
                // Of two lines that have little in common, no words are marked: then all are others.
                let marked = change.values().iter().any(|(changed, _)| *changed);
                let all = op.tag() == DiffTag::Replace && !marked;
                let words = change.iter_strings_lossy();
                room.put(
                    &mut hunk,
                    change.tag(),
                    words.map(|(changed, text)| (changed || all, text)),
                );
            }
        }
        if !hunk.lines.is_empty() {
            hunks.push(hunk);
        }
    }
    let older = from.map_or_else(|| "/dev/null".to_owned(), |side| side.id.to_string());
    let unified =
        diff.unified_diff().context_radius(AROUND).header(&older, to.id.as_str()).to_string();
    let (unified, whole) = beginning(unified);
    let truncated = room.0 == 0 || !whole;
    Diff {
        from: from.map(|side| side.id.clone()),
        to: to.id.clone(),
        fields: fields(from.map(|side| &side.fields), &to.fields),
        hunks,
        unified,
        truncated,
    }
}

/// How much may still be shown, in bytes; nothing once something did not fit.
struct Room(usize);

impl Room {
    /// Adds a line to a hunk, as long as there is room.
    fn put<'t>(
        &mut self,
        hunk: &mut Hunk,
        tag: ChangeTag,
        pieces: impl IntoIterator<Item = (bool, Cow<'t, str>)>,
    ) {
        if self.0 == 0 {
            return;
        }
        let kind = match tag {
            ChangeTag::Equal => LineKind::Equal,
            ChangeTag::Delete => LineKind::Removed,
            ChangeTag::Insert => LineKind::Added,
        };
        let mut words = Vec::new();
        for (changed, text) in pieces {
            let text = text.trim_end_matches(['\n', '\r']).to_owned();
            if text.is_empty() {
                continue;
            }
            self.0 = self.0.saturating_sub(text.len() + AROUND_PIECE);
            if self.0 == 0 {
                return;
            }
            words.push(Word { text, changed });
        }
        self.0 = self.0.saturating_sub(AROUND_PIECE);
        hunk.lines.push(Line { kind, words });
    }
}

/// The lines that may be shown of a text, and whether they are all.
fn beginning(mut text: String) -> (String, bool) {
    if text.len() <= MAX_SHOWN {
        return (text, true);
    }
    let end = text.as_bytes()[..MAX_SHOWN].iter().rposition(|byte| *byte == b'\n');
    text.truncate(end.map_or(0, |end| end + 1));
    (text, false)
}

/// The fields that differ, in the order in which they stand.
fn fields(from: Option<&PostFields>, to: &PostFields) -> Vec<FieldChange> {
    let as_object = |fields: &PostFields| match serde_json::to_value(fields) {
        Ok(Value::Object(object)) => object,
        _ => unreachable!("fields are an object of text and numbers"),
    };
    let from = from.map(as_object).unwrap_or_default();
    let to = as_object(to);
    let changes = to.into_iter().filter_map(|(field, to)| {
        let from = from.get(&field).cloned().unwrap_or(Value::Null);
        (from != to).then_some(FieldChange { field, from, to })
    });
    changes.collect()
}
