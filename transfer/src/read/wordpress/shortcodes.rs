//! What WordPress puts into its HTML: shortcodes, block comments, and paragraphs made of blank lines.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::super::clean;
use super::wxr::Element;
use crate::html::escaped;

/// A media file of the library.
#[derive(Debug)]
pub(super) struct Attachment {
    pub(super) url: String,
    pub(super) alt: Option<String>,
    caption: Option<String>,
}

/// The media library, by the id of its entries.
#[derive(Debug, Default)]
pub(super) struct Attachments(HashMap<String, Attachment>);

impl Attachments {
    pub(super) fn add(&mut self, element: &Element) {
        let (Some(id), Some(url)) =
            (element.field("wp:post_id"), element.field("wp:attachment_url"))
        else {
            return;
        };
        let alt = element.meta("_wp_attachment_image_alt").map(str::to_owned);
        let caption = element.field("excerpt:encoded").map(str::to_owned);
        self.0.insert(id.to_owned(), Attachment { url: url.to_owned(), alt, caption });
    }

    pub(super) fn get(&self, id: &str) -> Option<&Attachment> {
        self.0.get(id)
    }

    /// Text with the addresses of files that WordPress made smaller (`a-300x200.jpg`) replaced by
    /// those of the originals, where the library has them.
    pub(super) fn originals(&self, html: &str) -> String {
        let sized = regex(r#"(https?://[^\s"'<>]+?)-\d+x\d+(\.[A-Za-z]{3,4})"#);
        let known: std::collections::HashSet<&str> =
            self.0.values().map(|attachment| attachment.url.as_str()).collect();
        let replaced = sized.replace_all(html, |found: &Captures<'_>| {
            let original = format!("{}{}", &found[1], &found[2]);
            if known.contains(original.as_str()) { original } else { found[0].to_owned() }
        });
        replaced.into_owned()
    }
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is a constant")
}

/// HTML, and what is left in it that is none.
pub(super) struct Expanded {
    pub(super) html: String,
    pub(super) notes: Vec<String>,
}

