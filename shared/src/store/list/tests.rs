use std::collections::HashSet;

use super::*;
use crate::permission::Table::Content;

/// The sort keys of a page, as words.
fn keys(list: &List, after: Option<&str>) -> String {
    match list.bounds(after) {
        None => "none".to_owned(),
        Some(SortKeys::All) => "all".to_owned(),
        Some(SortKeys::Above(key)) => format!("above {key}"),
        Some(SortKeys::Below(key)) => format!("below {key}"),
        Some(SortKeys::Between(first, last)) => format!("{first} to {last}"),
    }
}

#[test]
fn a_page_begins_behind_the_cursor_and_stays_in_the_range() {
    let newest = List::from_table(Content, "P");
    let range = newest.clone().between("b".to_owned(), "m".to_owned());
    let (oldest, rising) = (newest.clone().oldest_first(), range.clone().oldest_first());
    for (list, after, expected) in [
        (&newest, None, "all"),
        (&newest, Some("c"), "below c"),
        (&oldest, None, "all"),
        (&oldest, Some("c"), "above c"),
        (&range, None, "b to m"),
        (&range, Some("c"), "b to c"),
        (&range, Some("b"), "b to b"),
        (&range, Some("z"), "b to m"),
        (&range, Some("a"), "none"),
        (&rising, None, "b to m"),
        (&rising, Some("c"), "c to m"),
        (&rising, Some("m"), "m to m"),
        (&rising, Some("a"), "b to m"),
        (&rising, Some("z"), "none"),
    ] {
        assert_eq!(keys(list, after), expected, "{after:?}");
    }
    assert_eq!(keys(&newest.beginning_with("POST#"), None), "POST# to POST#~");
}

#[test]
fn a_cursor_names_the_list_with_its_filters_and_direction() {
    let list = || List::from_table(Content, "P");
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let lists = [
        list(),
        List::from_table(Content, "Q"),
        list().oldest_first(),
        list().between("a".to_owned(), "b".to_owned()),
        list().between("a".to_owned(), "c".to_owned()),
        list().only("status", text("draft")),
        list().only("status", text("live")),
        list().only("kind", text("draft")),
        list().only_in("status", "kind", text("draft")),
        list().containing("status", "draft"),
        list().above("count", 0),
        list().above("count", 1),
        list().with("count"),
        list().without("count"),
    ];
    let names: HashSet<String> = lists.iter().map(List::identity).collect();
    assert_eq!(names.len(), lists.len());
    assert_eq!(list().up_to_date().identity(), list().identity());
}
