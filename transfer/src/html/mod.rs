//! HTML of other systems as Markdown that reads the same, with a word on everything that is lost.
//!
//! - [`simplify`] takes out what no post can have, and puts links in the place of players and frames.
//! - [`blocks`] and [`inline`] write Markdown.
//! - [`reading`] is what somebody reads in HTML. What was written is rendered as Byline renders it, and read again:
//!   what differs stays HTML in the Markdown.

mod blocks;
mod code;
mod dom;
mod escape;
mod footnotes;
mod inline;
mod joined;
mod lists;
mod media;
mod reading;
mod simplify;
mod table;

use std::{io, thread};

use crate::model::Fidelity;
use blocks::Writer;
use byline_shared::model::TooComplex;
use byline_shared::publishing::check_html;
pub(crate) use dom::escaped;

/// Elements inside one another beyond which a text is not taken: the walk is recursive.
const DEEPEST: usize = 200;

/// How long a text may be, in bytes. What is made of it may have a sixteenth of that.
pub(crate) const LONGEST: usize = 4 * 1024 * 1024;

/// The stack that a conversion has, in bytes: enough for [`DEEPEST`] elements without optimisation.
const STACK: usize = 16 * 1024 * 1024;

/// Why HTML does not become Markdown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HtmlError {
    /// No thread can be started.
    #[error("its HTML cannot be read: {0}.")]
    Unreadable(#[from] io::Error),
    /// Too long.
    #[error("its HTML has more than {LONGEST} bytes.")]
    TooLong,
    /// Too deep.
    #[error("its HTML has more than {DEEPEST} elements inside one another.")]
    TooDeep,
    /// It would take too long to parse.
    #[error("its HTML is too complex: {0}")]
    TooComplex(TooComplex),
    /// The conversion failed, which is a bug.
    #[error("its HTML cannot be converted.")]
    Failed,
}

/// Checks the length of HTML before anything is made of it.
///
/// # Errors
/// If it is too long.
pub(crate) fn check_length(html: &str) -> Result<(), HtmlError> {
    if html.len() > LONGEST { Err(HtmlError::TooLong) } else { Ok(()) }
}

/// A text as Markdown.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Converted {
    /// The Markdown, with one line break at the end, or empty.
    pub(crate) markdown: String,
    /// How it reads.
    pub(crate) fidelity: Fidelity,
    /// What was lost or became something else, in sentences.
    pub(crate) notes: Vec<String>,
}

/// HTML as Markdown.
///
/// # Errors
/// Where it cannot be read, with the reason.
pub(crate) fn to_markdown(html: &str) -> Result<Converted, HtmlError> {
    if html.trim().is_empty() {
        let (markdown, notes) = (String::new(), Vec::new());
        return Ok(Converted { markdown, fidelity: Fidelity::Same, notes });
    }
    check_length(html)?;
    check_html(html, DEEPEST).map_err(|why| match why {
        TooComplex::Depth => HtmlError::TooDeep,
        why => HtmlError::TooComplex(why),
    })?;
    // On a stack of its own, and one that fails costs no other post.
    thread::scope(|scope| {
        let converted =
            thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || convert(html))?;
        converted.join().map_err(|_| HtmlError::Failed)?
    })
}

/// Text in which characters have names, as text: `R&amp;D` is `R&D`.
pub(crate) fn decoded(text: &str) -> String {
    if !text.contains('&') || check_length(text).is_err() {
        return text.to_owned();
    }
    let tree = dom::parse(&format!("<pre>{}</pre>", text.replace('<', "&lt;")));
    dom::text(&tree)
}

