use super::*;

#[test]
fn elements_may_stand_as_deep_as_the_limit_says() {
    assert_eq!(check_html(&"<div>".repeat(5), 5), Ok(()));
    assert_eq!(check_html(&"<div>".repeat(6), 5), Err(TooComplex::Depth));
    assert_eq!(check_html("<p><b>x</b></p><p><b>y</b></p>", 2), Ok(()));
}

/// What is found in HTML.
fn tally(html: &str) -> Tally {
    let context = Node::new(local_name!("div"));
    let options = TreeBuilderOpts::default();
    let builder = TreeBuilder::new_for_fragment(Tally::new(), context, None, options);
    let tokenizer =
        Tokenizer::new(Watch { builder, tokens: Cell::new(0) }, TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
    tokenizer.end();
    tokenizer.sink.builder.sink
}

#[test]
fn every_element_is_a_step_and_repairs_are_more() {
    let attributes = |count: usize| -> String {
        let names: String = (0..count).map(|at| format!(" a{at}")).collect();
        format!("<p{names}>")
    };
    let many = "<br>".repeat(100);
    let expected: &[(&str, usize)] = &[
        // The root.
        ("", 1),
        ("<p>a</p>", 2),
        // Attributes are compared with those before them, and late ones with all.
        (&attributes(22), 2),
        (&attributes(23), 3),
        (&attributes(32), 4),
        ("<html a>", 2),
        ("<html a b>", 3),
        ("<html a><html b>", 4),
        // What is moved out of a table is put among all elements that are there.
        ("<table>a", 3),
        ("<table><br>", 4),
        (&format!("{many}<table>a"), 104),
        (&format!("{many}<table><br>"), 105),
        // Formatting that goes on in a block is made anew, with all that is in the block.
        ("<b>a</b><p>a</p>", 3),
        ("<b><p>a</b>", 4 + MOVE),
    ];
    for (html, steps) in expected {
        assert_eq!(tally(html).steps.get(), *steps, "{html}");
    }
}

#[test]
fn texts_are_searched_from_each_sign_on() {
    for (html, searched) in [
        ("abc", 0),
        ("&amp;x", 2),
        ("<p>&amp;</p>&amp;x", 3),
        ("&amp;<br>xx", 1),
        ("<p title='&amp;x' lang='&amp;'>", 3),
        // As if all that is moved out of a table came to stand in one place.
        ("<table>&amp;<tr>&amp;", 3),
        // A section of characters in SVG; elsewhere, it is a comment up to the bracket.
        ("<svg><![CDATA[&x]]></svg>", 2),
        ("<![CDATA[&x>&amp;y", 2),
    ] {
        assert_eq!(tally(html).searched.get(), searched, "{html}");
    }
}

#[test]
fn a_tag_may_be_as_long_as_the_limit_says() {
    let tag = |length: usize| format!("<p title='{}'>", "x".repeat(length));
    assert_eq!(check_html(&tag(MAX_TAG - 2 * PIECE), 5), Ok(()));
    assert_eq!(check_html(&tag(MAX_TAG + 2 * PIECE), 5), Err(TooComplex::Tag));
    // To the piece: that many without an end, and the end in the next one.
    let html = |length: usize| tag(length - "<p title=''>".len());
    assert_eq!(check_html(&html(MAX_TAG + PIECE), 5), Ok(()));
    assert_eq!(check_html(&html(MAX_TAG + PIECE + 1), 5), Err(TooComplex::Tag));
    // What stands between tags is no tag.
    assert_eq!(check_html(&tag(MAX_TAG / 2).repeat(3), 5), Ok(()));
}

#[test]
fn so_many_steps_and_searches_are_made() {
    let tally = Tally::new();
    tally.steps.set(MAX_STEPS);
    tally.searched.set(MAX_SEARCHED);
    assert_eq!(tally.is_within(5), Ok(()));
    tally.search(1);
    assert_eq!(tally.is_within(5), Err(TooComplex::Escapes));
    tally.count(1);
    assert_eq!(tally.is_within(5), Err(TooComplex::Repairs));
    tally.deepest.set(6);
    assert_eq!(tally.is_within(5), Err(TooComplex::Repairs));
    tally.deepest.set(7);
    assert_eq!(tally.is_within(5), Err(TooComplex::Depth));
    assert_eq!((MAX_STEPS, MAX_SEARCHED), (300_000, 2_147_483_648));
}

#[test]
fn parsing_ends_when_its_time_is_over() {
    assert_eq!(check("<p>a</p>", &Deadline::over()), Err(TooComplex::Time));
    assert_eq!(check("<p>a</p>", &Deadline::of_rendering()), Ok(()));
}
