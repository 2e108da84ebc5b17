//! Posts as Markdown, and plain text within it.

use byline_shared::model::PublicPost;

/// A post as a file: a heading with its title, an empty line, and its Markdown byte for byte.
pub(crate) fn file(post: &PublicPost) -> String {
    format!("# {}\n\n{}", literal(post.summary.title.as_str()), post.body)
}

/// Text that Markdown shows as it is, on one line.
pub(crate) fn literal(text: &str) -> String {
    let mut literal = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !literal.is_empty() {
            literal.push(' ');
        }
        for char in word.chars() {
            if matches!(char, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '~' | '#') {
                literal.push('\\');
            }
            literal.push(char);
        }
    }
    literal
}

#[cfg(test)]
mod tests {
    #[test]
    fn shows_as_it_is() {
        let title = "C#  [x](y) <b>*a*</b> _b_ `c` ~~d~~ &amp; \\ #";
        let html =
            byline_shared::publishing::to_html(&format!("# {}", super::literal(title))).unwrap();
        let shown = "C# [x](y) &lt;b&gt;*a*&lt;/b&gt; _b_ `c` ~~d~~ &amp;amp; \\ #";
        let (_, rest) = html.split_once('>').unwrap();
        assert_eq!(rest, format!("{shown}</h1>\n"));
    }
}
