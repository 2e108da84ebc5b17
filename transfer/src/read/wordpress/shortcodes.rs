//! The shortcodes that WordPress puts into its HTML.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::super::clean;
use super::super::pattern::regex;
use super::attachments::Attachments;
use super::attribute::attribute;
use super::highlighters;
use crate::html::{LONGEST, escaped};

/// Stands for a bracket in code, which begins no shortcode there.
const BRACKET: char = '\u{fdd0}';

/// HTML, and what is left in it that is none.
pub(super) struct Expanded {
    pub(super) html: String,
    pub(super) notes: Vec<String>,
}

/// Those with an end.
static WITH_END: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?s)\[(caption|wp_caption|embed|code|sourcecode|audio|video|playlist)\b([^\]]*)\](.*?)\[/(caption|wp_caption|embed|code|sourcecode|audio|video|playlist)\]",
    )
});

/// Those without one.
static ALONE: LazyLock<Regex> =
    LazyLock::new(|| regex(r"\[(gallery|audio|video|embed|youtube|vimeo)\b([^\]]*?)/?\]"));

/// What looks like one: with attributes or an end, so that `[1]` and `[sic]` are what they are: text.
static UNKNOWN: LazyLock<Regex> =
    LazyLock::new(|| regex(r#"\[([a-zA-Z][\w-]*)(\s+[\w-]+=["'][^\]]*)\]|\[/([a-zA-Z][\w-]*)\]"#));

/// Blocks that are nothing but a comment.
static COMMENT: LazyLock<Regex> = LazyLock::new(|| regex(r"<!--\s*wp:([a-z0-9/-]+)[^>]*?/-->"));

/// How much is written around a picture of a gallery, in bytes.
const FIGURE: usize = 64;

/// How many of the shortcodes and of the blocks that are not known are named.
const NAMED: usize = 20;

/// Shortcodes of a post as HTML. Those that are not known stay as they are, and are named.
pub(super) fn expand(html: &str, post: &str, attachments: &Attachments) -> Expanded {
    let html = in_code(&highlighters::tagged(html));
    let html = in_code(&highlighters::shortcodes(&html));
    // A gallery may name one picture again and again, and each comes with its caption. What is longer than
    // HTML may be is refused in any case.
    let mut room = LONGEST;
    let mut made = |name: &str, attributes: &str, inner: &str, source: &str| {
        let html = made(name, attributes, inner, post, attachments, room);
        room = room.saturating_sub(html.as_ref().map_or(0, String::len));
        html.unwrap_or_else(|| source.to_owned())
    };
    let html = WITH_END.replace_all(&html, |found: &Captures<'_>| {
        if found[1] != found[4] {
            return found[0].to_owned();
        }
        made(&found[1], &found[2], found[3].trim(), &found[0])
    });
    let html =
        ALONE.replace_all(&html, |found: &Captures<'_>| made(&found[1], &found[2], "", &found[0]));
    let shortcodes = UNKNOWN.captures_iter(&html).filter_map(|found| found.get(1).or(found.get(3)));
    let blocks = COMMENT.captures_iter(&html).filter_map(|found| found.get(1));
    let mut notes = named(
        shortcodes.map(|found| found.as_str()),
        |name| format!("The shortcode [{name}] is not known and stays in its text as it is."),
        |more| format!("{more} more shortcodes are not known and stay in its text as they are."),
    );
    notes.extend(named(
        blocks.map(|found| found.as_str()),
        |name| format!("The block `{name}` has no text of its own and was dropped."),
        |more| format!("{more} more blocks have no text of their own and were dropped."),
    ));
    if html.contains("[gallery") {
        notes.push("A gallery in it has no images in the export, and stays as it is.".to_owned());
    }
    Expanded { html: html.replace(BRACKET, "["), notes }
}

/// HTML in whose code no shortcode begins.
fn in_code(html: &str) -> String {
    static CODE: LazyLock<Regex> =
        LazyLock::new(|| regex(r"(?is)<(?:pre|code)\b.*?</(?:pre|code)>"));
    let mark = |found: &Captures<'_>| found[0].replace('[', BRACKET.encode_utf8(&mut [0; 4]));
    CODE.replace_all(html, mark).into_owned()
}

/// A note for each of the first names, and one for all others.
fn named<'a>(
    names: impl Iterator<Item = &'a str>,
    note: impl Fn(&str) -> String,
    rest: impl Fn(usize) -> String,
) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut notes = Vec::new();
    for name in names {
        if seen.insert(name) && notes.len() < NAMED {
            notes.push(note(name));
        }
    }
    if seen.len() > NAMED {
        notes.push(rest(seen.len() - NAMED));
    }
    notes
}

/// A shortcode as HTML; `None` for one that is not known, and for a gallery longer than `room`.
fn made(
    name: &str,
    attributes: &str,
    inner: &str,
    post: &str,
    attachments: &Attachments,
    mut room: usize,
) -> Option<String> {
    let attribute = |wanted: &str| attribute(attributes, wanted);
    let link = |url: &str| format!("\n\n<p><a href=\"{0}\">{0}</a></p>\n\n", escaped(url));
    match name {
        "caption" | "wp_caption" => {
            // The image, perhaps inside a link, and behind it the caption.
            let end = inner.find("</a>").map(|at| at + 4);
            let end = end.or_else(|| {
                Some(inner.find("<img")? + inner[inner.find("<img")?..].find('>')? + 1)
            });
            let (image, caption) = inner.split_at(end?);
            let caption = attribute("caption").unwrap_or_else(|| caption.trim().to_owned());
            Some(format!("\n\n<figure>{image}<figcaption>{caption}</figcaption></figure>\n\n"))
        }
        "gallery" => {
            // One without ids shows the images of its post.
            let named = attribute("ids").or_else(|| attribute("include"));
            let post = attribute("id").unwrap_or_else(|| post.to_owned());
            let own = || attachments.of_post.get(&post).map(|ids| ids.join(","));
            let ids = named.or_else(own)?;
            let figures = ids.split(',').map(|id| {
                let found = attachments.get(id.trim())?;
                let alt = escaped(found.alt.as_deref().unwrap_or_default());
                let caption = found.caption.as_deref().unwrap_or_default();
                room = room.checked_sub(found.url.len() + alt.len() + caption.len() + FIGURE)?;
                Some(format!(
                    "<figure><img src=\"{}\" alt=\"{alt}\"><figcaption>{caption}</figcaption></figure>",
                    escaped(&found.url)
                ))
            });
            let figures: Option<String> = figures.collect();
            Some(format!("\n\n{}\n\n", figures?))
        }
        "embed" => Some(link(clean::text(inner).or_else(|| attribute("src"))?.as_str())),
        "youtube" | "vimeo" => {
            let url = attributes.trim().trim_start_matches('=').trim_matches(['"', ' ']);
            url.starts_with("http").then(|| link(url))
        }
        "audio" | "video" => {
            let names = ["src", "mp4", "m4v", "webm", "ogv", "mp3", "m4a", "ogg", "wav"];
            let url = names.iter().find_map(|name| attribute(name))?;
            Some(format!("\n\n<{name} src=\"{}\"></{name}>\n\n", escaped(&url)))
        }
        "code" | "sourcecode" => {
            let language = attribute("language").or_else(|| attribute("lang")).unwrap_or_default();
            let code = highlighters::shown(inner);
            Some(format!(
                "\n\n<pre><code class=\"language-{}\">{code}</code></pre>\n\n",
                escaped(&language)
            ))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::attachments::Attachment;
    use super::super::paragraphs::paragraphs;
    use super::*;

    fn expanded(html: &str) -> (String, Vec<String>) {
        let mut attachments = Attachments::default();
        let url = "https://a.example/u/b.jpg".to_owned();
        let attachment = Attachment { url, alt: Some("B".into()), caption: None };
        attachments.insert("7", attachment);
        let expanded = expand(html, "1", &attachments);
        let markdown =
            crate::html::to_markdown(&paragraphs(&attachments.originals(&expanded.html)));
        (markdown.unwrap().markdown, expanded.notes)
    }

    #[test]
    fn known_shortcodes_become_markdown() {
        for (html, expected) in [
            (
                "x\n\n[caption id=\"a\" width=\"3\"]<a href=\"/l\"><img src=\"/i.png\" alt=\"I\" /></a> The caption[/caption]\n\ny",
                "x\n\n[![I](/i.png)](/l)\n\n*The caption*\n\ny\n",
            ),
            ("[gallery ids=\"7\"]", "![B](https://a.example/u/b.jpg)\n"),
            ("[embed]https://v.example/1[/embed]", "<https://v.example/1>\n"),
            (
                "[sourcecode language=\"php\"]$a = [1];\n\n$b;[/sourcecode]",
                "```php\n$a = [1];\n\n$b;\n```\n",
            ),
            ("<code>[php]a[/php]</code>", "`[php]a[/php]`\n"),
            ("[php]$a[b];\n\n[gallery];[/php]", "```php\n$a[b];\n\n[gallery];\n```\n"),
            ("[video mp4=\"/v.mp4\"][/video]", "[v.mp4](/v.mp4)\n"),
            ("<img src=\"https://a.example/u/b-300x200.jpg\">", "![](https://a.example/u/b.jpg)\n"),
        ] {
            assert_eq!(expanded(html), (expected.into(), vec![]), "{html}");
        }
    }

    #[test]
    fn unknown_ones_are_named_and_stay() {
        let (markdown, notes) =
            expanded("a [sic] [1] [contact-form to=\"x\"]b[/contact-form] [gallery ids=\"9\"]");
        assert_eq!(
            markdown,
            "a \\[sic\\] \\[1\\] \\[contact-form to=\"x\"\\]b\\[/contact-form\\] \\[gallery ids=\"9\"\\]\n"
        );
        assert_eq!(notes.len(), 3, "{notes:?}");
    }
    #[test]
    fn as_many_unknown_ones_as_a_reader_reads_are_named() {
        let html: String =
            (0..1_000).map(|number| format!("[/a{number}]<!-- wp:b{number} /-->")).collect();
        let notes = expanded(&html).1;
        assert_eq!(notes.len(), 2 * (NAMED + 1));
        assert_eq!(notes[0], "The shortcode [a0] is not known and stays in its text as it is.");
        assert_eq!(
            notes[NAMED],
            "980 more shortcodes are not known and stay in its text as they are."
        );
    }

    #[test]
    fn galleries_are_no_longer_than_html_may_be() {
        let mut attachments = Attachments::default();
        let caption = Some("c".repeat(10_000));
        attachments
            .insert("7", Attachment { url: "https://a.example/b.jpg".into(), alt: None, caption });
        let gallery = |count: usize| format!("[gallery ids=\"{}\"]", vec!["7"; count].join(","));
        let long = gallery(100_000);
        assert_eq!(expand(&long, "1", &attachments).html, long);
        // The second one has no room.
        let html = expand(&(gallery(300) + &gallery(300)), "1", &attachments).html;
        assert!(html.len() < LONGEST && html.ends_with(&gallery(300)), "{}", html.len());
    }
}
