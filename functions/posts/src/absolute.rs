//! Addresses in rendered HTML made absolute, for formats that name no base.
//!
//! The HTML is what the sanitiser wrote: whole tags, `<` in texts as `&lt;`, attributes in double
//! quotation marks, and those within as `&quot;` (HTML §13.3).

use url::Url;

/// The attributes with an address that the sanitiser lets through.
const ATTRIBUTES: [&str; 2] = [" href=\"", " src=\""];

/// The HTML with every relative address resolved against the page where it is read.
pub(crate) fn addresses(html: &str, page: &str) -> String {
    let Ok(page) = Url::parse(page) else { return html.to_owned() };
    let mut absolute = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        let tag = &rest[open..];
        let Some(end) = end_of(tag) else { break };
        absolute.push_str(&rest[..open]);
        push_tag(&mut absolute, &tag[..=end], &page);
        rest = &tag[end + 1..];
    }
    absolute.push_str(rest);
    absolute
}

/// Where a tag ends: at the first `>` outside of its attributes' values.
fn end_of(tag: &str) -> Option<usize> {
    let mut quoted = false;
    tag.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b'>' && !quoted
    })
}

fn push_tag(absolute: &mut String, tag: &str, page: &Url) {
    let mut rest = tag;
    loop {
        let starts = ATTRIBUTES.iter().filter_map(|name| Some(rest.find(name)? + name.len()));
        let Some(start) = starts.min() else { break };
        let Some(length) = rest[start..].find('"') else { break };
        let address = &rest[start..start + length];
        absolute.push_str(&rest[..start]);
        match resolved(address, page) {
            Some(resolved) => absolute.push_str(&resolved),
            None => absolute.push_str(address),
        }
        rest = &rest[start + length..];
    }
    absolute.push_str(rest);
}

/// A relative address as an absolute one, escaped for an attribute. `None` for one that is absolute.
fn resolved(address: &str, page: &Url) -> Option<String> {
    let unescaped = address
        .replace("&quot;", "\"")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&nbsp;", "\u{a0}")
        .replace("&amp;", "&");
    if Url::parse(&unescaped).is_ok() {
        return None;
    }
    let resolved = page.join(&unescaped).ok()?;
    Some(resolved.as_str().replace('&', "&amp;").replace('"', "&quot;"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_addresses_become_absolute_and_others_stay() {
        let page = "https://example.com/posts/hello";
        for (html, expected) in [
            (r#"<a href="/about">"#, r#"<a href="https://example.com/about">"#),
            (
                r#"<img src="a.png" alt="b">"#,
                r#"<img src="https://example.com/posts/a.png" alt="b">"#,
            ),
            (
                r#"<a href="?a=1&amp;b=2">"#,
                r#"<a href="https://example.com/posts/hello?a=1&amp;b=2">"#,
            ),
            (
                r##"<a href="#fn-1" id="fnref-1">"##,
                r##"<a href="https://example.com/posts/hello#fn-1" id="fnref-1">"##,
            ),
            (r#"<a href="//cdn.example/x">"#, r#"<a href="https://cdn.example/x">"#),
            (r#"<a href="" title="x">"#, r#"<a href="https://example.com/posts/hello" title="x">"#),
            (r#"<a href="mailto:a@example.com">"#, r#"<a href="mailto:a@example.com">"#),
            (r#"<a href="HTTP://Other.example/A b">"#, r#"<a href="HTTP://Other.example/A b">"#),
            (r#"<a title="a>b" href="/x">"#, r#"<a title="a>b" href="https://example.com/x">"#),
            (r#"<i title=" href=&quot;/x">"#, r#"<i title=" href=&quot;/x">"#),
            (r#"text href="/x" <em>y</em>"#, r#"text href="/x" <em>y</em>"#),
        ] {
            assert_eq!(addresses(html, page), expected, "{html}");
        }
        assert_eq!(addresses("<a href=\"/x\">", "no page"), "<a href=\"/x\">");
    }
}
