//! Merging: a proposal whose post has changed since, as it would be on the text of today. What only
//! one side changed is taken from that side, field by field, and the body line by line. What both
//! changed is for a person to decide.

use std::time::{Duration, Instant};

use serde_json::{Map, Value};
use similar::{Algorithm, DiffTag, TextMerge, capture_diff_slices_deadline};

use super::{tag_names, tags};
use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::{Markdown, PostFields, PostId, Revision, RevisionId};

/// How long it may take to find what each side changed of a body.
const PATIENCE: Duration = Duration::from_millis(300);

/// In how many places the two sides may have changed a body. The work grows with the square.
const MAX_PLACES: usize = 2_000;

/// The names of the fields, and `body`, that both sides changed, and not in the same way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BothChanged(pub(super) Vec<String>);

/// What a proposal makes of the text of today.
pub(super) enum OnHead {
    /// The text that goes on top of the head: as it was proposed where the head still is its base,
    /// else merged with what others changed since.
    Fits(Box<PostFields>, Markdown),
    /// Both sides changed the same.
    Conflict {
        /// The latest revision.
        now: Box<Revision>,
        /// What both changed.
        both: BothChanged,
    },
}

/// What a proposal makes of a post whose latest revision is this one. `base` is the revision that it was made from,
/// followed by its text.
///
/// # Errors
/// 500 for a post that has lost a revision; 503 while the database does not answer.
pub(super) async fn proposed_on(
    cx: &Context,
    (post, now_id): (&PostId, &RevisionId),
    base: &Revision,
    (mut fields, body): (PostFields, Markdown),
) -> Result<OnHead, Problem> {
    if *now_id == base.summary.id {
        return Ok(OnHead::Fits(Box::new(fields), body));
    }
    let lost = || Problem::internal(format!("{post} has lost a revision"));
    let now = cx.store.revisions().get(post, now_id).await?.ok_or_else(lost)?;
    // A tag that was renamed since is no change of either side.
    let mut older = base.summary.fields.clone();
    fields.tags = tag_names::preview(cx, &fields.tags, &older.tags).await?;
    older.tags = tags::resolve(cx, base.summary.fields.tag_slugs()).await?;
    let mut newer = now.summary.fields.clone();
    newer.tags = tags::resolve(cx, now.summary.fields.tag_slugs()).await?;
    let old_body = base.body.clone();
    let now_body = now.body.clone();
    let merged = cx
        .compute(move || merge((&older, &old_body), (&newer, &now_body), (&fields, &body)))
        .await?;
    Ok(match merged {
        Ok((fields, body)) => OnHead::Fits(Box::new(fields), body),
        Err(both) => OnHead::Conflict { now: Box::new(now), both },
    })
}

/// The text with the changes of both sides.
///
/// # Errors
/// What both changed, and not in the same way.
pub(super) fn merge(
    base: (&PostFields, &Markdown),
    ours: (&PostFields, &Markdown),
    theirs: (&PostFields, &Markdown),
) -> Result<(PostFields, Markdown), BothChanged> {
    let (fields, mut both) = merged_fields(base.0, ours.0, theirs.0);
    let body = merged_body(base.1.as_str(), ours.1.as_str(), theirs.1.as_str());
    if body.is_none() {
        both.push("body".to_owned());
    }
    match (fields, body) {
        (Some(fields), Some(body)) => Ok((fields, Markdown::trusted(body))),
        _ => Err(BothChanged(both)),
    }
}

/// The fields; none, and the names of those that are in conflict, where there are any.
fn merged_fields(
    base: &PostFields,
    ours: &PostFields,
    theirs: &PostFields,
) -> (Option<PostFields>, Vec<String>) {
    let [base, ours, theirs] = [base, ours, theirs].map(as_object);
    let mut merged = Map::new();
    let mut both = Vec::new();
    for (field, ours) in &ours {
        // Every text has all fields.
        let (base, theirs) = (base.get(field), theirs.get(field).unwrap_or(ours));
        let value = match base {
            Some(base) if base == ours => theirs,
            Some(base) if base == theirs => ours,
            _ if ours == theirs => ours,
            _ => {
                both.push(field.clone());
                continue;
            }
        };
        merged.insert(field.clone(), value.clone());
    }
    if !both.is_empty() {
        return (None, both);
    }
    let fields = serde_json::from_value(Value::Object(merged));
    (Some(fields.expect("each value is that of a text's own field")), both)
}

fn as_object(fields: &PostFields) -> Map<String, Value> {
    match serde_json::to_value(fields) {
        Ok(Value::Object(object)) => object,
        _ => unreachable!("fields are an object of text and numbers"),
    }
}

/// The body that holds the changes of two people who wrote at the same time; none where both changed
/// the same lines. `base` is the text that both began with.
///
/// # Errors
/// As any computation.
pub async fn merged_bodies(
    cx: &Context,
    base: String,
    ours: String,
    theirs: String,
) -> Result<Option<String>, Problem> {
    cx.compute(move || merged_body(&base, &ours, &theirs)).await
}

