//! Markdown to HTML that is safe to show.

use comrak::Options;

/// GitHub-flavoured Markdown as sanitised HTML. Raw HTML in the source is kept where it is
/// harmless; the sanitiser decides, after rendering, so that nothing can hide from it.
#[must_use]
pub fn to_html(markdown: &str) -> String {
    let mut options = Options::default();
    options.extension.autolink = true;
    options.extension.footnotes = true;
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.tasklist = true;
    options.render.r#unsafe = true;
    let html = comrak::markdown_to_html(markdown, &options);
    sanitiser().clean(&html).to_string()
}

fn sanitiser() -> ammonia::Builder<'static> {
    let mut sanitiser = ammonia::Builder::default();
    // Highlighters need the language of a code block.
    sanitiser
        .add_tag_attributes("code", ["class"])
        .attribute_filter(|element, attribute, value| match (element, attribute) {
            ("code", "class") => value.starts_with("language-").then(|| value.into()),
            _ => Some(value.into()),
        })
        .url_schemes(["http", "https", "mailto"].into());
    sanitiser
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renders_gfm() {
        let html = to_html("~~a~~ **b**\n\n| x |\n|---|\n| 1 |\n\n```rust\nlet a = 1;\n```\n");
        assert!(html.contains("<del>a</del> <strong>b</strong>"), "{html}");
        assert!(html.contains("<td>1</td>"), "{html}");
        assert!(html.contains("<code class=\"language-rust\">"), "{html}");
    }

    #[test]
    fn leaves_nothing_active() {
        let hostile = "<script>a()</script><img src=x onerror=a()>\n\n[x](javascript:a())\n\n\
                       <iframe src=//a></iframe><a href='data:text/html,x'>y</a>";
        let html = to_html(hostile);
        for active in ["<script", "onerror", "javascript:", "<iframe", "data:"] {
            assert!(!html.contains(active), "{active} in {html}");
        }
    }
}
