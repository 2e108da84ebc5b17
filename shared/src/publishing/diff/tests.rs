use super::*;
use crate::model::{Markdown, Time, Title};
use crate::publishing::NewPost;

fn side(body: String) -> Side {
    let new = NewPost::new(Title::trusted("T"), Markdown::trusted(""));
    let (fields, ..) = new.into_parts("t".parse().unwrap());
    Side { id: RevisionId::new(Time::from_millis(0)), fields, body }
}

/// How many pairs of words it took, and the difference, however long that may take.
fn compared(from: String, to: String) -> (usize, Diff) {
    let mut budget = Budget::new(Duration::from_secs(24 * 3600), PAIRS);
    let diff = compare(Some(&side(from)), &side(to), &mut budget);
    (PAIRS - budget.pairs, diff)
}

#[test]
fn what_one_difference_does_not_need_is_for_those_after_it() {
    let side = |body: &str| side(body.to_owned());
    // Comparing their words takes 36 pairs.
    let words = || (Some(side("The cat sat.\n")), side("The dog sat.\n"));
    let same = || (Some(side("The cat sat.\n")), side("The cat sat.\n"));
    let coarse = |sides, pairs| -> Vec<bool> {
        let diffs = in_turn(sides, Duration::from_secs(24 * 3600), pairs);
        diffs.into_iter().map(|diff| diff.coarse).collect()
    };
    assert_eq!(coarse(vec![words(), words()], 72), [false, false]);
    assert_eq!(coarse(vec![words(), words()], 71), [true, false]);
    assert_eq!(coarse(vec![same(), words()], 36), [false, false]);
    assert_eq!(coarse(vec![same(), words()], 35), [false, true]);
    assert_eq!(coarse(vec![words(), words(), words()], 107), [true, false, false]);
}

#[test]
fn words_are_bounded_by_how_many_are_compared() {
    let (pairs, diff) = compared("The cat sat.\n".into(), "The dog sat.\n".into());
    // Three words, two gaps and the line break.
    assert_eq!((pairs, diff.coarse), (36, false));
    // At one place.
    let (pairs, diff) = compared("aa bb ".repeat(40_000), "aa cc ".repeat(40_000));
    assert_eq!((pairs, diff.coarse), (0, true));
    // At many.
    let lines = |word: &str| -> String {
        let line = |n: usize| format!("{n}\n{}{word}\n", "same ".repeat(799));
        (0..40).map(line).collect()
    };
    let (pairs, diff) = compared(lines("old"), lines("new"));
    assert!(diff.coarse && pairs <= PAIRS && pairs > PAIRS / 2, "{pairs}");
    assert!(!diff.truncated);
}

#[test]
fn what_is_too_long_to_show_is_cut_behind_a_whole_line() {
    let lines = "0123456\n".repeat(MAX_SHOWN / 8);
    assert!(beginning(lines.clone()) == (lines.clone(), true));
    assert!(beginning(format!("{lines}x")) == (lines.clone(), false));
    let (shown, whole) = beginning(format!("x{lines}"));
    assert_eq!((shown.len(), shown.ends_with("6\n"), whole), (MAX_SHOWN - 7, true, false));
    assert_eq!(beginning("x".repeat(MAX_SHOWN + 1)), (String::new(), false));
}
