//! Markdown to HTML that is safe to show.

use std::borrow::Cow;

use comrak::nodes::Node;
use comrak::{Arena, Options, format_html, try_parse_document};

use super::deadline::{Bounded, Deadline, Timed};
use super::{embeds, headings, html_limits, players, sanitiser};
use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::too_complex::{MAX_DEPTH, MAX_HTML, TooComplex};
use crate::model::{Markdown, hidden};

/// GitHub-flavoured Markdown as sanitised HTML. Raw HTML in the source is kept where it is
/// harmless; the sanitiser decides, after rendering, so that nothing can hide from it.
///
/// It has no players: where the publication's files are is not known.
///
/// # Errors
/// Where rendering would take more time or space than a post is worth.
pub fn to_html(markdown: &str) -> Result<String, TooComplex> {
    with_own_media(markdown, "")
}

/// The same for a text of the publication whose files are at `media_url`: it plays them.
///
/// # Errors
/// As [`to_html`].
pub(super) fn with_own_media(markdown: &str, media_url: &str) -> Result<String, TooComplex> {
    let deadline = Deadline::of_rendering();
    let html = task_marks(unsafe_html(markdown, &deadline)?);
    html_limits::check(&html, &deadline)?;
    let clean = sanitiser::new(media_url).clean_from_reader(Timed::new(&html, &deadline));
    // Reading ends early only where the time is over.
    let clean = clean.map_err(|_| TooComplex::Time)?;
    // Formatting that was left open comes back in every paragraph.
    let mut html = Bounded::new(&deadline);
    let outcome = clean.write_to(&mut html);
    // The sanitiser writes what stands in a frame as it is: nothing else may read it before.
    let html = embeds::finished(&readable(html.finish(outcome)?));
    let html = players::finished(html);
    let html = headings::with_ids(&html, &deadline)?;
    if html.len() > MAX_HTML {
        return Err(TooComplex::Length);
    }
    Ok(html)
}

/// The HTML of a text of the publication, rendered once for a request.
///
/// # Errors
/// As any computation. The inner error says why it cannot be rendered.
pub(super) async fn of_publication(
    cx: &Context,
    body: &Markdown,
) -> Result<Result<String, TooComplex>, Problem> {
    let media_url = cx.config.media_url.clone();
    cx.render(body.clone(), move |text| with_own_media(text, &media_url)).await
}

/// A text as HTML with all that it holds.
fn unsafe_html(markdown: &str, deadline: &Deadline) -> Result<String, TooComplex> {
    let arena = Arena::new();
    let options = markdown_options();
    let document = parse(&arena, markdown, &options, deadline)?;
    let mut html = Bounded::new(deadline);
    let outcome = format_html(document, &options, &mut html);
    html.finish(outcome)
}

/// A text as its parts, for those that look into it and render nothing.
///
/// # Errors
/// Where parsing would take more time than a post is worth.
pub fn parse_markdown<'a>(arena: &'a Arena<'a>, markdown: &str) -> Result<Node<'a>, TooComplex> {
    parse(arena, markdown, &markdown_options(), &Deadline::of_rendering())
}

/// A text as its parts.
///
/// # Errors
/// Where parsing would take more time than a post is worth.
pub(super) fn parse<'a>(
    arena: &'a Arena<'a>,
    markdown: &str,
    options: &Options<'_>,
    deadline: &Deadline,
) -> Result<Node<'a>, TooComplex> {
    if is_too_deep(markdown) {
        return Err(TooComplex::Depth);
    }
    let parsed = try_parse_document(arena, markdown, options, &|| deadline.is_past());
    parsed.map_err(|_| TooComplex::Time)
}

/// What Markdown is here: CommonMark with the extensions of GitHub, footnotes, alerts, emphasis beside Chinese,
/// Japanese and Korean signs, and raw HTML, which has to be sanitised before it is shown.
#[must_use]
pub fn markdown_options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.alerts = true;
    options.extension.autolink = true;
    // `**text。**text`: no blank stands behind a sentence there.
    options.extension.cjk_friendly_emphasis = true;
    options.extension.footnotes = true;
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.tasklist = true;
    options.render.r#unsafe = true;
    options
}

/// Whether a parser would take quadratic time with it.
fn is_too_deep(markdown: &str) -> bool {
    markdown.lines().any(|line| markers(line) > MAX_DEPTH)
}

/// The HTML without characters that no text may hold: entities bring them past the checks of what is
/// sent. Something has to stand in their place: without it, what was no address could become one.
fn readable(html: String) -> String {
    match hidden::replace(&html, |_| Some('\u{fffd}')).text {
        Cow::Owned(replaced) => replaced,
        Cow::Borrowed(_) => html,
    }
}