/// Shortcodes as HTML. Those that are not known stay as they are, and are named.
pub(super) fn expand(html: &str, attachments: &Attachments) -> Expanded {
    let with_end = regex(
        r"(?s)\[(caption|wp_caption|embed|code|sourcecode|audio|video|playlist)\b([^\]]*)\](.*?)\[/(caption|wp_caption|embed|code|sourcecode|audio|video|playlist)\]",
    );
    let alone = regex(r"\[(gallery|audio|video|embed|youtube|vimeo)\b([^\]]*?)/?\]");
    let html = with_end.replace_all(html, |found: &Captures<'_>| {
        if found[1] != found[4] {
            return found[0].to_owned();
        }
        made(&found[1], &found[2], found[3].trim(), attachments)
            .unwrap_or_else(|| found[0].to_owned())
    });
    let html = alone.replace_all(&html, |found: &Captures<'_>| {
        made(&found[1], &found[2], "", attachments).unwrap_or_else(|| found[0].to_owned())
    });
    let mut notes = Vec::new();
    // With attributes or an end, so that `[1]` and `[sic]` are what they are: text.
    let left = regex(r#"\[([a-zA-Z][\w-]*)(\s+[\w-]+=["'][^\]]*)\]|\[/([a-zA-Z][\w-]*)\]"#);
    for found in left.captures_iter(&html) {
        let name = found.get(1).or(found.get(3)).map_or("", |name| name.as_str());
        let note = format!("The shortcode [{name}] is not known and stays in its text as it is.");
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    let more = regex(r"<!--\s*wp:([a-z0-9/-]+)[^>]*?/-->");
    for found in more.captures_iter(&html) {
        let note = format!("The block `{}` has no text of its own and was dropped.", &found[1]);
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    Expanded { html: html.into_owned(), notes }
}

fn made(name: &str, attributes: &str, inner: &str, attachments: &Attachments) -> Option<String> {
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
            let ids = attribute("ids").or_else(|| attribute("include"))?;
            let figures = ids.split(',').map(|id| {
                let found = attachments.get(id.trim())?;
                let alt = escaped(found.alt.as_deref().unwrap_or_default());
                let caption = found.caption.as_deref().unwrap_or_default();
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
            let code = if inner.contains('<') { escaped(inner) } else { inner.to_owned() };
            Some(format!(
                "\n\n<pre><code class=\"language-{}\">{code}</code></pre>\n\n",
                escaped(&language)
            ))
        }
        _ => None,
    }
}

fn attribute(attributes: &str, wanted: &str) -> Option<String> {
    // One pattern for all names, so that a text of shortcodes does not compile one for each of them.
    static ATTRIBUTE: LazyLock<Regex> =
        LazyLock::new(|| regex(r#"(?:^|\s)([A-Za-z0-9_-]+)=(?:"([^"]*)"|'([^']*)'|([^\s"']+))"#));
    let found = ATTRIBUTE.captures_iter(attributes).find(|found| &found[1] == wanted)?;
    let value = found.get(2).or(found.get(3)).or(found.get(4))?;
    clean::text(value.as_str())
}

/// HTML of the block editor. The language of a code block stands in the comment before it.
pub(super) fn blocks(html: &str) -> String {
    let code = regex(
        r#"(?s)<!--\s*wp:[a-z0-9/-]*(?:code|highlighter|enlighter)[a-z0-9/-]*\s+\{[^}]*?"language"\s*:\s*"([A-Za-z0-9+#.-]+)"[^}]*\}\s*-->\s*<pre"#,
    );
    code.replace_all(html, "<pre data-language=\"$1\"").into_owned()
}

/// Elements that stand for themselves.
const BLOCKS: [&str; 35] = [
    "table",
    "thead",
    "tfoot",
    "caption",
    "tbody",
    "tr",
    "td",
    "th",
    "div",
    "dl",
    "dd",
    "dt",
    "ul",
    "ol",
    "li",
    "pre",
    "form",
    "blockquote",
    "address",
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "fieldset",
    "section",
    "article",
    "aside",
    "header",
    "footer",
    "figure",
    "details",
];

/// HTML of the classic editor: blank lines part paragraphs, and line breaks are line breaks.
pub(super) fn paragraphs(html: &str) -> String {
    let html = html.replace("\r\n", "\n");
    let kept = regex(r"(?s)<(pre|script|style|textarea)\b.*?</(?:pre|script|style|textarea)>");
    let mut out = String::new();
    let mut end = 0;
    for found in kept.find_iter(&html) {
        part(&html[end..found.start()], &mut out);
        out.push_str(found.as_str());
        end = found.end();
    }
    part(&html[end..], &mut out);
    out
}

fn part(html: &str, out: &mut String) {
    for chunk in html.split("\n\n") {
        let chunk = chunk.trim_matches('\n');
        if chunk.trim().is_empty() {
            continue;
        }
        let name = chunk.trim_start().strip_prefix('<').unwrap_or("").trim_start_matches('/');
        let name: String = name.chars().take_while(char::is_ascii_alphanumeric).collect();
        if BLOCKS.contains(&name.to_ascii_lowercase().as_str())
            || chunk.trim_start().starts_with("<!--")
        {
            out.push_str(chunk);
            out.push('\n');
        } else {
            out.push_str(&format!("<p>{}</p>\n", chunk.replace('\n', "<br>")));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(html: &str) -> (String, Vec<String>) {
        let mut attachments = Attachments::default();
        let url = "https://a.example/u/b.jpg".to_owned();
        let attachment = Attachment { url, alt: Some("B".into()), caption: None };
        attachments.0.insert("7".into(), attachment);
        let expanded = expand(html, &attachments);
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
            ("[embed]https://v.example/1[/embed]", "[https://v.example/1](https://v.example/1)\n"),
            (
                "[sourcecode language=\"php\"]$a = [1];\n\n$b;[/sourcecode]",
                "```php\n$a = [1];\n\n$b;\n```\n",
            ),
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
        assert_eq!(notes.len(), 2, "{notes:?}");
    }

    #[test]
    fn blank_lines_part_paragraphs() {
        let html = "one\ntwo\r\n\r\n<ul>\n<li>a</li>\n</ul>\n<pre>x\n\ny</pre>\nthree";
        let markdown = crate::html::to_markdown(&paragraphs(html)).unwrap().markdown;
        assert_eq!(markdown, "one\\\ntwo\n\n- a\n\n```\nx\n\ny\n```\n\nthree\n");
        let block = "<!-- wp:code {\"language\":\"rust\"} -->\n<pre class=\"wp-block-code\"><code>a</code></pre>\n<!-- /wp:code -->";
        assert_eq!(crate::html::to_markdown(&blocks(block)).unwrap().markdown, "```rust\na\n```\n");
    }
}