fn convert(html: &str) -> Result<Converted, HtmlError> {
    let tree = dom::parse(html);
    if dom::depth(&tree) > DEEPEST {
        return Err(HtmlError::TooDeep);
    }
    joined::join(&tree);
    let changes = simplify::simplify(&tree);
    let mut notes: Vec<String> =
        changes.into_iter().map(|(why, count)| format!("{count} \u{d7} {why}.")).collect();
    let body = dom::body(&tree);
    let source = reading::of(&body);
    let mut writer = Writer::of(&tree);
    let written = writer.flow(&body).join("\n\n");
    let mut fidelity = if writer.kept > 0 { Fidelity::KeptHtml } else { Fidelity::Same };
    if writer.kept > 0 {
        let (parts, verb) = if writer.kept == 1 { ("part", "stays") } else { ("parts", "stay") };
        notes.push(format!(
            "{} {parts} of it that Markdown cannot say {verb} HTML in its text.",
            writer.kept
        ));
    }
    match blocks::rendered(&written) {
        Some(read) => {
            if let Some(difference) = reading::difference(&source, &read) {
                fidelity = Fidelity::Different;
                notes.push(format!("It reads differently: {difference}."));
            }
        }
        None => {
            fidelity = Fidelity::Different;
            notes.push("It is too complex to be compared with its source.".to_owned());
        }
    }
    let markdown = written.trim_matches(|char: char| char == '\n' || char == ' ');
    let markdown = if markdown.is_empty() { String::new() } else { format!("{markdown}\n") };
    Ok(Converted { markdown, fidelity, notes })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn markdown(html: &str) -> String {
        to_markdown(html).unwrap().markdown
    }

    #[test]
    fn what_markdown_knows_becomes_markdown() {
        for (html, expected) in [
            (
                "<h2>A &amp; B</h2><p>One<br>two <em>three</em></p>",
                "## A & B\n\nOne\\\ntwo *three*\n",
            ),
            ("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>", "- a\n- b\n  - c\n"),
            ("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b\n"),
            ("<blockquote><p>q</p></blockquote>", "> q\n"),
            (
                "<p>x<sup>2</sup> <del>y</del> <kbd>Ctrl</kbd></p>",
                "x<sup>2</sup> ~~y~~ <kbd>Ctrl</kbd>\n",
            ),
            ("<p>1 * 2 [x] _y_</p>", "1 \\* 2 \\[x\\] \\_y\\_\n"),
            ("<p><b>a</b><strong>b</strong><i>c</i><b>d</b></p>", "**ab***c***d**\n"),
            ("<p><a href=x>a</a><a href=x>b</a></p>", "[a](x)[b](x)\n"),
            ("<p>a<a href=x title='y \"z\"'> b </a>c</p>", "a [b](x \"y \\\"z\\\"\") c\n"),
        ] {
            assert_eq!(markdown(html), expected, "{html}");
        }
    }

    #[test]
    fn code_keeps_its_language_and_its_text() {
        let html = "<pre class=\"wp-block-code\"><code class=\"language-rust\">let a = &quot;*b*&quot;;\n\n\
                    fn c() {}\n</code></pre>";
        assert_eq!(markdown(html), "```rust\nlet a = \"*b*\";\n\nfn c() {}\n```\n");
        assert_eq!(markdown("<pre class=\"brush: php; title: x\">$a;</pre>"), "```php\n$a;\n```\n");
        assert_eq!(markdown("<pre>a ``` b</pre>"), "````\na ``` b\n````\n");
        assert_eq!(markdown("<p><code>a`b</code></p>"), "``a`b``\n");
    }

    #[test]
    fn figures_keep_their_captions() {
        let html = "<figure><img src=\"/a b.png\" alt=\"A [x]\"><figcaption>See <a href=\"/c\">c</a></figcaption></figure>";
        assert_eq!(markdown(html), "![A \\[x\\]](</a b.png>)\n\n*See [c](/c)*\n");
        let lazy = "<img src=\"data:image/gif;base64,xx\" data-src=\"/real.png\"><noscript><img src=\"/real.png\"></noscript>";
        assert_eq!(markdown(lazy), "![](/real.png)\n");
    }

    #[test]
    fn tables_are_tables() {
        let html = "<figure><table><tbody><tr><td>a|b</td><td>c</td></tr><tr><td>d<br>e</td></tr></tbody></table></figure>";
        assert_eq!(markdown(html), "|  |  |\n| --- | --- |\n| a\\|b | c |\n| d<br>e |\n");
        let wide =
            format!("<table><tr>{}{}</table>", "<td>x".repeat(10_000), "<tr><td>y".repeat(10_000));
        assert!(markdown(&wide).len() < 1_000_000);
        let html = "<table><thead><tr><th>h</th></tr></thead><tbody><tr><td><p>x</p><p>y</p></td></tr></tbody></table>";
        assert_eq!(markdown(html), "| h |\n| --- |\n| x<br>y |\n");
    }

    #[test]
    fn footnotes_are_footnotes() {
        let html = "<p>A<sup class=\"footnote-ref\"><a href=\"#fn1\" id=\"fnref1\">[1]</a></sup>.</p>\
                    <hr class=\"footnotes-sep\"><section class=\"footnotes\"><ol><li id=\"fn1\"><p>There. \
                    <a href=\"#fnref1\" class=\"footnote-backref\">\u{21a9}\u{fe0e}</a></p></li></ol></section>";
        assert_eq!(markdown(html), "A[^1].\n\n- - -\n\n[^1]: There.\n");
    }

    #[test]
    fn players_stay_players() {
        let watch = "<https://www.youtube.com/watch?v=dQw4w9WgXcQ>\n";
        for (html, expected) in [
            (
                "<iframe src=\"https://www.youtube.com/embed/dQw4w9WgXcQ\" title=\"Talk\"></iframe>",
                watch,
            ),
            (
                "<div><a href=\"https://www.youtube.com/watch?v=dQw4w9WgXcQ\">\
                 https://www.youtube.com/watch?v=dQw4w9WgXcQ</a></div>",
                watch,
            ),
            (
                "<iframe src=\"//player.vimeo.com/video/15600111\"></iframe>",
                "<https://vimeo.com/15600111>\n",
            ),
        ] {
            let converted = to_markdown(html).unwrap();
            assert_eq!(converted.markdown, expected, "{html}");
            assert_eq!((converted.fidelity, converted.notes), (Fidelity::Same, vec![]), "{html}");
        }
    }

    #[test]
    fn what_no_post_may_have_becomes_text_or_a_link() {
        for (html, markdown, note) in [
            (
                "<p>See <a href=\"ftp://a.example/b\">the <b>files</b></a></p>",
                "See the **files**\n",
                "1 \u{d7} links that lead neither to the web nor to a mailbox became text.",
            ),
            (
                "<script src=\"https://gist.github.com/ada/4165092.js?file=a.pl\"></script>",
                "<https://gist.github.com/ada/4165092>\n",
                "1 \u{d7} embedded gists became links.",
            ),
        ] {
            let converted = to_markdown(html).unwrap();
            assert_eq!(converted.markdown, markdown, "{html}");
            assert_eq!(
                (converted.fidelity, &*converted.notes),
                (Fidelity::Same, &[note.to_owned()][..])
            );
        }
    }

    #[test]
    fn what_is_lost_is_said() {
        let html = "<p>a</p><script>x()</script><form><input></form>\
                    <iframe src=\"https://www.youtube.com/embed/abc?x=1\" title=\"Talk\"></iframe>\
                    <video src=\"/v.mp4\"></video>";
        let converted = to_markdown(html).unwrap();
        assert_eq!(
            converted.markdown,
            "a\n\n[Talk](https://www.youtube.com/watch?v=abc)\n\n[v.mp4](/v.mp4)\n"
        );
        assert_eq!(
            converted.notes,
            [
                "1 \u{d7} embedded frames became links.",
                "1 \u{d7} forms were dropped.",
                "1 \u{d7} players became links to their files.",
                "1 \u{d7} scripts were dropped.",
            ]
        );
        let deep = "<div>".repeat(300);
        assert!(matches!(to_markdown(&deep), Err(HtmlError::TooDeep)));
    }

    #[test]
    fn cards_of_ghost_become_links() {
        let html = "<figure class=\"kg-card kg-bookmark-card\"><a class=\"kg-bookmark-container\" href=\"https://a.example/\">\
                    <div class=\"kg-bookmark-content\"><div class=\"kg-bookmark-title\">A title</div>\
                    <div class=\"kg-bookmark-description\">More</div></div>\
                    <div class=\"kg-bookmark-thumbnail\"><img src=\"/t.png\"></div></a></figure>";
        assert_eq!(markdown(html), "[A title](https://a.example/)\n");
        let html = "<div class=\"kg-card kg-callout-card\"><div class=\"kg-callout-emoji\">i</div>\
                    <div class=\"kg-callout-text\">Note <b>this</b></div></div>";
        assert_eq!(markdown(html), "> i Note **this**\n");
    }
}
