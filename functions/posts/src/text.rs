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

/// The text of sanitised HTML, block by block.
pub(crate) fn of_html(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        push(&mut text, &rest[..open]);
        let tag = &rest[open + 1..];
        let Some(end) = tag.find('>') else { break };
        let name = tag[..end].trim_start_matches('/');
        let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        if BLOCKS.contains(&name) && !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        } else if matches!(name, "td" | "th") && !text.ends_with(['\n', '\t']) && !text.is_empty() {
            text.push('\t');
        }
        rest = &tag[end + 1..];
    }
    push(&mut text, rest);
    text.trim().to_owned()
}

/// Adds text between tags; what stands between blocks is no text.
fn push(text: &mut String, raw: &str) {
    if raw.trim().is_empty() && (text.is_empty() || text.ends_with('\n')) {
        return;
    }
    let plain = raw.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    text.push_str(&plain.replace("&nbsp;", "\u{a0}").replace("&amp;", "&"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_words_and_lines() {
        let html = shared::publishing::to_html(
            "# A & B\n\nOne *two*\nthree &lt;b&gt; `x < y`.\n\n- a\n- b\n\n| h | i |\n|---|---|\n| 1 | 2 |\n",
        );
        let text = of_html(&html.unwrap());
        assert_eq!(text, "A & B\nOne two\nthree <b> x < y.\na\nb\nh\ti\n1\t2");
    }
}
