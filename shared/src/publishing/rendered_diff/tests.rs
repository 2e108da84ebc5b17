use super::super::markup::{attribute, tag_end};
use super::*;

fn rendered(markdown: &str) -> String {
    pictures::without_foreign(&render::to_html(markdown).unwrap(), "https://media.example")
}

/// The page without everything of the class `dropped` and without the marks, with the elements of the
/// class `kept` as they were. Written without the tree, so that it does not repeat its mistakes.
fn without(html: &str, dropped: &str, kept: &str) -> String {
    let mut page = String::new();
    // The names of the open elements, and whether what stands in them, and their tags, are shown.
    let mut open: Vec<(String, bool, bool)> = Vec::new();
    let mut rest = html;
    let is_shown = |open: &[(String, bool, bool)]| open.iter().all(|(_, inner, _)| *inner);
    while !rest.is_empty() {
        let end = match rest.starts_with('<') {
            true => tag_end(rest).unwrap(),
            false => rest.find('<').unwrap_or(rest.len()),
        };
        let (piece, after) = rest.split_at(end);
        rest = after;
        if !piece.starts_with('<') {
            if is_shown(&open) {
                page.push_str(piece);
            }
        } else if let Some(name) = piece.strip_prefix("</") {
            let (opened, _, tags) = open.pop().unwrap();
            assert_eq!(format!("{opened}>"), name, "{html}");
            if tags && is_shown(&open) {
                page.push_str(piece);
            }
        } else {
            let name = piece[1..].split([' ', '>']).next().unwrap();
            let class = attribute(piece, "class").unwrap_or_default();
            let is_ours = piece[1 + name.len()..].starts_with(" class=\"");
            let is = |wanted: &str| is_ours && class.split(' ').any(|class| class == wanted);
            let is_run = matches!(name, "ins" | "del");
            let block = |side: &str| is(&format!("block-{side}"));
            let (inner, tags, text) =
                if is("sr") || is("note") || block(dropped) || is_run && is(dropped) {
                    (false, false, String::new())
                } else if is_run && is(kept) {
                    (true, false, String::new())
                } else if block(kept) {
                    let tag = piece.replacen(&format!(" class=\"block-{kept}\""), "", 1);
                    let tag = tag.replacen(&format!(" class=\"block-{kept} "), " class=\"", 1);
                    (true, true, without_anchor(&tag))
                } else {
                    (true, true, piece.to_owned())
                };
            if tags && is_shown(&open) {
                page.push_str(&text);
            }
            let is_void = matches!(name, "br" | "hr" | "img" | "col" | "wbr" | "area");
            if !is_void {
                open.push((name.to_owned(), inner, tags));
            }
        }
    }
    assert!(open.is_empty(), "{html}");
    page
}

/// A tag without the anchor that stands on a row without cells.
fn without_anchor(tag: &str) -> String {
    match tag.split_once(" id=\"change-") {
        Some((before, after)) => format!("{before}{}", after.split_once('"').unwrap().1),
        None => tag.to_owned(),
    }
}

/// Without the names of anchors, which removed parts do not keep.
fn nameless(html: &str) -> String {
    let mut page = String::new();
    let mut rest = html;
    while let Some(at) = rest.find(" id=\"fn") {
        page.push_str(&rest[..at]);
        rest = &rest[at + 5..];
        rest = &rest[rest.find('"').unwrap() + 1..];
    }
    page + rest
}

/// Holds a difference to what it is for.
fn holds(old: &str, new: &str) -> RenderedDiff {
    let (before, after) = (rendered(old), rendered(new));
    let diff = compare(&before, &after).unwrap();
    let (before, after) = (pages::prepared(&before).unwrap(), pages::prepared(&after).unwrap());
    let html = &diff.html;
    assert_eq!(without(html, "removed", "added"), after, "{old:?} -> {new:?}\n{html}");
    let was = without(html, "added", "removed");
    assert_eq!(nameless(&was), nameless(&before), "{old:?} -> {new:?}\n{html}");
    let is_changed = before != after;
    assert_eq!(!diff.changes.is_empty(), is_changed, "{old:?} -> {new:?}\n{html}");
    for change in &diff.changes {
        let anchor = format!(" id=\"{}\"", change.anchor());
        assert_eq!(html.matches(&anchor).count(), 1, "{old:?} -> {new:?}\n{html}");
    }
    diff
}

#[test]
fn words_are_marked_where_the_text_is_the_same() {
    let diff = holds("We charge **10** euros. Cal us.", "We charge **999** euros. Call us.");
    assert_eq!(
        diff.html,
        "<p>We charge <del class=\"removed\" id=\"change-1\"><strong>10</strong></del>\
         <ins class=\"added\"><strong>999</strong></ins> euros. \
         <del class=\"removed\" id=\"change-2\">Cal</del><ins class=\"added\">Call</ins> us.</p>"
    );
    assert_eq!((diff.changes[1].removed.as_str(), diff.changes[1].added.as_str()), ("Cal", "Call"));
    let diff = holds("one two three four five six", "one 2 3 four five six");
    assert!(diff.html.contains("<del class=\"removed\" id=\"change-1\">two three</del>"));
}

