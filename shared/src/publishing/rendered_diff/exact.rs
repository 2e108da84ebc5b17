//! Differences as they are written, to the letter.

use super::*;

fn written(old: &str, new: &str) -> String {
    compare(old, new).unwrap().html
}

#[test]
fn a_block_has_its_mark_in_its_first_place_for_words() {
    let mark = |word: &str| format!("<span class=\"sr\" id=\"change-1\">{word}: </span>");
    let (added, removed) = (mark("added"), mark("removed"));
    for (html, expected) in [
        ("<p>a</p>", format!("<p class=\"block-+\">{added}a</p>")),
        ("<p title=\"x\">a</p>", format!("<p class=\"block-+\" title=\"x\">{added}a</p>")),
        (
            "<ul><li>a</li><li>b</li></ul>",
            format!("<ul class=\"block-+\"><li>{added}a</li><li>b</li></ul>"),
        ),
        (
            "<ul><li><ul><li>a</li></ul></li></ul>",
            format!("<ul class=\"block-+\"><li>{added}<ul><li>a</li></ul></li></ul>"),
        ),
        (
            "<table><colgroup><col></colgroup><tr><td>a</td></tr></table>",
            format!(
                "<table class=\"block-+\"><colgroup><col></colgroup><tr><td>{added}a</td></tr></table>"
            ),
        ),
        ("<hr>", format!("{added}<hr class=\"block-+\">")),
        // Where no word can stand.
        ("<ul></ul>", "<ul class=\"block-+\" id=\"change-1\"></ul>".to_owned()),
        ("<tr></tr>", "<tr class=\"block-+\" id=\"change-1\"></tr>".to_owned()),
    ] {
        assert_eq!(written("", html), expected.replace('+', "added"), "{html}");
        let expected = expected.replace('+', "removed").replace(&added, &removed);
        assert_eq!(written(html, ""), expected, "{html}");
    }
}

#[test]
fn what_is_removed_keeps_no_id() {
    let html = "<p id=\"fn-1\">a <a href=\"/x\" id=\"fnref-1\" title=\"t\">b</a></p>";
    let plain = html.replace(" id=\"fn-1\"", "").replace(" id=\"fnref-1\"", "");
    let with = |html: &str, word: &str| {
        let mark = format!("<span class=\"sr\" id=\"change-1\">{word}: </span>");
        html.replacen("<p", &format!("<p class=\"block-{word}\""), 1).replacen(
            "a <a",
            &format!("{mark}a <a"),
            1,
        )
    };
    assert_eq!(written("", html), with(html, "added"));
    assert_eq!(written(html, ""), with(&plain, "removed"));
    let run = "b <a id=\"fnref-1\" href=\"/x\">c</a>";
    let gone = "<del class=\"removed\" id=\"change-1\">b <a href=\"/x\">c</a></del>";
    assert_eq!(written(run, ""), gone);
    assert_eq!(written("", run), format!("<ins class=\"added\" id=\"change-1\">{run}</ins>"));
}

#[test]
fn a_blank_belongs_to_a_change_only_between_two() {
    let page = |words: &str| format!("<p>a<b>{words}</b></p>");
    let (del, ins) = ("<del class=\"removed\" id=\"change-1\">", "<ins class=\"added\">");
    let change = |old: &str, new: &str| format!("{del}{old}</del>{ins}{new}</ins>");
    for (old, new, expected) in [
        (
            " new one two three",
            " old one two three",
            format!(" {} one two three", change("new", "old")),
        ),
        (
            "one two three new ",
            "one two three old ",
            format!("one two three {} ", change("new", "old")),
        ),
        (
            "one two a b three",
            "one two c d three",
            format!("one two {} three", change("a b", "c d")),
        ),
    ] {
        assert_eq!(written(&page(old), &page(new)), page(&expected));
    }
}

#[test]
fn where_links_lead_is_noted_behind_what_is_new() {
    let link = |target: &str| format!("<p>Pay <a href=\"{target}\">here</a></p>");
    let html = written(&link("/a"), &link("/b&quot;"));
    let note = "<span class=\"note\">Linked or shown before: /a. Now: /b&quot;.</span>";
    assert!(html.ends_with(&format!("here</a></ins>{note}</p>")), "{html}");
    assert_eq!(html.matches("class=\"note\"").count(), 1, "{html}");
    // Not at a later change.
    let later = |target: &str, word: &str| format!("{}<p>one two three {word}</p>", link(target));
    let html = written(&later("/a", "four"), &later("/b", "five"));
    assert_eq!(html.matches("class=\"note\"").count(), 1, "{html}");
    assert!(html.ends_with("<ins class=\"added\">five</ins></p>"), "{html}");
}

#[test]
fn a_difference_may_be_as_long_as_html_and_no_longer() {
    let page = |length: usize| format!("<p>{}</p>", "x".repeat(length - "<p></p>".len()));
    let (longest, longer) = (page(MAX_HTML), page(MAX_HTML + 1));
    assert_eq!(compare(&longest, &longest).map(|diff| diff.html.len()), Ok(MAX_HTML));
    assert_eq!(compare(&longer, &longer).map(|diff| diff.html.len()), Err(TooComplex::Length));
}

#[test]
fn a_place_with_too_many_pairs_is_compared_coarsely() {
    let blocks = |count: usize, word: &str| -> String {
        (0..count).map(|number| format!("<p>{word}{number} same words</p>")).collect()
    };
    let coarse = |old, new| compare(&blocks(old, "a"), &blocks(new, "b")).unwrap().coarse;
    assert!(!coarse(2, 2) && coarse(200, 201));
}

#[test]
fn a_row_is_compared_cell_by_cell() {
    let row = |cells: &[&str]| -> String {
        let cells: String = cells.iter().map(|cell| format!("<td>{cell}</td>")).collect();
        format!("<table><tr>{cells}</tr></table>")
    };
    let html = written(&row(&["one two", "same"]), &row(&["one three", "same"]));
    let change =
        "one <del class=\"removed\" id=\"change-1\">two</del><ins class=\"added\">three</ins>";
    assert_eq!(html, row(&[change, "same"]));
}
