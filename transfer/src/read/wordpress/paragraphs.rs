//! HTML as the editors of WordPress keep it: with comments that name blocks, or with paragraphs made of blank
//! lines.

use std::sync::LazyLock;

use regex::{Captures, Regex};
use serde_json::Value;

use super::super::pattern::regex;
use crate::html::escaped;

/// HTML of the block editor, with what its blocks show and their HTML alone does not say.
pub(super) fn blocks(html: &str) -> String {
    // The language of a code block stands in the comment before it.
    static CODE: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r#"(?s)<!--\s*wp:[a-z0-9/-]*(?:code|highlighter|enlighter)[a-z0-9/-]*\s+\{[^}]*?"language"\s*:\s*"([A-Za-z0-9+#.-]+)"[^}]*\}\s*-->\s*<pre"#,
        )
    });
    static EMBED: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r#"(<div class="[^"]*wp-block-embed__wrapper[^"]*">)\s*(https?://[^\s<>"]+)\s*</div>"#,
        )
    });
    static VERSE: LazyLock<Regex> =
        LazyLock::new(|| regex(r#"(?s)<pre[^>]*\bwp-block-verse\b[^>]*>(.*?)</pre>"#));
    static COVER: LazyLock<Regex> =
        LazyLock::new(|| regex(r"<!--\s*wp:cover\s+(\{[^\n]*?\})\s*-->"));
    static BUTTON: LazyLock<Regex> =
        LazyLock::new(|| regex(r"<a\b([^>]*\bwp-block-file__button\b)"));
    let html = CODE.replace_all(html, "<pre data-language=\"$1\"");
    let html = EMBED.replace_all(&html, "$1<a href=\"$2\">$2</a></div>");
    let html = VERSE.replace_all(&html, |found: &Captures<'_>| {
        let lines = found[1].lines().map(|line| {
            let bare = line.trim_start_matches([' ', '\t']);
            "\u{a0}".repeat(line.len() - bare.len()) + bare
        });
        format!("<p>{}</p>", lines.collect::<Vec<_>>().join("<br>"))
    });
    let html = BUTTON.replace_all(&html, " <a$1");
    // An image behind text is one that readers see; newer ones have it in their HTML as well.
    let mut out = String::with_capacity(html.len());
    let mut end = 0;
    for found in COVER.captures_iter(&html) {
        let Some(whole) = found.get(0) else { continue };
        out.push_str(&html[end..whole.end()]);
        end = whole.end();
        let next = html[end..].split("<!--").next().unwrap_or_default();
        let about: Value = serde_json::from_str(&found[1]).unwrap_or_default();
        let said = |name: &str| about.get(name).and_then(Value::as_str).unwrap_or_default();
        if !said("url").is_empty() && !next.contains("<img") {
            let (url, alt) = (escaped(said("url")), escaped(said("alt")));
            out.push_str(&format!("<figure><img src=\"{url}\" alt=\"{alt}\"></figure>"));
        }
    }
    out.push_str(&html[end..]);
    out
}

/// Elements that stand for themselves.
const BLOCKS: &str = "table|thead|tfoot|caption|col|colgroup|tbody|tr|td|th|div|dl|dd|dt|ul|ol|li|form|map|area|\
                      blockquote|address|p|h[1-6]|fieldset|legend|section|article|aside|hgroup|header|footer|nav|\
                      figure|figcaption|details|menu|summary|center";

/// Blocks that have text and no paragraphs in them.
const TEXT: [&str; 18] = [
    "p",
    "li",
    "td",
    "th",
    "dt",
    "dd",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "caption",
    "figcaption",
    "summary",
    "legend",
    "address",
    "tr",
];

/// HTML of the classic editor: blank lines part paragraphs, blocks stand by themselves, and line breaks are line
/// breaks.
pub(super) fn paragraphs(html: &str) -> String {
    static KEPT: LazyLock<Regex> = LazyLock::new(|| {
        regex(r"(?is)<(pre|script|style|textarea)\b.*?</(?:pre|script|style|textarea)>|<!--.*?-->")
    });
    let html = html.replace("\r\n", "\n");
    let mut out = String::new();
    let mut end = 0;
    for found in KEPT.find_iter(&html) {
        part(&html[end..found.start()], &mut out);
        if !found.as_str().starts_with("<!--") {
            out.push_str(found.as_str());
        }
        end = found.end();
    }
    part(&html[end..], &mut out);
    out
}