#[test]
fn blocks_without_a_partner_are_wholly_new_or_gone() {
    let diff =
        holds("# A\n\nfirst words here\n", "# A\n\nfirst words here\n\n- one\n- two\n\n---\n");
    assert!(
        diff.html
            .contains("<ul class=\"block-added\"><li><span class=\"sr\" id=\"change-1\">added: ")
    );
    assert!(diff.html.contains("<hr class=\"block-added\">"));
    let diff = holds("- one apple\n- two pears\n- three\n", "- one apple\n- three\n");
    assert!(
        diff.html
            .contains("<li class=\"block-removed\"><span class=\"sr\" id=\"change-1\">removed: ")
    );
    assert!(diff.changes[0].removed == "two pears" && diff.changes[0].added.is_empty());
}

#[test]
fn a_callout_keeps_its_classes_where_it_comes_goes_or_changes() {
    let diff = holds("One.\n", "One.\n\n> [!NOTE]\n> Two.\n");
    let added = "<div class=\"block-added markdown-alert markdown-alert-note\">";
    assert!(diff.html.contains(added), "{}", diff.html);
    let diff = holds("> [!NOTE]\n> Two words.\n", "> [!CAUTION]\n> Two words.\n");
    for part in [
        "block-removed markdown-alert markdown-alert-note",
        "block-added markdown-alert markdown-alert-caution",
    ] {
        assert!(diff.html.contains(part), "{part} in {}", diff.html);
    }
    let diff = holds("> [!NOTE]\n> Two words here.\n", "> [!NOTE]\n> Two other words here.\n");
    assert!(diff.html.contains("<ins class=\"added\""), "{}", diff.html);
}

#[test]
fn headings_are_compared_word_by_word_whatever_their_ids_are() {
    let diff = holds("# One long title\n", "# One short title\n");
    assert!(diff.html.starts_with("<h1>One <del"), "{}", diff.html);
}

#[test]
fn a_changed_block_is_compared_where_others_come_and_go_beside_it() {
    let list =
        |items: &str| items.split(", ").map(|item| format!("- {item}\n")).collect::<String>();
    let longer = list("one apple here, quite another, two pears stay, all else, three plums ripen");
    let shorter = list("one apple there, two pears remain, three plums rot");
    let changes = |old, new| -> Vec<(String, String)> {
        holds(old, new).changes.into_iter().map(|change| (change.removed, change.added)).collect()
    };
    let was = [
        ("here", "there"),
        ("quite another", ""),
        ("stay", "remain"),
        ("all else", ""),
        ("ripen", "rot"),
    ];
    let text = |one: &str, other: &str| (one.to_owned(), other.to_owned());
    assert_eq!(changes(&longer, &shorter), was.map(|(old, new)| text(old, new)));
    assert_eq!(changes(&shorter, &longer), was.map(|(old, new)| text(new, old)));
}

#[test]
fn tables_keep_their_rows_and_code_is_shown_before_and_after() {
    let table = |price: &str| format!("|thing|price|\n|-|-|\n|apple|{price}|\n|pear|2|\n");
    let diff = holds(&table("1"), &table("9"));
    assert!(
        diff.html.contains("<td><del class=\"removed\" id=\"change-1\">1</del>"),
        "{}",
        diff.html
    );
    assert!(diff.html.contains("<tr><td>pear</td><td>2</td></tr>"));
    let wide = "|thing|price|tax|\n|-|-|-|\n|apple|1|0|\n|pear|2|0|\n";
    let diff = holds(&table("1"), wide);
    assert!(diff.html.contains("<table class=\"block-removed\">"), "{}", diff.html);
    assert!(diff.html.contains("<table class=\"block-added\">"));
    let diff = holds("```rust\nlet a = 1;\n```\n", "```rust\nlet a = 2;\n```\n");
    let (before, after) = (
        diff.html.find("<pre class=\"block-removed\">"),
        diff.html.find("<pre class=\"block-added\">"),
    );
    assert!(before.is_some() && before < after, "{}", diff.html);
}

#[test]
fn both_targets_of_a_link_or_a_picture_are_named() {
    let diff = holds("Pay [here](https://bank.example/).", "Pay [here](https://evil.example/).");
    let words = "Linked or shown before: https://bank.example/. Now: https://evil.example/.";
    assert!(diff.html.contains(&format!("<span class=\"note\">{words}</span>")), "{}", diff.html);
    assert_eq!(diff.changes[0].targets().as_deref(), Some(words));
    let diff = holds("![a](https://one.example/a.png)", "![a](https://two.example/a.png)");
    assert!(!diff.html.contains("<img"), "{}", diff.html);
    assert_eq!(diff.changes[0].new_targets, ["https://two.example/a.png"]);
}

#[test]
fn marks_of_the_text_itself_are_not_ours() {
    holds("~~gone~~ <ins>new</ins> <del>x</del>", "~~gone~~ <ins>newer</ins> y");
    holds("a <ins class=\"added\">b</ins>", "a <del class=\"removed\">b</del>");
    holds("See[^a].\n\n[^a]: There.\n", "See[^a] it.\n\n[^a]: Elsewhere, far away.\n");
    let diff = holds("See[^a].\n\n[^a]: There.\n", "No.");
    assert!(!diff.html.contains("id=\"fn"), "{}", diff.html);
}

