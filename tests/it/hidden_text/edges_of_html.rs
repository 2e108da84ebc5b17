//! What is said of raw HTML: which part of it readers do not get, and where a text comes to stand.

use byline_shared::model::FindingCode::{
    AltText, CollapsedText, EmptyLink, HtmlComment, HtmlDropped, MisleadingLink, MovedText,
    TitleText,
};

use super::edges::{counts, said};
use super::findings::in_body;

#[test]
fn what_readers_do_not_get_is_named() {
    let many: String = (0..11).map(|number| format!(" z{number}=1")).collect();
    let ten: Vec<String> = (0..10).map(|number| format!("z{number}=\"1\"")).collect();
    for (text, what) in [
        ("<x-y>a</x-y>", "the tag <x-y>"),
        ("a</x-y>", "the tag </x-y>"),
        ("<x-y z=1>a</x-y>", "the tag <x-y> with z=\"1\""),
        ("<p z=1>a</p>", "parts of the tag <p>: z=\"1\""),
        ("<p>a</p z=1>", "parts of the tag </p>: z=\"1\""),
        ("<b title=a title=b>x</b>", "attributes of the tag <b> that stand twice"),
        (
            "<b z=1 title=a title=b>x</b>",
            "parts of the tag <b>: z=\"1\" and attributes that stand twice",
        ),
        (
            "<x-y title=a title=b>x</x-y>",
            "the tag <x-y> with title=\"a\" and attributes that stand twice",
        ),
        ("<script>a</script>", "the element <script>, with all that it holds: \"a\""),
        ("<script z=1></script>", "the element <script> with z=\"1\", with all that it holds"),
        (
            "<script>\nlet a = '<b>';\n",
            "the element <script>, with all that it holds: \"let a = '<b>';\"",
        ),
        (&format!("<p{many}>a</p>"), &format!("parts of the tag <p>: {}", ten.join(" "))),
    ] {
        let expected = format!("Readers do not get {what}. Agents that read the Markdown do.");
        assert_eq!(said(text, HtmlDropped), [expected], "{text}");
    }
    let declared = ["A declaration of a document type, which readers do not get."];
    assert_eq!(said("<!DOCTYPE html>", HtmlDropped), declared);
}

#[test]
fn a_tag_that_is_told_is_not_told_again_at_its_end() {
    counts(
        HtmlDropped,
        &[
            ("<x-y>a</x-y> b</x-y>", 1),
            ("<x-y>a</x-z>", 2),
            ("<b>a</b> <i>c</i>", 0),
            ("<p lang=en>a</p>", 0),
            // A name is short, and a text is none.
            ("<p lang='one two'>a</p>", 0),
            ("<p lang='one two three'>a</p>", 1),
            ("<a href='/x' title='b'>c</a>", 0),
            ("<img src='/x' alt='one two three'>", 0),
        ],
    );
}

#[test]
fn a_text_between_the_cells_of_a_table_is_moved() {
    counts(
        MovedText,
        &[
            ("<table>a<tr><td>b</td></tr></table>", 1),
            ("<table><caption>a</caption><tr><th>b</th><td>c</td></tr></table>", 0),
            ("<table><tr>a<td>b</td></tr></table>", 1),
            ("<table><tr><td>b</td>a</tr></table>", 1),
            ("<table><tbody>a<tr><td>b</td></tr></tbody></table>", 1),
            ("<table> <tr> <td>b</td> </tr> </table>", 0),
            ("<table><tr><td>b</td></tr></table>a", 0),
            // Outside of a table there are no cells.
            ("<p>a</td>b</p>", 0),
            ("<p>a</tr>b</p>", 0),
        ],
    );
}

#[test]
fn a_link_of_html_is_read_as_one_of_markdown() {
    counts(
        EmptyLink,
        &[
            ("<a href='/x'>a</a>", 0),
            ("<a href='/x'><b>a</b></a>", 0),
            ("<a href='/x'> </a>", 1),
            ("<a href='/x'></a><a href='/y'></a>", 2),
            // The next link ends the one before.
            ("<a href='/x'><a href='/y'>a</a>", 1),
            ("<a name='x'></a>", 0),
            ("<a href='/x'>`a`</a>", 0),
            ("<a href='/x'><img src='/p' alt='a'></a>", 0),
            ("<a href='/x'><img src='/p'></a>", 1),
        ],
    );
    let picture = said("a <a href='/x'><img src='/p'></a>", EmptyLink);
    assert!(picture[0].starts_with("A link around a picture without an"), "{picture:?}");
    let nothing = said("a <a href='/x'> </a> <img src='/p'>", EmptyLink);
    assert!(nothing[0].starts_with("A link without a text"), "{nothing:?}");
    counts(
        MisleadingLink,
        &[
            ("<a href='https://a.example'>https://b.example</a>", 1),
            ("<a href='https://a.example'>https://\n**b.example**</a>", 0),
            ("<a href='https://a.example'>see</a> https://b.example", 0),
            ("a <a href='https://a.example'>`https://b.example`</a>", 1),
        ],
    );
}

#[test]
fn texts_that_only_some_get_are_told_once_each() {
    counts(
        AltText,
        &[("<img src='/x' alt='a'>", 1), ("<img src='/x' alt=' '>", 0), ("<b alt='a'>x</b>", 0)],
    );
    counts(TitleText, &[("a <b title='a'>x</b>", 1), ("a <b title=' '>x</b>", 0), ("[x](/y)", 0)]);
    counts(CollapsedText, &[("<details>a</details>", 1), ("a</details>", 0)]);
    counts(HtmlComment, &[("<!-- a -->", 1), ("<!-- -->", 0), ("<!---->", 0)]);
}

#[test]
fn a_part_of_html_is_found_where_it_stands() {
    for (text, line, column) in [
        ("a\n\n<p>\n<x-y>b</x-y>\n</p>\n", 4, None),
        ("a\n\n<!-- one\ntwo\nthree -->\n", 3, None),
        ("a\n\n<p>b\n<!-- one\ntwo -->\n</p>\n", 4, None),
        ("a\nb <x-y>c</x-y>\n", 2, Some(3)),
    ] {
        let found = in_body(text);
        assert_eq!(found.len(), 1, "{text:?}: {found:?}");
        assert_eq!((found[0].line, found[0].column), (Some(line), column), "{text:?}");
    }
}
