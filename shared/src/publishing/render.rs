//! Markdown to HTML that is safe to show.

use std::collections::HashMap;

use comrak::Options;

/// How deep quotes, lists and elements may stand in each other. Parsers take quadratic time beyond.
const MAX_DEPTH: usize = 100;

/// How long the HTML may be, in bytes: what a Lambda function may answer with, with room to spare.
pub(super) const MAX_HTML: usize = 2 * 1024 * 1024;

/// What is too much to be rendered, in words for its author.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TooComplex {
    /// Too deep.
    #[error("Quotes, lists or HTML elements stand more than {MAX_DEPTH} deep in each other.")]
    Depth,
    /// Too long.
    #[error("It renders to more than {MAX_HTML} bytes of HTML.")]
    Length,
}

/// GitHub-flavoured Markdown as sanitised HTML. Raw HTML in the source is kept where it is
/// harmless; the sanitiser decides, after rendering, so that nothing can hide from it.
///
/// # Errors
/// Where rendering would take more time or space than a post is worth.
pub fn to_html(markdown: &str) -> Result<String, TooComplex> {
    if markdown.lines().any(|line| markers(line) > MAX_DEPTH) {
        return Err(TooComplex::Depth);
    }
    let mut options = Options::default();
    options.extension.autolink = true;
    options.extension.footnotes = true;
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.tasklist = true;
    options.render.r#unsafe = true;
    let html = comrak::markdown_to_html(markdown, &options);
    if html.len() > MAX_HTML {
        return Err(TooComplex::Length);
    }
    if depth(&html) > MAX_DEPTH {
        return Err(TooComplex::Depth);
    }
    Ok(sanitiser().clean(&task_marks(html)).to_string())
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

/// How many elements are open at once at most, as a parser of HTML sees it: what closes an element
/// closes those inside it, but formatting that was left open comes back in the next paragraph.
fn depth(html: &str) -> usize {
    const VOID: [&str; 6] = ["area", "br", "col", "hr", "img", "wbr"];
    const FORMATTING: [&str; 14] = [
        "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt",
        "u",
    ];
    let mut open: Vec<String> = Vec::new();
    let mut count: HashMap<String, usize> = HashMap::new();
    let (mut lingering, mut most) = (0_usize, 0_usize);
    for tag in html.split('<').skip(1) {
        let (closes, rest) = tag.strip_prefix('/').map_or((false, tag), |rest| (true, rest));
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let name = rest[..end].to_ascii_lowercase();
        if name.is_empty() || VOID.contains(&name.as_str()) {
            continue;
        }
        if !closes {
            *count.entry(name.clone()).or_default() += 1;
            open.push(name);
            most = most.max(open.len() + lingering);
        } else if count.get(&name).is_some_and(|count| *count > 0) {
            while let Some(inner) = open.pop() {
                if let Some(count) = count.get_mut(&inner) {
                    *count -= 1;
                }
                if inner == name {
                    break;
                }
                lingering += usize::from(FORMATTING.contains(&inner.as_str()));
            }
        } else if FORMATTING.contains(&name.as_str()) {
            lingering = lingering.saturating_sub(1);
        }
    }
    most
}

fn sanitiser() -> ammonia::Builder<'static> {
    let mut sanitiser = ammonia::Builder::default();
    // Highlighters need the language of a code block.
    sanitiser
        .add_tag_attributes("code", ["class"])
        .add_tag_attributes("a", ["id"])
        .add_tag_attributes("li", ["id"])
        .attribute_filter(|element, attribute, value| match (element, attribute) {
            ("code", "class") => is_language(value).then(|| value.into()),
            // Where footnotes and their references find each other; no other name is taken.
            (_, "id") => is_footnote(value).then(|| value.into()),
            _ => Some(value.into()),
        })
        .url_schemes(["http", "https", "mailto"].into());
    // Nobody sees these, so nobody would see what they lead to.
    for element in ["blockquote", "del", "ins", "q"] {
        sanitiser.rm_tag_attributes(element, ["cite"]);
    }
    sanitiser
}

/// `language-rust`, and no other class beside it.
fn is_footnote(id: &str) -> bool {
    let name = id.strip_prefix("fnref-").or_else(|| id.strip_prefix("fn-"));
    name.is_some_and(|name| name.chars().all(|char| char.is_alphanumeric() || char == '-'))
}

fn is_language(class: &str) -> bool {
    class
        .strip_prefix("language-")
        .is_some_and(|name| name.chars().all(|c| c.is_ascii_alphanumeric() || "_+#.-".contains(c)))
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
    fn leaves_nothing_active() {
        let hostile = "<script>a()</script><img src=x onerror=a()>\n\n[x](javascript:a())\n\n\
                       <iframe src=//a></iframe><a href='data:text/html,x'>y</a>";
        let html = to_html(hostile).unwrap();
        for active in ["<script", "onerror", "javascript:", "<iframe", "data:"] {
            assert!(!html.contains(active), "{active} in {html}");
        }
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
}
