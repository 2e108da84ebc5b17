//! Every kind of hidden text is refused by the API or found.

use byline_shared::model::{Finding, FindingCode, Markdown, PostFields, Role, Title};
use byline_shared::publishing::NewPost;
use byline_shared::publishing::findings::{MAX_FINDINGS, of};
use serde_json::json;

use self::FindingCode::*;
use super::samples::Fate::{Found, Refused};
use super::samples::samples;
pub(super) use super::samples::tagged;
use crate::harness::{App, tier};

/// The bodies that are taken, each with what is found in it.
pub(crate) fn found() -> Vec<(String, FindingCode)> {
    let taken = samples().into_iter().filter_map(|(text, fate)| match fate {
        Refused(..) => None,
        Found(code, ..) => Some((text, code)),
    });
    taken.collect()
}

/// Where the files of the publication are.
const MEDIA: &str = "https://media.example";

fn fields(title: &str) -> PostFields {
    let new = NewPost::new(Title::trusted(title), Markdown::trusted(""));
    new.into_parts("x".parse().unwrap()).0
}

pub(super) fn in_body(text: &str) -> Vec<Finding> {
    of(None, &fields("T"), &Markdown::trusted(text), MEDIA)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_hidden_text_is_refused_or_found() {
    let app = App::unlimited().await;
    let author = app.user(Role::Author).await;
    let samples = samples();
    assert!(samples.len() >= 60, "{}", samples.len());
    for (text, fate) in samples {
        let new = json!({ "title": "T", "body": text });
        match fate {
            Refused(code, line, column) => {
                let answer = author.post("/v1/manage/posts", new, 422).await;
                let message = answer.text("/errors/0/message");
                assert_eq!(answer.text("/errors/0/pointer"), "/body");
                let place = format!("on line {line}, column {column}");
                let run = format!("from line {line}, column {column}");
                assert!(message.contains(code), "{text:?}: {message}");
                assert!(message.contains(&place) || message.contains(&run), "{text:?}: {message}");
            }
            Found(code, line, part) => {
                author.post("/v1/manage/posts", new, 201).await;
                let findings = in_body(&text);
                let is_it = |found: &&Finding| found.code == code && found.message.contains(part);
                let Some(found) = findings.iter().find(is_it) else {
                    panic!("{text:?}: no {code:?} with {part:?} in {findings:#?}")
                };
                assert_eq!((found.pointer.as_str(), found.line), ("/body", Some(line)), "{text:?}");
                assert!(found.new, "{text:?}");
            }
        }
    }
}

#[test]
fn ordinary_texts_have_no_findings() {
    for text in [
        "# A heading\n\nSome *text* with a [link](https://example.com/a \"\") and `code`.\n",
        "Stra\u{df}e, caf\u{e9}, \u{65e5}\u{672c}\u{8a9e}\u{306e}\u{30c6}\u{30ad}\u{30b9}\u{30c8}, \u{440}\u{443}\u{441}\u{441}\u{43a}\u{438}\u{439}, \u{5e9}\u{5dc}\u{5d5}\u{5dd}.",
        "See [the docs][d], [Node.js](https://nodejs.org) and [main.rs](https://github.com/a/b).\n\n[d]: /docs\n",
        "[https://www.example.com/a](https://example.com/a) <https://example.com> ada@example.com",
        "A note[^1].\n\n[^1]: Said so.\n\n- [x] done\n- [ ] open\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
        "```rust\n// <!-- not a comment --> [x]: # &zwj; <div hidden>\n```\n\n`<!-- x -->` and `[a]: b`\n",
        "One,  \ntwo; `a\t\t  b`.\n\n```objective-c\n\tint a;\t  // x\n    \n```\n",
        "Combien\u{a0}? 10\u{202f}000\u{a0}! \u{3000}\u{6587}",
        "<table>\n<tr><th>a</th></tr>\n<tr><td>\n\nb *c*\n\n</td></tr>\n</table>\n\nd\n",
        "<kbd>Ctrl</kbd> x<sup>2</sup> <br> <span>y</span>\n",
        "<p lang=\"de\">Ein <a href=\"https://example.com/a\">Verweis</a> <img src=\"/p.png\" width=\"20\"></p>\n",
        "\u{421}\u{421}\u{421}\u{420} \u{438} \u{440}\u{43e}\u{441}\u{442}",
        "Done \u{1f389}, \u{20bb7}\u{91ce}\u{5bb6}, \u{1d49c}.",
    ] {
        assert_eq!(in_body(text), [], "{text:?}");
    }
}

#[test]
fn what_was_there_before_is_not_new() {
    let (old, new) = ("<!-- a -->\n\nText.\n", "Text.\n\n<!-- a -->\n\n<!-- b -->\n");
    let (old_fields, mut new_fields) = (fields("T"), fields("T\u{200b}X"));
    let key = "note".to_owned();
    let metadata = [(key, json!("Ignore all."))].into_iter().collect();
    new_fields.metadata = byline_shared::model::Metadata::trusted(metadata);
    let (old, new) = (Markdown::trusted(old), Markdown::trusted(new));
    let findings = of(Some((&old_fields, &old)), &new_fields, &new, MEDIA);
    let found: Vec<(&str, FindingCode, bool)> =
        findings.iter().map(|found| (found.pointer.as_str(), found.code, found.new)).collect();
    assert_eq!(
        found,
        [
            ("/body", HtmlComment, true),
            ("/title", InvisibleCharacters, true),
            ("/metadata/note", Metadata, true),
            ("/body", HtmlComment, false),
        ]
    );
    assert_eq!((findings[0].line, findings[0].column), (Some(5), None));
    assert_eq!((findings[1].line, findings[1].column), (Some(1), Some(2)));
    assert!(findings[2].message.contains("Ignore all."), "{findings:?}");
    // Two of the same are more than one.
    let twice = Markdown::trusted("<!-- a -->\n\n<!-- a -->\n");
    let findings = of(Some((&old_fields, &old)), &old_fields, &twice, MEDIA);
    assert_eq!(findings.len(), 1);
    assert!(findings[0].new && findings[0].message.ends_with("(found 2 times, first here)"));
}

#[test]
fn findings_are_bounded_and_the_gravest_come_first() {
    let pictures: String = (0..3_000).map(|number| format!("![a{number}](/x)\n\n")).collect();
    let body = format!("{pictures}<!-- ignore all -->\n");
    let findings = in_body(&body);
    assert_eq!(findings.len(), MAX_FINDINGS + 1);
    assert_eq!(findings[0].code, HtmlComment);
    let last = findings.last().unwrap();
    assert_eq!((last.code, last.new), (More, true));
    assert!(last.message.contains("There are 2801 further findings"), "{}", last.message);
    assert!(last.message.contains("2801 \u{d7} alt_text"), "{}", last.message);
}

#[test]
fn only_kinds_that_are_not_listed_are_counted() {
    let pictures: String = (0..250).map(|number| format!("![a{number}](/x)\n\n")).collect();
    let findings = in_body(&format!("{pictures}<!-- ignore all -->\n"));
    let said = &findings.last().unwrap().message;
    let expected = "There are 51 further findings that are not listed: 51 \u{d7} alt_text. Ask";
    assert!(said.starts_with(expected), "{said}");
}

/// Long bodies of one construct each.
#[test]
fn findings_of_any_body_end() {
    let length = tier().pick(20_000, Markdown::MAX_BYTES);
    let long = |part: &str| part.repeat(length / part.len());
    for part in [
        "<!--",
        "<a ",
        "<a b=c ",
        "<p>",
        "<!-- x -->",
        "[",
        "[a",
        "[a]: ",
        "[a]: b\n",
        "![",
        "![a](b)",
        "&#8203;",
        "&",
        "\u{200b}x",
        "\u{43e}",
        "a\u{430} ",
        "[^a]",
        "[^a]: b\n",
        "`",
        "```\n",
        "> ",
        "* a\n",
        "https://a.b ",
        "[www.a.example](//b.example) ",
        "<a href=x>",
        "</a>",
        "\u{1f3f4}",
        "\n",
        "\\[",
        "]",
        " \t",
        "x \t \t \n",
        "\u{2002}\u{2003}",
        "\u{2028}",
        "<table>x",
        "<table>\n\nx\n\n",
        "<rp>x",
    ] {
        let findings = in_body(&long(part));
        assert!(findings.len() <= MAX_FINDINGS + 1, "{part:?}");
    }
}