fn part(html: &str, out: &mut String) {
    static OPENS: LazyLock<Regex> =
        LazyLock::new(|| regex(&format!(r"(?i)<(?:{BLOCKS}|hr)(?:\s[^>]*)?/?>")));
    static CLOSES: LazyLock<Regex> =
        LazyLock::new(|| regex(&format!(r"(?i)</(?:{BLOCKS})>|<hr(?:\s[^>]*)?/?>")));
    static BREAKS: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)<br\s*/?>\s*<br\s*/?>"));
    let html = BREAKS.replace_all(html, "\n\n");
    let html = OPENS.replace_all(&html, "\n\n$0");
    let html = CLOSES.replace_all(&html, "$0\n\n");
    static BLANK: LazyLock<Regex> = LazyLock::new(|| regex(r"\n[ \t]*\n\s*"));
    for chunk in BLANK.split(&html) {
        let chunk = chunk.trim_matches(['\n', ' ', '\t']);
        if !chunk.is_empty() {
            paragraph(chunk, out);
        }
    }
}

/// What stands between blank lines: text, with the tags of blocks at its edges.
fn paragraph(chunk: &str, out: &mut String) {
    static HEAD: LazyLock<Regex> =
        LazyLock::new(|| regex(&format!(r"(?i)^\s*</?({BLOCKS}|hr)(?:\s[^>]*)?/?>")));
    static TAIL: LazyLock<Regex> = LazyLock::new(|| regex(&format!(r"(?i)</(?:{BLOCKS})>\s*$")));
    let mut rest = chunk;
    let mut inside = String::new();
    while let Some(found) = HEAD.captures(rest) {
        let whole = found.get(0).map_or("", |whole| whole.as_str());
        out.push_str(whole);
        inside = found[1].to_lowercase();
        rest = &rest[whole.len()..];
    }
    let mut tail = String::new();
    while let Some(found) = TAIL.find(rest) {
        tail.insert_str(0, found.as_str());
        rest = &rest[..found.start()];
    }
    let text = rest.trim_matches(['\n', ' ', '\t']);
    if !text.is_empty() {
        let lines: Vec<String> = text.split('\n').map(embedded).collect();
        let text = lines.join("<br>");
        match TEXT.contains(&inside.as_str()) {
            true => out.push_str(&text),
            false => out.push_str(&format!("<p>{text}</p>")),
        }
    }
    out.push_str(&tail);
    out.push('\n');
}

/// An address alone on its line is what it shows: a link here.
fn embedded(line: &str) -> String {
    static ADDRESS: LazyLock<Regex> = LazyLock::new(|| regex(r#"^\s*(https?://[^\s<>"]+)\s*$"#));
    ADDRESS.replace(line, "<a href=\"$1\">$1</a>").into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn markdown(html: &str) -> String {
        crate::html::to_markdown(html).unwrap().markdown
    }

    #[test]
    fn blank_lines_part_paragraphs() {
        let html = "one\ntwo\r\n\r\n<ul>\n<li>a</li>\n</ul>\n<pre>x\n\ny</pre>\nthree";
        let expected = "one\\\ntwo\n\n- a\n\n```\nx\n\ny\n```\n\nthree\n";
        assert_eq!(markdown(&paragraphs(html)), expected);
        let html = "a\n<ul>\n\t<li>b\n<ol><li>c</li></ol></li>\n</ul>\nd\n<blockquote>e\nf\n\ng</blockquote>h";
        let expected = "a\n\n- b\n  1. c\n\nd\n\n> e\\\n> f\n>\n> g\n\nh\n";
        assert_eq!(markdown(&paragraphs(html)), expected);
        assert_eq!(markdown(&paragraphs("https://a.example/b_c")), "<https://a.example/b_c>\n");
    }

    #[test]
    fn blocks_say_what_they_show() {
        let block = "<!-- wp:code {\"language\":\"rust\"} -->\n<pre class=\"wp-block-code\"><code>a</code></pre>\n<!-- /wp:code -->";
        assert_eq!(markdown(&blocks(block)), "```rust\na\n```\n");
        let block = "<pre class=\"wp-block-verse\">A\n  b <em>c</em></pre>";
        assert_eq!(markdown(&blocks(block)), "A\\\n\u{a0}\u{a0}b *c*\n");
        let block =
            "<!-- wp:cover {\"url\":\"/c.jpg\"} --><div><h2>On it</h2></div><!-- /wp:cover -->";
        assert_eq!(markdown(&blocks(block)), "![](/c.jpg)\n\n## On it\n");
        let block = "<div><a href=\"/x.pdf\">File</a><a href=\"/x.pdf\" class=\"wp-block-file__button\">Get</a></div>";
        assert_eq!(markdown(&blocks(block)), "[File](/x.pdf) [Get](/x.pdf)\n");
        let block = "<div class=\"wp-block-embed__wrapper\">\nhttps://v.example/a_b\n</div>";
        assert_eq!(markdown(&blocks(block)), "<https://v.example/a_b>\n");
    }
}
