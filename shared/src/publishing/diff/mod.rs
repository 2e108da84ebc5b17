//! What differs between two revisions: by line, and within a line by word.
//!
//! Comparing is bounded, and what does not fit the bound is shown more coarsely: lines without their
//! words, then a long passage as replaced. Words are bounded by how many of them are compared, so that
//! the same two texts look the same each time; over all there is a deadline.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::time::{Duration, Instant};

use serde_json::Value;
use similar::{ChangeTag, DiffOp, DiffTag, TextDiff};

use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::{
    Diff, FieldChange, Hunk, Line, LineKind, PostFields, Revision, RevisionId, Word,
};

/// Lines shown around a change.
const AROUND: usize = 3;

/// How long the differences of one answer are looked for. The whole answer may take twice as long: both texts
/// have to be read before it, and the difference written after it.
const PATIENCE: Duration = Duration::from_millis(500);

/// How many pairs of words the differences of one answer may have to compare: each word of the old
/// lines at a place with each of the new ones, at worst.
const PAIRS: usize = 32_000_000;

/// The same at one place: two passages of a thousand words.
const PAIRS_AT_ONE_PLACE: usize = 4_000_000;

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
    let mut diffs = several(cx, vec![(from, to)]).await?;
    Ok(diffs.remove(0))
}

/// What differs between the revisions of each pair, in their order. They share the time and the work
/// of one.
///
/// # Errors
/// As any computation.
pub(super) async fn several(
    cx: &Context,
    pairs: Vec<(Option<&Revision>, &Revision)>,
) -> Result<Vec<Diff>, Problem> {
    let side = |revision: &Revision| Side {
        id: revision.summary.id.clone(),
        fields: revision.summary.fields.clone(),
        body: revision.body.as_str().to_owned(),
    };
    let sides: Vec<_> = pairs.into_iter().map(|(from, to)| (from.map(side), side(to))).collect();
    cx.compute(move || in_turn(sides, PATIENCE, PAIRS)).await
}

/// Compares pairs one after the other. What one of them does not need is for those after it.
fn in_turn(sides: Vec<(Option<Side>, Side)>, patience: Duration, mut pairs: usize) -> Vec<Diff> {
    let end = Instant::now() + patience;
    let mut left = u32::try_from(sides.len()).unwrap_or(u32::MAX);
    let one = |(from, to): (Option<Side>, Side)| {
        let share = end.saturating_duration_since(Instant::now()) / left;
        let words = pairs / left as usize;
        left -= 1;
        let mut budget = Budget::new(share, words);
        let diff = compare(from.as_ref(), &to, &mut budget);
        pairs -= words - budget.pairs;
        diff
    };
    sides.into_iter().map(one).collect()
}

struct Side {
    id: RevisionId,
    fields: PostFields,
    body: String,
}

/// What comparing two texts may cost.
struct Budget {
    /// When lines are compared no longer; until the end, words are.
    lines: Instant,
    end: Instant,
    /// How many pairs of words may still be compared.
    pairs: usize,
    /// Whether something was compared less closely for it.
    is_exceeded: bool,
}

impl Budget {
    fn new(time: Duration, pairs: usize) -> Self {
        let now = Instant::now();
        Self { lines: now + time / 2, end: now + time, pairs, is_exceeded: false }
    }

    /// Notes whether a deadline has passed.
    fn check(&mut self, deadline: Instant) {
        self.is_exceeded |= Instant::now() > deadline;
    }

    /// Takes what it costs to compare the words of two passages.
    fn take(&mut self, old: usize, new: usize) -> bool {
        let cost = old.saturating_mul(new);
        let fits = cost <= PAIRS_AT_ONE_PLACE && cost <= self.pairs && Instant::now() < self.end;
        match fits {
            true => self.pairs -= cost,
            false => self.is_exceeded = true,
        }
        fits
    }
}

fn compare(from: Option<&Side>, to: &Side, budget: &mut Budget) -> Diff {
    let old = from.map_or("", |side| side.body.as_str());
    let diff = TextDiff::configure().deadline(budget.lines).diff_lines(old, to.body.as_str());
    budget.check(budget.lines);
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
            // Words of what is not shown are not compared.
            if room.0 == 0 {
                break;
            }
            show(&diff, op, &mut hunk, &mut room, budget);
        }
        if !hunk.lines.is_empty() {
            hunks.push(hunk);
        }
        if room.0 == 0 {
            break;
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
        coarse: budget.is_exceeded,
    }
}

/// Adds the lines of one place to a hunk, with their words where comparing those fits the budget.
fn show(
    diff: &TextDiff<'_, '_, str>,
    op: &DiffOp,
    hunk: &mut Hunk,
    room: &mut Room,
    budget: &mut Budget,
) {
    let replaced = op.tag() == DiffTag::Replace;
    let old = op.old_range().filter_map(|line| diff.old_slice(line)).map(words_of).sum();
    let new = op.new_range().filter_map(|line| diff.new_slice(line)).map(words_of).sum();
    if !replaced || !budget.take(old, new) {
        for change in diff.iter_changes(op) {
            room.put(hunk, change.tag(), [(replaced, change.to_string_lossy())]);
        }
        return;
    }
    for change in diff.iter_inline_changes_deadline(op, Some(budget.end)) {
        // Of two lines that have little in common, no words are marked: then all are others.
        let all = !change.values().iter().any(|(changed, _)| *changed);
        let words = change.iter_strings_lossy();
        room.put(hunk, change.tag(), words.map(|(changed, text)| (changed || all, text)));
    }
    budget.check(budget.end);
}

/// How many words and gaps a line has.
fn words_of(line: &str) -> usize {
    let mut count = 0;
    let mut before = None;
    for char in line.chars() {
        let is_gap = Some(char.is_whitespace());
        count += usize::from(is_gap != before);
        before = is_gap;
    }
    count
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
