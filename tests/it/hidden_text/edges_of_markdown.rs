//! Findings of Markdown at their limits: exactly there, and one beyond.

use byline_shared::model::FindingCode::{
    CodeInfo, LongLabel, MisleadingLink, More, UnusedDefinition,
};
use byline_shared::publishing::findings::MAX_FINDINGS;

use super::edges::{counts, said};
use super::findings::in_body;

#[test]
fn a_name_of_a_definition_may_have_five_words() {
    let used = |name: &str| format!("[x][{name}]\n\n[{name}]: /x\n");
    counts(
        LongLabel,
        &[
            (&used("one two three four five"), 0),
            (&used("one two three four five six"), 1),
            (&used("don't stop one two three"), 0),
            ("a[^one-two-three-four-five]\n\n[^one-two-three-four-five]: b\n", 0),
            ("a[^one-two-three-four-five-six]\n\n[^one-two-three-four-five-six]: b\n", 1),
        ],
    );
    let said = said("a\n\n[b]: /x \"c\"\n", UnusedDefinition);
    assert!(said[0].contains("uses: \"[b]: /x \"c\"\". Readers do not see it;"), "{said:?}");
}

#[test]
fn what_is_a_definition_and_what_uses_one() {
    counts(
        UnusedDefinition,
        &[
            ("[a]: /x\n\n[b][a]", 0),
            ("[a]: /x\n\n[A]", 0),
            ("[a  b]: /x\n\n[a b]", 0),
            ("[a]: /x\n\n\\[a]", 1),
            ("[a]: /x\n\n`[a]`", 1),
            ("```\n[a]: /x\n```\n", 0),
            ("[a]: /x\n[b]: /y\n\n[a]", 1),
            ("> - [a]: /x\n", 1),
            ("1. [a]: /x\n", 1),
            ("12) [a]: /x\n", 1),
            ("a [b]: /x\n", 0),
            ("\\[a]: /x\n", 0),
            ("[]: /x\n", 0),
            ("[a\\]b]: /x\n", 1),
            // A picture uses one, too.
            ("[a]: /x\n\n![a]", 0),
            // An escape or an entity makes another address of it in the link.
            ("[a]: /x\\*y\n\n[a]", 0),
            ("[a]: /x&amp;y\n\n[a]", 0),
            // A bracket within a name begins one of its own, and what only looks like a mark is none.
            ("[a[b]: /x\n", 0),
            (". [a]: /x\n", 0),
            (") [a]: /x\n", 0),
            ("1- [a]: /x\n", 0),
            ("1> [a]: /x\n", 0),
            ("* + > [a]: /x\n", 1),
            ("`x` [b]: /x\n\n[a]: /y\n", 1),
            ("`[a]` [a]\n\n[a]: /x\n", 0),
            // A name may have so many bytes.
            (&format!("[{}]: /x\n", "a".repeat(4 * 999 - 1)), 1),
            (&format!("[{}]: /x\n", "a".repeat(4 * 999)), 0),
            // With another address behind its name.
            ("[a]: </x y>\n\n[a]", 0),
        ],
    );
}

#[test]
fn the_language_of_a_code_block_is_a_name() {
    let block = |info: &str| format!("```{info}\nx\n```\n");
    counts(
        CodeInfo,
        &[
            (&block("objective-c"), 0),
            (&block(&"a".repeat(24)), 0),
            (&block(&"a".repeat(25)), 1),
            (&block("a-b"), 0),
            (&block("a-b-c"), 1),
            (&block("rust ignore"), 1),
        ],
    );
    for (info, words) in [
        ("rust no_run", "Words behind the language of a code block: \"no_run\"."),
        ("a-b-c no_run", "Words as the language of a code block: \"a-b-c no_run\"."),
        ("a-b-c", "The language of a code block is more than a name: \"a-b-c\"."),
    ] {
        let said = said(&block(info), CodeInfo);
        assert!(said[0].starts_with(words), "{said:?}");
    }
}

#[test]
fn a_link_says_where_it_leads_or_something_else() {
    counts(
        MisleadingLink,
        &[
            // The same host, one below it, and one above it.
            ("[example.com](https://example.com/a)", 0),
            ("[www.example.com](https://example.com)", 0),
            ("[example.com](https://docs.example.com)", 0),
            ("[docs.example.com](https://example.com)", 0),
            ("[notexample.com](https://example.com)", 1),
            ("[example.com](https://notexample.com)", 1),
            ("[EXAMPLE.com](https://example.COM)", 0),
            // Names of files are none of hosts, but with a path.
            ("[main.rs](https://example.com)", 0),
            ("[main.rs/a](https://example.com)", 1),
            ("[a.b](https://example.com)", 0),
            ("[a.bc](https://example.com)", 1),
            ("[1.25](https://example.com)", 0),
            ("[a..bc](https://example.com)", 0),
            // Within other words, only what is written as an address.
            ("[see bank.example](https://example.com)", 0),
            ("[see www.bank.example](https://example.com)", 1),
            ("[see (https://bank.example/x)](https://example.com)", 1),
            ("[see http://bank.example](https://example.com)", 1),
            ("[bank.example:80](https://example.com)", 0),
            // Mail.
            ("[a@example.com](mailto:A@example.com?subject=x)", 0),
            ("[a@example.com](MAILTO:b@example.com)", 1),
            ("[write to <a@example.com>.](mailto:b@example.com)", 1),
            ("[a@b](mailto:b@example.com)", 0),
            ("[mailto:a@example.com](mailto:a@example.com)", 0),
            ("[a](mailto:b@example.com)", 0),
        ],
    );
}

#[test]
fn so_many_findings_are_listed_and_the_rest_is_counted() {
    let pictures = |count: usize| -> String {
        (0..count).map(|number| format!("![a{number}](/x)\n\n")).collect()
    };
    assert_eq!(in_body(&pictures(MAX_FINDINGS)).len(), MAX_FINDINGS);
    assert_eq!(said(&pictures(MAX_FINDINGS), More), [""; 0]);
    for more in 1..4 {
        let found = in_body(&pictures(MAX_FINDINGS + more));
        assert!(found.last().unwrap().new, "{more}");
    }
    let found = said(&pictures(MAX_FINDINGS + 1), More);
    assert!(
        found[0]
            .starts_with("There are 1 further findings that are not listed: 1 \u{d7} alt_text.")
    );
    // Of several kinds.
    let comments: String = (0..3).map(|number| format!("<!-- {number} -->\n\n")).collect();
    let found = said(&format!("{}{comments}", pictures(MAX_FINDINGS)), More);
    assert!(found[0].starts_with("There are 3 further findings"), "{found:?}");
    assert!(found[0].contains("3 \u{d7} alt_text"), "{found:?}");
}
