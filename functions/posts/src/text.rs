//! Plain text of rendered HTML.
//!
//! The HTML is what the sanitiser wrote: whole elements, quoted attributes without `<` or `>`, and
//! the five entities of the HTML serialisation algorithm (HTML §13.3). Its parser would weigh more
//! than the rest of the function that reads a post.

/// Elements that begin a new line.
const BLOCKS: [&str; 21] = [
    "article",
    "blockquote",
    "br",
    "dd",
    "div",
    "dl",
    "dt",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "tr",
    "ul",
];

/// Elements that begin something new on the line, or nothing at all; white space between them is
/// no text.
const CELLS: [&str; 6] = ["table", "tbody", "td", "tfoot", "th", "thead"];

/// The text of sanitised HTML, block by block.
pub(crate) fn of_html(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let (mut rest, mut between_blocks) = (html, true);
    while let Some(open) = rest.find('<') {
        push(&mut text, &rest[..open], between_blocks);
        let tag = &rest[open + 1..];
        let Some(end) = tag.find('>') else { break };
        let name = tag[..end].trim_start_matches('/');
        let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        let at_start = text.is_empty() || text.ends_with('\n');
        if BLOCKS.contains(&name) && !at_start {
            text.push('\n');
        } else if tag.starts_with("t") && matches!(name, "td" | "th") && !at_start {
            text.push('\t');
        }
        if name == "iframe" && !tag.starts_with('/') {
            push(&mut text, source(&tag[..end]), false);
        }
        between_blocks = BLOCKS.contains(&name) || CELLS.contains(&name);
        rest = &tag[end + 1..];
    }
    push(&mut text, rest, between_blocks);
    text.trim().to_owned()
}

/// Where the page is that a frame shows.
fn source(tag: &str) -> &str {
    let rest = tag.split_once(" src=\"").map_or("", |(_, rest)| rest);
    rest.split('"').next().unwrap_or_default()
}

/// Adds text between tags.
fn push(text: &mut String, raw: &str, between_blocks: bool) {
    if between_blocks && raw.trim().is_empty() {
        return;
    }
    // The line has ended already.
    let raw = if between_blocks { raw.strip_prefix('\n').unwrap_or(raw) } else { raw };
    let plain = raw.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    text.push_str(&plain.replace("&nbsp;", "\u{a0}").replace("&amp;", "&"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_words_and_lines() {
        let html = byline_shared::publishing::to_html(
            "# A & B\n\nOne *two*\nthree &lt;b&gt; `x < y`.\n\n- a\n- b\n\n| h | i |\n|---|---|\n| 1 | 2 |\n",
        );
        let text = of_html(&html.unwrap());
        assert_eq!(
            of_html("<p>a<br>\nb</p>\n<pre><code>c\n\n  d\n</code></pre>"),
            "a\nb\nc\n\n  d"
        );
        assert_eq!(text, "A & B\nOne two\nthree <b> x < y.\na\nb\nh\ti\n1\t2");
    }
}