/// The body; none where both changed the same lines, or so much that it cannot be told in time.
fn merged_body(base: &str, ours: &str, theirs: &str) -> Option<String> {
    if ours == theirs || theirs == base {
        return Some(ours.to_owned());
    }
    if ours == base {
        return Some(theirs.to_owned());
    }
    if !is_quickly_compared(base, [ours, theirs], MAX_PLACES) {
        return None;
    }
    let merge = TextMerge::from_lines(base, ours, theirs);
    (!merge.is_conflicted()).then(|| merge.to_string())
}

/// Whether it is soon told what each side changed. The merge itself has no deadline: it compares the
/// same lines once more, and then goes through all places for each place.
fn is_quickly_compared(base: &str, sides: [&str; 2], most: usize) -> bool {
    let deadline = Instant::now() + PATIENCE;
    let base: Vec<&str> = base.split_inclusive('\n').collect();
    let places = sides.map(|side| {
        let side: Vec<&str> = side.split_inclusive('\n').collect();
        let ops = capture_diff_slices_deadline(Algorithm::Myers, &base, &side, Some(deadline));
        ops.iter().filter(|op| op.tag() != DiffTag::Equal).count()
    });
    places.iter().sum::<usize>() <= most && Instant::now() <= deadline
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(base: &str, ours: &str, theirs: &str) -> Option<String> {
        merged_body(base, ours, theirs)
    }

    #[test]
    fn changes_of_different_lines_are_both_kept() {
        let base = "One.\n\nTwo.\n\nThree.\n";
        let merged = body(base, "1.\n\nTwo.\n\nThree.\n", "One.\n\nTwo.\n\n3.\n\nFour.\n");
        assert_eq!(merged.as_deref(), Some("1.\n\nTwo.\n\n3.\n\nFour.\n"));
        // Without a line break at the end.
        assert_eq!(body("a\n\nb", "A\n\nb", "a\n\nB").as_deref(), Some("A\n\nB"));
        assert_eq!(body("a\n", "b\n", "b\n").as_deref(), Some("b\n"));
        assert_eq!(body("a\n", "a\n", "").as_deref(), Some(""));
    }

    #[test]
    fn changes_of_the_same_lines_are_a_conflict() {
        assert_eq!(body("a\n", "b\n", "c\n"), None);
        assert_eq!(body("a\n", "a\nb\n", "a\nc\n"), None);
        assert_eq!(body("a\n\nb\n", "", "a\n\nB\n"), None);
    }

    #[test]
    fn what_takes_too_long_is_a_conflict() {
        let text = |of: fn(usize) -> usize| -> String {
            (0..60_000).map(|line| format!("{}\n", of(line))).collect()
        };
        let base = text(|line| line);
        let ours = text(|line| if line % 4 == 0 { line + 1_000_000 } else { line });
        let theirs = text(|line| if line % 4 == 2 { line + 1_000_000 } else { line });
        assert_eq!(body(&base, &ours, &theirs), None);
        // What only one side changed, or both alike, needs no comparison.
        for (ours, theirs, merged) in
            [(&ours, &base, &ours), (&base, &theirs, &theirs), (&ours, &ours, &ours)]
        {
            assert!(body(&base, ours, theirs).as_ref() == Some(merged));
        }
    }

    #[test]
    fn so_many_places_are_merged_and_no_more() {
        let base = "a\nb\nc\nd\n";
        // Two places, a changed one and a new one, and one.
        let sides = ["A\nb\nc\nd\ne\n", "a\nb\nC\nd\n"];
        assert!(is_quickly_compared(base, sides, 3) && !is_quickly_compared(base, sides, 2));
        assert!(is_quickly_compared(base, [base, base], 0));
    }

    #[test]
    fn a_field_is_taken_from_the_side_that_changed_it() {
        use crate::model::{Excerpt, Title};
        let base = crate::examples::fields();
        let titled = |title: &str| PostFields { title: Title::trusted(title), ..base.clone() };
        let (ours, theirs) = (titled("Ours"), PostFields { featured: true, ..base.clone() });
        let both = PostFields { featured: true, ..titled("Ours") };
        assert_eq!(merged_fields(&base, &ours, &theirs), (Some(both.clone()), Vec::new()));
        assert_eq!(merged_fields(&base, &theirs, &ours), (Some(both), Vec::new()));
        assert_eq!(merged_fields(&base, &ours, &ours), (Some(ours.clone()), Vec::new()));
        assert_eq!(merged_fields(&base, &base, &base), (Some(base.clone()), Vec::new()));
        let mut other = titled("Theirs");
        other.excerpt = Excerpt::trusted("Other.");
        assert_eq!(merged_fields(&base, &ours, &other), (None, vec!["title".to_owned()]));
        let (old, new) = (Markdown::trusted("a\n"), Markdown::trusted("b\n"));
        let conflict = merge((&base, &old), (&ours, &new), (&other, &Markdown::trusted("c\n")));
        assert_eq!(conflict, Err(BothChanged(vec!["title".to_owned(), "body".to_owned()])));
        let conflict = merge((&base, &old), (&ours, &new), (&other, &old));
        assert_eq!(conflict, Err(BothChanged(vec!["title".to_owned()])));
    }
}