#[test]
fn everything_is_new_where_nothing_was() {
    let diff = holds("", "# Title\n\nText.\n");
    assert_eq!(diff.changes.len(), 1);
    assert!(
        diff.html
            .starts_with("<h1 class=\"block-added\"><span class=\"sr\" id=\"change-1\">added: ")
    );
    assert!(holds("same", "same").changes.is_empty());
}

/// A text of everything that Markdown is made of, at random.
fn body(random: &mut fastrand::Rng) -> Vec<String> {
    const BLOCKS: [&str; 23] = [
        "# A heading & more",
        "A paragraph with *words*, `code` and [a link](https://one.example/a?b=1&c=2).",
        "Another one, **bold *and* italic**, with ![a picture](https://two.example/p.png \"title\").",
        "- one\n- two\n  - two and a half\n- three",
        "1. first\n2. second\n\n   with a paragraph\n3. third",
        "> A quote of two\n> lines",
        "|a|b|\n|-|:-:|\n|1|2|\n|3|*4*|",
        "```rust\nfn main() {}\n```",
        "    indented code",
        "---",
        "Seen[^n] twice[^n].\n\n[^n]: A note.",
        "<details><summary>More</summary>\n\nHidden words\n\n</details>",
        "<div><p>raw</p> text <b>and <p>wrong</p> nesting</b></div>",
        "<ruby>a<rt>b</rt></ruby> H<sub>2</sub>O <ins>in</ins> <del>out</del>",
        "<table><tr><td>raw<td>cells</table>",
        "- [ ] open\n- [x] done",
        "京都の写真 and العربية, caf\u{e9} \u{1f468}\u{200d}\u{1f469}",
        "![one](https://media.example/media/1.png)![two](/2.png)",
        "Line one  \nline two\\\nline three",
        "<a href=\"/x\">![in a link](https://two.example/q.png)</a> &lt;b&gt; &amp;amp; &nbsp;",
        "<dl><dt>term<dd>meaning</dl>",
        "<p title=\"a > b &quot; c\">attributes</p>",
        "<table><colgroup><col><col></colgroup><tr></tr></table>",
    ];
    (0..random.usize(0..9)).map(|_| BLOCKS[random.usize(..BLOCKS.len())].to_owned()).collect()
}

/// The text with some edits: words and blocks changed, moved, removed, doubled.
fn edited(random: &mut fastrand::Rng, blocks: &[String]) -> Vec<String> {
    let mut blocks = blocks.to_vec();
    for _ in 0..random.usize(0..6) {
        let at = random.usize(..=blocks.len());
        match (random.u8(0..6), at < blocks.len()) {
            (0, true) => drop(blocks.remove(at)),
            (1, _) => blocks.splice(at..at, body(random)).for_each(drop),
            (2, true) => {
                let block = blocks.remove(at);
                blocks.insert(random.usize(..=blocks.len()), block);
            }
            (_, true) => blocks[at] = reworded(random, &blocks[at]),
            (_, false) => blocks.push("The end.".to_owned()),
        }
    }
    blocks
}

fn reworded(random: &mut fastrand::Rng, block: &str) -> String {
    const WORDS: [&str; 9] = ["new", "*x*", "`y`", "[z](/z)", "", "**", "<b>", "&", "\u{4eac}"];
    let mut words: Vec<&str> = block.split(' ').collect();
    for _ in 0..random.usize(1..4) {
        let (at, word) = (random.usize(..words.len()), WORDS[random.usize(..WORDS.len())]);
        match random.bool() {
            true => words[at] = word,
            false => words.insert(at, word),
        }
    }
    words.join(" ")
}

#[test]
fn without_its_marks_it_is_exactly_one_text_or_the_other() {
    let mut random = fastrand::Rng::with_seed(1_129);
    for _ in 0..1_500 {
        let old = body(&mut random);
        let new = match random.u8(0..8) {
            0 => body(&mut random),
            _ => edited(&mut random, &old),
        };
        holds(&old.join("\n\n"), &new.join("\n\n"));
    }
}

#[test]
fn what_would_take_too_long_is_marked_as_a_whole() {
    let text = |seed| {
        let mut random = fastrand::Rng::with_seed(seed);
        let word = |random: &mut fastrand::Rng| format!("w{} ", random.u32(..50_000));
        (0..40_000).map(|_| word(&mut random)).collect::<String>()
    };
    let mut comparison =
        Comparison { deadline: Deadline::over(), writer: Writer::default(), coarse: false };
    let (old, new) = (format!("<p>{}</p>", text(1)), format!("<p>{}</p>", text(2)));
    comparison.children(&parse(&old).unwrap(), &parse(&new).unwrap());
    assert!(comparison.coarse);
    let html = comparison.writer.finish().0;
    assert_eq!(without(&html, "removed", "added"), new);
    assert_eq!(without(&html, "added", "removed"), old);
}
