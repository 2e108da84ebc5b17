//! HTML as the editors of WordPress keep it: with comments that name blocks, or with paragraphs made of blank
//! lines.

use std::sync::LazyLock;

use regex::Regex;

/// HTML of the block editor. The language of a code block stands in the comment before it.
pub(super) fn blocks(html: &str) -> String {
    static CODE: LazyLock<Regex> = LazyLock::new(|| {
        let pattern = r#"(?s)<!--\s*wp:[a-z0-9/-]*(?:code|highlighter|enlighter)[a-z0-9/-]*\s+\{[^}]*?"language"\s*:\s*"([A-Za-z0-9+#.-]+)"[^}]*\}\s*-->\s*<pre"#;
        Regex::new(pattern).expect("the pattern is a constant")
    });
    CODE.replace_all(html, "<pre data-language=\"$1\"").into_owned()
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
    static KEPT: LazyLock<Regex> = LazyLock::new(|| {
        let pattern = r"(?s)<(pre|script|style|textarea)\b.*?</(?:pre|script|style|textarea)>";
        Regex::new(pattern).expect("the pattern is a constant")
    });
    let mut out = String::new();
    let mut end = 0;
    for found in KEPT.find_iter(&html) {
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

    #[test]
    fn blank_lines_part_paragraphs() {
        let html = "one\ntwo\r\n\r\n<ul>\n<li>a</li>\n</ul>\n<pre>x\n\ny</pre>\nthree";
        let markdown = crate::html::to_markdown(&paragraphs(html)).unwrap().markdown;
        assert_eq!(markdown, "one\\\ntwo\n\n- a\n\n```\nx\n\ny\n```\n\nthree\n");
        let block = "<!-- wp:code {\"language\":\"rust\"} -->\n<pre class=\"wp-block-code\"><code>a</code></pre>\n<!-- /wp:code -->";
        assert_eq!(crate::html::to_markdown(&blocks(block)).unwrap().markdown, "```rust\na\n```\n");
    }
}
