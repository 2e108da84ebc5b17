//! Plain text within Markdown.

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