/// The boxes of task lists as characters: form elements do not pass the sanitiser.
fn task_marks(html: String) -> String {
    let checked = r#"<input type="checkbox" checked="" disabled="" />"#;
    let open = r#"<input type="checkbox" disabled="" />"#;
    html.replace(checked, "\u{2611}").replace(open, "\u{2610}")
}

/// How many markers of quotes and lists a line begins with.
fn markers(line: &str) -> usize {
    let lead = line.bytes().take_while(|byte| b" \t>-+*0123456789.)".contains(byte));
    lead.filter(|byte| b">-+*.)".contains(byte)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn task_lists_and_footnotes_keep_their_meaning() {
        let html = to_html("- [x] done\n- [ ] open\n\nSee[^a].\n\n[^a]: There.\n").unwrap();
        assert!(html.contains("\u{2611} done") && html.contains("\u{2610} open"), "{html}");
        assert!(html.contains(r##"href="#fn-a""##) && html.contains(r#"id="fn-a""#), "{html}");
        assert!(
            html.contains(r##"href="#fnref-a""##) && html.contains(r#"id="fnref-a""#),
            "{html}"
        );
        let hostile = to_html("<a id=\"login\">x</a> <input name=\"q\">").unwrap();
        assert!(!hostile.contains("id=") && !hostile.contains("<input"), "{hostile}");
    }

    #[test]
    fn renders_gfm() {
        let html =
            to_html("~~a~~ **b**\n\n| x |\n|---|\n| 1 |\n\n```rust\nlet a = 1;\n```\n").unwrap();
        assert!(html.contains("<del>a</del> <strong>b</strong>"), "{html}");
        assert!(html.contains("<td>1</td>"), "{html}");
        assert!(html.contains("<code class=\"language-rust\">"), "{html}");
    }

    #[test]
    fn alerts_have_their_classes_and_no_others_pass() {
        for (kind, title) in [
            ("note", "Note"),
            ("tip", "Tip"),
            ("important", "Important"),
            ("warning", "Warning"),
            ("caution", "Caution"),
        ] {
            let html = to_html(&format!("> [!{}]\n> *Text*.\n", kind.to_uppercase())).unwrap();
            let expected = format!(
                "<div class=\"markdown-alert markdown-alert-{kind}\">\n<p class=\"markdown-alert-title\">{title}</p>\n\
                 <p><em>Text</em>.</p>\n</div>\n"
            );
            assert_eq!(html, expected);
        }
        let html = to_html("> [!TIP] Own & <b>title</b>\n> x\n").unwrap();
        assert!(html.contains(">Own &amp; &lt;b&gt;title&lt;/b&gt;</p>"), "{html}");
        assert_eq!(
            to_html("> [!OTHER]\n").unwrap(),
            "<blockquote>\n<p>[!OTHER]</p>\n</blockquote>\n"
        );
        for raw in [
            "<div class=\"markdown-alert\">x</div>",
            "<div class=\"markdown-alert markdown-alert-note removed\">x</div>",
            "<div class=\"markdown-alert-title\">x</div>",
            "<p class=\"sr\">x</p>",
            "<span class=\"markdown-alert-title\">x</span>",
        ] {
            let html = to_html(raw).unwrap();
            assert!(!html.contains("class"), "{html}");
        }
    }

    #[test]
    fn emphasis_ends_beside_signs_of_chinese_japanese_and_korean() {
        for (text, html) in [
            ("**\u{8a9e}\u{3002}**\u{8a9e}", "<strong>\u{8a9e}\u{3002}</strong>\u{8a9e}"),
            (
                "\u{8a9e}*\u{300c}\u{8a9e}\u{300d}*\u{8a9e}",
                "\u{8a9e}<em>\u{300c}\u{8a9e}\u{300d}</em>\u{8a9e}",
            ),
            (
                "**\u{d55c}\u{ad6d}(\u{8a9e})**\u{c740}",
                "<strong>\u{d55c}\u{ad6d}(\u{8a9e})</strong>\u{c740}",
            ),
        ] {
            assert_eq!(to_html(text).unwrap(), format!("<p>{html}</p>\n"));
        }
    }

    #[test]
    fn leaves_nothing_active() {
        let hostile = "<script>a()</script><img src=x onerror=a()>\n\n[x](javascript:a())\n\n\
                       <iframe src=//a></iframe><a href='data:text/html,x'>y</a>";
        let html = to_html(hostile).unwrap();
        for active in ["<script", "onerror", "javascript:", "<iframe", "data:"] {
            assert!(!html.contains(active), "{active} in {html}");
        }
    }

    #[test]
    fn readers_see_what_stands_there_in_its_order() {
        let html = to_html("a <bdo dir=\"rtl\">01</bdo> <bdi dir=\"rtl\">02</bdi>").unwrap();
        assert_eq!(html, "<p>a 01 <bdi>02</bdi></p>\n");
        let html = to_html("<ruby>a<rp>hidden</rp><rt>b</rt></ruby> <rp>hidden</rp>c").unwrap();
        assert_eq!(html, "<p><ruby>a<rt>b</rt></ruby> c</p>\n");
    }

    #[test]
    fn footnotes_with_any_name_are_found() {
        for (name, id) in [("é", "%C3%A9"), ("a_b", "a_b"), ("a.b", "a.b"), ("a-b", "a-b")] {
            let html = to_html(&format!("See[^{name}].\n\n[^{name}]: There.\n")).unwrap();
            for part in ["href=\"#fn", "id=\"fn", "href=\"#fnref", "id=\"fnref"] {
                assert!(html.contains(&format!("{part}-{id}\"")), "{part} of {name} in {html}");
            }
        }
    }

    #[test]
    fn nothing_stands_in_it_that_no_text_may_hold() {
        let html = to_html("a&#1;b&#xFFFE;c&#x202E;d <i title='&#2;'>&#x2066;</i>").unwrap();
        let expected = "<p>a\u{fffd}b\u{fffd}c\u{fffd}d <i title=\"\u{fffd}\">\u{fffd}</i></p>\n";
        assert_eq!(html, expected);
        let html = to_html("a&#xE0041;&#x3164;b&#8203;c&#8203;&#8203;&#8203;d").unwrap();
        assert_eq!(html, "<p>a\u{fffd}\u{fffd}b\u{200b}c\u{fffd}\u{fffd}\u{fffd}d</p>\n");
        // Taken out, it would leave a script's address.
        let html = to_html("<a href='java&#1;script:a()'>x</a>").unwrap();
        assert!(!html.contains("javascript:"), "{html}");
    }

    #[test]
    fn html_may_be_as_long_as_the_limit_and_no_longer() {
        let length = |markdown: &str| to_html(markdown).map(|html| html.len());
        let text = "x".repeat(MAX_HTML - "<p></p>\n".len());
        assert_eq!(length(&text), Ok(MAX_HTML));
        assert_eq!(length(&format!("{text}x")), Err(TooComplex::Length));
        // One byte, in whose place three are put at the end.
        assert_eq!(length(&format!("&#1;{}", &text[1..])), Err(TooComplex::Length));
        assert_eq!(length(&format!("&#1;{}", &text[3..])), Ok(MAX_HTML));
    }

    #[test]
    fn what_would_take_for_ever_is_refused() {
        for bomb in [
            ">".repeat(30_000),
            "<div>".repeat(50_000),
            "- ".repeat(5_000),
            format!("{}{}", "<b title=1>".repeat(1_000), "\n\n<p>x".repeat(10_000)),
            "<b></i>".repeat(1_000),
        ] {
            assert_eq!(to_html(&bomb), Err(TooComplex::Depth), "{}", &bomb[..20]);
        }
        let table =
            format!("{}|\n{}|\n{}", "|a".repeat(1_000), "|-".repeat(1_000), "|b\n".repeat(3_000));
        assert_eq!(to_html(&table), Err(TooComplex::Length));
        to_html(&"> quoted\n".repeat(10_000)).unwrap();
        to_html(&"----\n\n* * *\n\n".repeat(10_000)).unwrap();
        to_html(&"A Vec<T> of *them*.\n\n".repeat(5_000)).unwrap();
    }

    #[test]
    fn a_line_may_have_as_many_marks_as_elements_may_be_deep() {
        assert!(to_html(&".".repeat(MAX_DEPTH)).is_ok());
        assert_eq!(to_html(&".".repeat(MAX_DEPTH + 1)), Err(TooComplex::Depth));
        assert!(to_html(&format!("a{}", ".".repeat(MAX_DEPTH + 1))).is_ok());
    }

    #[test]
    fn only_the_language_of_a_code_block_is_a_class() {
        for (class, is_kept) in [
            ("language-rust", true),
            ("language-c++", true),
            ("language-c#", true),
            ("language-", true),
            ("evil", false),
            ("xlanguage-rust", false),
            ("language-rust evil", false),
        ] {
            let html = to_html(&format!("a <code class=\"{class}\">b</code>")).unwrap();
            assert_eq!(html.contains("class="), is_kept, "{html}");
        }
        for (id, is_kept) in
            [("fn-1", true), ("fnref-a_b", true), ("login", false), ("fn-a b", false)]
        {
            let html = to_html(&format!("a <a id=\"{id}\">b</a>")).unwrap();
            assert_eq!(html.contains("id="), is_kept, "{html}");
        }
    }
}
