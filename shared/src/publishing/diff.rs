//! What differs between two revisions: by line, and within a line by word.

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
    let mut hunks = Vec::new();
    for group in diff.grouped_ops(AROUND) {
        let Some(first) = group.first() else { continue };
        let mut hunk = Hunk {
            from_line: first.old_range().start + 1,
            to_line: first.new_range().start + 1,
            lines: Vec::new(),
        };
        let changes = group.iter().flat_map(|op| {
            let replaced = op.tag() == DiffTag::Replace;
            diff.iter_inline_changes(op).map(move |change| (replaced, change))
        });
        for (replaced, change) in changes {
            // Of two lines that have little in common, no words are marked: then all are others.
            let all = replaced && !change.values().iter().any(|(changed, _)| *changed);
            let words = change.iter_strings_lossy().map(|(changed, text)| {
                let text = text.trim_end_matches(['\n', '\r']).to_owned();
                Word { text, changed: changed || all }
            });
            let kind = match change.tag() {
                ChangeTag::Equal => LineKind::Equal,
                ChangeTag::Delete => LineKind::Removed,
                ChangeTag::Insert => LineKind::Added,
            };
            let words = words.filter(|word| !word.text.is_empty()).collect();
            hunk.lines.push(Line { kind, words });
        }
        hunks.push(hunk);
    }
    let older = from.map_or_else(|| "/dev/null".to_owned(), |side| side.id.to_string());
    let unified =
        diff.unified_diff().context_radius(AROUND).header(&older, to.id.as_str()).to_string();
    Diff {
        from: from.map(|side| side.id.clone()),
        to: to.id.clone(),
        fields: fields(from.map(|side| &side.fields), &to.fields),
        hunks,
        unified,
    }
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
