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
    // And what one needs is not left for others: the second takes a hundred.
    let longer = || (Some(side("a b c d e\n")), side("a b c d f\n"));
    assert_eq!(coarse(vec![words(), longer()], 136), [false, false]);
    assert_eq!(coarse(vec![words(), longer()], 135), [false, true]);
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

/// Lines of a difference, each with its kind and the words that changed in it.
fn lines(hunk: &Hunk) -> Vec<(LineKind, String, Vec<&str>)> {
    let mut all = Vec::new();
    for line in &hunk.lines {
        let text = line.words.iter().map(|word| word.text.as_str()).collect();
        let changed = line.words.iter().filter(|word| word.changed);
        all.push((line.kind, text, changed.map(|word| word.text.as_str()).collect()));
    }
    all
}

#[test]
fn a_change_is_shown_with_three_lines_around_it() {
    let text = |eighth: &str| -> String {
        (1..=12)
            .map(|line| if line == 8 { format!("{eighth}\n") } else { format!("l{line}\n") })
            .collect()
    };
    let (_, diff) = compared(text("the cat sat"), text("the dog sat"));
    assert_eq!((diff.truncated, diff.coarse, diff.hunks.len()), (false, false, 1));
    assert_eq!((diff.hunks[0].from_line, diff.hunks[0].to_line), (5, 5));
    let equal = |text: &str| (LineKind::Equal, text.to_owned(), Vec::new());
    assert_eq!(
        lines(&diff.hunks[0]),
        [
            equal("l5"),
            equal("l6"),
            equal("l7"),
            (LineKind::Removed, "the cat sat".to_owned(), vec!["cat"]),
            (LineKind::Added, "the dog sat".to_owned(), vec!["dog"]),
            equal("l9"),
            equal("l10"),
            equal("l11"),
        ]
    );
    assert!(diff.unified.contains("@@ -5,7 +5,7 @@"), "{}", diff.unified);
    // Two places that are far from each other.
    let (_, diff) = compared(text("a"), format!("new\n{}", text("b")));
    let places: Vec<_> = diff.hunks.iter().map(|hunk| (hunk.from_line, hunk.to_line)).collect();
    assert_eq!(places, [(1, 1), (5, 6)]);
}

#[test]
fn what_has_little_in_common_or_costs_too_much_is_marked_as_a_whole() {
    let (_, diff) = compared("aaa bbb\n".into(), "xxx yyy zzz\n".into());
    let all = |kind, text: &'static str| (kind, text.to_owned(), vec![text]);
    let marked: Vec<_> = lines(&diff.hunks[0]);
    let joined: Vec<_> =
        marked.iter().map(|(kind, text, words)| (*kind, text.clone(), words.concat())).collect();
    let removed = (LineKind::Removed, "aaa bbb".to_owned(), "aaa bbb".to_owned());
    let added = (LineKind::Added, "xxx yyy zzz".to_owned(), "xxx yyy zzz".to_owned());
    assert_eq!((joined, diff.coarse), (vec![removed, added], false));
    let mut budget = Budget::new(Duration::from_secs(3600), 0);
    let (old, new) = (side("the cat\n".into()), side("the dog\n".into()));
    let diff = compare(Some(&old), &new, &mut budget);
    assert!(diff.coarse);
    let expected = [all(LineKind::Removed, "the cat"), all(LineKind::Added, "the dog")];
    assert_eq!(lines(&diff.hunks[0]), expected);
    // What is only new or gone has no words to mark.
    let (_, diff) = compared(String::new(), "new\n".into());
    assert_eq!(lines(&diff.hunks[0]), [(LineKind::Added, "new".to_owned(), Vec::new())]);
}

#[test]
fn what_is_new_is_compared_with_nothing() {
    let mut budget = Budget::new(Duration::from_secs(3600), PAIRS);
    let diff = compare(None, &side("a\n".into()), &mut budget);
    assert_eq!(diff.from, None);
    assert!(diff.unified.starts_with("--- /dev/null\n+++ rev_"), "{}", diff.unified);
    let named: Vec<&str> = diff.fields.iter().map(|change| change.field.as_str()).collect();
    assert!(named.contains(&"title") && !named.contains(&"cover"), "{named:?}");
    assert!(diff.fields.iter().all(|change| change.from.is_null() && !change.to.is_null()));
    let (_, diff) = compared("a\n".into(), "a\n".into());
    assert_eq!((diff.fields.len(), diff.hunks.len(), diff.unified.as_str()), (0, 0, ""));
}

#[test]
fn so_much_of_a_difference_is_shown() {
    // Short lines cost more than their text.
    let (_, diff) = compared(String::new(), "a\n".repeat(9_000));
    assert!(diff.truncated && diff.unified.len() < 30_000);
    // Each costs 65 bytes, and the last may end beyond.
    assert_eq!(diff.hunks[0].lines.len(), 8_066);
    let mut hunk = Hunk { from_line: 1, to_line: 1, lines: Vec::new() };
    let mut put = |room: usize, pieces: &[&'static str]| {
        let (mut room, before) = (Room(room), hunk.lines.len());
        let pieces = pieces.iter().map(|piece| (false, Cow::Borrowed(*piece)));
        room.put(&mut hunk, ChangeTag::Equal, pieces);
        (room.0, hunk.lines.len() - before)
    };
    let piece = AROUND_PIECE;
    assert_eq!(put(1000, &["abc", "de\r\n"]), (1000 - 5 - 3 * piece, 1));
    assert_eq!(put(1000, &["\n"]), (1000 - piece, 1));
    assert_eq!(put(3 + piece, &["abc"]), (0, 0));
    assert_eq!(put(4 + piece, &["abc"]), (0, 1), "and nothing after it");
    assert_eq!(put(0, &["abc"]), (0, 0));
}

#[test]
fn a_budget_is_spent_and_stays_exceeded() {
    let of = |pairs| Budget::new(Duration::from_secs(3600), pairs);
    let mut budget = of(5_000_000);
    assert_eq!(budget.end - budget.lines, Duration::from_secs(1800));
    assert!(budget.take(2_000, 2_000) && budget.pairs == 1_000_000 && !budget.is_exceeded);
    assert!(budget.take(1_000, 1_000) && budget.pairs == 0);
    assert!(!budget.take(1, 1) && budget.is_exceeded);
    let mut budget = of(PAIRS);
    assert!(!budget.take(2_000, 2_001) && budget.is_exceeded && budget.pairs == PAIRS);
    let mut late = of(PAIRS);
    late.end = Instant::now();
    assert!(!late.take(1, 1));
    let (now, hour) = (Instant::now(), Duration::from_secs(3600));
    let (past, future) = (now.checked_sub(Duration::from_millis(1)).unwrap(), now + hour);
    let mut budget = of(PAIRS);
    budget.check(future);
    assert!(!budget.is_exceeded);
    for deadline in [past, past, future] {
        budget.check(deadline);
        assert!(budget.is_exceeded);
    }
    for (line, words) in [("", 0), ("a", 1), ("a b", 3), (" a", 2), ("a  b\n", 4)] {
        assert_eq!(words_of(line), words, "{line:?}");
    }
}
