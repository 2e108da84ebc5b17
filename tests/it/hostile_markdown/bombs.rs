//! Markdown that wants to take all time or space. Each either becomes harmless HTML of a bounded
//! length, or is refused; none may go on for ever. What is slow today is in `docs/PERFORMANCE.md`.

use std::sync::mpsc;
use std::time::Duration;

use byline_shared::model::Markdown;
use byline_shared::model::TooComplex;
use byline_shared::publishing::to_html;

use super::bodies::{self, counted};
use super::harmless::assert_harmless;
use super::search;
use crate::harness::tier;
use crate::harness::tier::seed;

/// The most that a post's HTML may have, in bytes.
const MOST: usize = 2 * 1024 * 1024;

/// What a hanging test is ended by; no bomb comes near it.
const FOR_EVER: Duration = Duration::from_secs(300);

/// Renders beside the test, which does not wait for ever.
fn render(name: &str, bomb: String) -> Result<String, TooComplex> {
    let (answer, wait) = mpsc::channel();
    std::thread::spawn(move || answer.send(to_html(&bomb)));
    wait.recv_timeout(FOR_EVER).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// `unit` over and over, `length` bytes of it.
fn repeat(unit: &str, length: usize) -> String {
    unit.repeat(length / unit.len())
}

fn ends(name: &str, bomb: String) {
    if let Ok(html) = render(name, bomb) {
        assert!(html.len() <= MOST, "{name}: {} bytes", html.len());
        // Its beginning tells of it, and is quicker to look at.
        let cut = html.floor_char_boundary(20_000);
        let cut = html[..cut].rfind("\n<").unwrap_or(cut.min(html.find('<').unwrap_or(cut)));
        assert_harmless(&html[..cut], name);
    }
}

#[test]
fn a_long_run_of_anything_ends() {
    // All of them, at the limit, are for the benchmark `rendering`.
    let (step, length) = tier().pick((82, 8 * 1024), (5, 32 * 1024));
    let mut random = fastrand::Rng::with_seed(seed());
    let mut bodies = bodies::alone();
    random.shuffle(&mut bodies);
    for body in bodies.iter().step_by(step) {
        ends(&body.name(), body.text(length));
    }
}

#[test]
fn two_things_in_turns_end() {
    let (count, length) = tier().pick((30, 8 * 1024), (600, 32 * 1024));
    let mut random = fastrand::Rng::with_seed(seed());
    let mut bodies = bodies::pairs();
    random.shuffle(&mut bodies);
    bodies.truncate(count);
    bodies.extend(bodies::at_random(&mut random, count));
    for body in bodies {
        ends(&body.name(), body.text(length));
    }
}

/// Not the place to measure, since nothing is optimised here: that is the benchmark `rendering`. What
/// takes quadratic time is far above the rest even so.
#[test]
fn no_body_takes_far_longer_than_others() {
    let work = |text: &str| match to_html(text) {
        Ok(html) => format!("{} bytes", html.len()),
        Err(fault) => format!("refused: {fault:?}"),
    };
    let (count, followed) = tier().pick((100, 2), (4_000, 100));
    let mut random = fastrand::Rng::with_seed(seed());
    let mut bodies = bodies::alone();
    bodies.extend(bodies::pairs());
    random.shuffle(&mut bodies);
    bodies.truncate(count);
    bodies.extend(bodies::at_random(&mut random, count / 2));
    let lengths = [Markdown::MAX_BYTES / 32, Markdown::MAX_BYTES];
    let timed = |text: &str| search::timed(|| work(text));
    let found = search::slowest(timed, &bodies, &lengths, followed, FOR_EVER);
    println!("| body | {} bytes | {} bytes | |\n|---|---|---|---|", lengths[0], lengths[1]);
    for found in found.iter().take(20) {
        println!("{}", found.row());
    }
    assert!(found[0].time() < FOR_EVER / 10, "{}", found[0].row());
}

#[test]
fn what_would_be_escaped_for_ever_is_refused_at_the_limit() {
    let whole = Markdown::MAX_BYTES;
    let attribute = format!("<p title=\"{}\">x</p>\n", "&".repeat(31_000));
    for (name, bomb) in [
        ("a paragraph", repeat("&", whole)),
        ("middle dots", repeat("·", whole)),
        ("spaces that do not break", repeat("a\u{a0}", whole)),
        ("a code block", format!("```\n{}\n```", repeat("a && b\n", whole - 10))),
        ("an element", format!("<pre>{}", repeat("a&", whole - 10))),
        ("a moved text", format!("<table>{}", repeat("a&", whole - 10))),
        ("attributes", repeat(&attribute, whole)),
    ] {
        let outcome = render(name, bomb).map(|html| html.len());
        assert_eq!(outcome, Err(TooComplex::Escapes), "{name}");
    }
}

#[test]
fn what_refers_to_much_ends() {
    const LENGTH: usize = 60_000;
    let rows = |columns: usize, rows: usize| {
        let (head, line) = ("|a".repeat(columns), "|-".repeat(columns));
        format!("{head}|\n{line}|\n{}", "|b\n".repeat(rows))
    };
    for (name, bomb) in [
        ("a reference", format!("[a]: /{}\n\n{}", "x".repeat(6_000), repeat("[a]", LENGTH))),
        ("a title", format!("[a]: / '{}'\n\n{}", "x".repeat(6_000), repeat("[a]", LENGTH))),
        ("references", counted(LENGTH, |n| format!("[{n}]: x\n[{}]\n", n + 1))),
        ("one footnote", format!("[^1]: x\n\n{}", repeat("[^1]", LENGTH))),
        ("footnotes", counted(LENGTH, |n| format!("[^{n}]: x[^{}]\n\n", n + 1))),
        ("footnotes in footnotes", {
            format!("[^0]\n\n{}", counted(LENGTH, |n| format!("[^{n}]: [^{0}] [^{0}]\n\n", n + 1)))
        }),
        ("a footnote in itself", format!("[^1]\n\n[^1]: {}", repeat("[^1]", LENGTH))),
        ("a footnote's long name", {
            format!(
                "[^{0}]: x\n\n{1}",
                "a".repeat(900),
                repeat(&format!("[^{}]", "a".repeat(900)), LENGTH)
            )
        }),
        ("a wide table", rows(20_000, 10)),
        ("a long table", rows(3, 20_000)),
        ("a large table", rows(500, 5_000)),
        ("backticks", counted(LENGTH, |n| format!("{} ", "`".repeat(n + 1)))),
        ("a list within", counted(LENGTH, |n| format!("{}- a\n", "  ".repeat(n)))),
        ("quotes in and out", counted(LENGTH, |n| format!("{}a\n", ">".repeat(n % 90)))),
    ] {
        ends(name, bomb);
    }
}

/// An element with almost as many attributes as the limit of a tag leaves room for: 4,850.
fn with_many_attributes() -> String {
    format!("<p {}>x</p>\n\n", counted(28_000, |number| format!("a{number} ")))
}

#[test]
fn html_that_a_parser_would_repair_for_ever_is_refused() {
    use TooComplex::{Depth, Repairs, Tag};
    let open: String = (0..80).map(|number| format!("<b title={number}>")).collect();
    for (name, bomb, fault) in [
        // What closes an element where only a naive reader sees it.
        ("in an attribute", "<b title=\"</b>\">".repeat(1_000), Depth),
        ("in a cell", "<b><table><td></b><div></table>".repeat(1_000), Depth),
        ("in a text area", "<b><textarea></b></textarea>".repeat(1_000), Depth),
        ("in a title", "<div><title></div></title>".repeat(1_000), Depth),
        ("in a comment", "<div><!--</div>-->".repeat(1_000), Depth),
        ("in a script", "<div><script></div></script>".repeat(1_000), Depth),
        // Formatting that comes back in every paragraph: 8 bytes of source make 80 elements.
        ("lingers", format!("<p>{open}</p>{}", "<p>x</p>".repeat(6_000)), Repairs),
        ("crossed", "<b><p></b></p>".repeat(6_000), Repairs),
        ("in a table", format!("<table>{}", "x<i></i>".repeat(20_000)), Repairs),
        ("late", counted(60_000, |number| format!("<html a{number}>")), Repairs),
        ("attributes", format!("<p {}>x</p>", counted(60_000, |n| format!("a{n} "))), Tag),
        ("attributes of several", with_many_attributes().repeat(8), Repairs),
        ("a comment", format!("<!--{}-->", "x".repeat(60_000)), Tag),
    ] {
        let bomb = format!("<div>{bomb}");
        assert_eq!(render(name, bomb).map(|html| html.len()), Err(fault), "{name}");
    }
}

#[test]
fn what_is_long_and_plain_is_not_refused() {
    for (name, text) in [
        ("paragraphs left open", "<p>x\n".repeat(5_000)),
        ("entries left open", format!("<ul>\n{}</ul>\n", "<li>x\n".repeat(5_000))),
        ("rows left open", format!("<table>\n{}</table>\n", "<tr><td>x<td>y\n".repeat(3_000))),
        ("closed formatting", "<b>x</b> <i>y</i> <a href=x>z</a>\n".repeat(3_000)),
        ("formatting around blocks", "<b><p>x</p></b>\n\n".repeat(300)),
        ("pictures", "<img src=x><br><hr><input>\n".repeat(2_000)),
        ("attributes", with_many_attributes().repeat(2)),
        ("comments", format!("<!-- {} -->\n\nx\n\n", "a note ".repeat(50)).repeat(100)),
        ("addresses", format!("{}\n\n", "https://a.example/?b=1&c=2 ".repeat(100)).repeat(60)),
        ("quotes", "Il dit « bonjour », à 20 °C · et « au revoir ». ".repeat(800)),
        ("conditions", format!("```c\n{}```\n", "if (a && b) { c(&d); }\n".repeat(400))),
        ("prose", "A *line* with [a link](https://example.com) & `code`.\n\n".repeat(3_000)),
    ] {
        let html = render(name, text).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        assert_harmless(&html, name);
    }
}
