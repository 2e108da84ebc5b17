//! Ghost's two editors: Lexical, and Mobiledoc before it. Needed where an export has no HTML of a
//! post, and where a post is nothing but Markdown, which is then taken as it was written.

use byline_shared::model::Markdown;
use byline_shared::publishing::markdown_options;
use serde_json::Value;

use crate::html::escaped;

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// The Markdown of a document that has Markdown cards and nothing else.
pub(super) fn markdown(document: &Value) -> Option<String> {
    let mut cards: Vec<&str> = Vec::new();
    if let Some(root) = document.get("root") {
        for node in list(root, "children") {
            match text(node, "type") {
                "markdown" => cards.push(text(node, "markdown")),
                // The editor keeps an empty paragraph at the end.
                "paragraph" if list(node, "children").is_empty() => {}
                _ => return None,
            }
        }
    } else {
        for section in list(document, "sections") {
            match section.get(0).and_then(Value::as_i64)? {
                10 => {
                    let card = list(document, "cards").get(section.get(1)?.as_u64()? as usize)?;
                    let name = card.get(0)?.as_str()?;
                    if !matches!(name, "markdown" | "card-markdown") {
                        return None;
                    }
                    cards.push(text(card.get(1)?, "markdown"));
                }
                1 if section.get(2).and_then(Value::as_array).is_some_and(Vec::is_empty) => {}
                _ => return None,
            }
        }
    }
    (!cards.is_empty()).then(|| cards.join("\n\n"))
}

/// The HTML of a document, and the kinds of cards that are not known.
pub(super) fn html(document: &Value) -> (String, Vec<String>) {
    let (mut html, mut unknown) = (String::new(), Vec::new());
    match document.get("root") {
        Some(root) => nodes(list(root, "children"), &mut html, &mut unknown),
        None => mobiledoc(document, &mut html, &mut unknown),
    }
    (html, unknown)
}

fn nodes(nodes: &[Value], html: &mut String, unknown: &mut Vec<String>) {
    for node in nodes {
        let children = list(node, "children");
        let tag = match text(node, "type") {
            "text" | "extended-text" => {
                html.push_str(&formatted(node));
                continue;
            }
            "linebreak" => {
                html.push_str("<br>");
                continue;
            }
            "link" | "autolink" => {
                html.push_str(&format!("<a href=\"{}\">", escaped(text(node, "url"))));
                self::nodes(children, html, unknown);
                html.push_str("</a>");
                continue;
            }
            "paragraph" => "p",
            "heading" | "extended-heading" => match text(node, "tag") {
                tag @ ("h1" | "h2" | "h3" | "h4" | "h5" | "h6") => tag,
                _ => "h2",
            },
            "quote" | "extended-quote" | "aside" => "blockquote",
            "list" if text(node, "listType") == "number" => "ol",
            "list" => "ul",
            "listitem" => "li",
            kind => {
                card(kind, node, html, unknown);
                continue;
            }
        };
        html.push_str(&format!("<{tag}>"));
        self::nodes(children, html, unknown);
        html.push_str(&format!("</{tag}>"));
    }
}

/// Text with its format, a set of bits.
fn formatted(node: &Value) -> String {
    let format = node.get("format").and_then(Value::as_u64).unwrap_or(0);
    let tags =
        [(1, "strong"), (2, "em"), (4, "s"), (8, "u"), (16, "code"), (32, "sub"), (64, "sup")];
    let start = escaped(text(node, "text"));
    tags.iter()
        .filter(|(bit, _)| format & bit != 0)
        .fold(start, |inner, (_, tag)| format!("<{tag}>{inner}</{tag}>"))
}

/// A card of either editor.
fn card(kind: &str, node: &Value, html: &mut String, unknown: &mut Vec<String>) {
    let caption = || match text(node, "caption") {
        "" => String::new(),
        caption => format!("<figcaption>{caption}</figcaption>"),
    };
    let image = |source: &Value| {
        let (url, alt) = (escaped(text(source, "src")), escaped(text(source, "alt")));
        format!("<figure><img src=\"{url}\" alt=\"{alt}\">{}</figure>", caption())
    };
    let link = |url: &str, title: &str| {
        let title = if title.is_empty() { url } else { title };
        format!("<p><a href=\"{}\">{}</a></p>", escaped(url), escaped(title))
    };
    let made = match kind {
        "image" => image(node),
        "gallery" => list(node, "images").iter().map(image).collect(),
        "horizontalrule" | "hr" => "<hr>".to_owned(),
        "html" => text(node, "html").to_owned(),
        "markdown" | "card-markdown" if text(node, "markdown").len() > Markdown::MAX_BYTES => {
            unknown.push(format!("{kind}, longer than a post"));
            String::new()
        }
        "markdown" | "card-markdown" => {
            comrak::markdown_to_html(text(node, "markdown"), &markdown_options())
        }
        "codeblock" | "code" => {
            let (language, code) = (escaped(text(node, "language")), escaped(text(node, "code")));
            format!("<pre><code class=\"language-{language}\">{code}</code></pre>")
        }
        "bookmark" => {
            let metadata = node.get("metadata").unwrap_or(&Value::Null);
            link(text(node, "url"), text(metadata, "title"))
        }
        "embed" => link(text(node, "url"), ""),
        "video" | "audio" | "file" => {
            let title = ["title", "fileTitle", "fileName"].map(|name| text(node, name));
            link(text(node, "src"), title.into_iter().find(|title| !title.is_empty()).unwrap_or(""))
        }
        "button" => link(text(node, "buttonUrl"), text(node, "buttonText")),
        "callout" => format!("<blockquote>{}</blockquote>", text(node, "calloutText")),
        "toggle" => format!(
            "<details><summary>{}</summary>{}</details>",
            text(node, "heading"),
            text(node, "content")
        ),
        // Marks of the editor without a content of their own.
        "paywall" | "root" => String::new(),
        other => {
            unknown.push(other.to_owned());
            String::new()
        }
    };
    html.push_str(&made);
}

/// Mobiledoc 0.3: sections with markers that open and close markups by number.
fn mobiledoc(document: &Value, html: &mut String, unknown: &mut Vec<String>) {
    let number = |value: Option<&Value>| value.and_then(Value::as_u64).unwrap_or(0) as usize;
    for section in list(document, "sections") {
        let tag = section.get(1).and_then(Value::as_str).unwrap_or("p");
        match number(section.get(0)) {
            1 => {
                let tag = if is_text(tag) { tag } else { "p" };
                let text = markers(document, section.get(2));
                html.push_str(&format!("<{tag}>{text}</{tag}>"));
            }
            2 => {
                let url = escaped(section.get(1).and_then(Value::as_str).unwrap_or_default());
                html.push_str(&format!("<img src=\"{url}\">"));
            }
            3 => {
                let tag = if tag == "ol" { "ol" } else { "ul" };
                let items = section.get(2).and_then(Value::as_array);
                let items = items.into_iter().flatten();
                let items = items.map(|item| format!("<li>{}</li>", markers(document, Some(item))));
                html.push_str(&format!("<{tag}>{}</{tag}>", items.collect::<String>()));
            }
            10 => {
                let found = list(document, "cards").get(number(section.get(1)));
                let name = found.and_then(|found| found.get(0)).and_then(Value::as_str);
                let payload = found.and_then(|found| found.get(1)).unwrap_or(&Value::Null);
                card(name.unwrap_or("?"), payload, html, unknown);
            }
            _ => {}
        }
    }
}

fn is_text(tag: &str) -> bool {
    matches!(tag, "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "blockquote" | "aside")
}

fn markers(document: &Value, markers: Option<&Value>) -> String {
    let mut html = String::new();
    let mut open: Vec<String> = Vec::new();
    for marker in markers.and_then(Value::as_array).into_iter().flatten() {
        let numbers = marker.get(1).and_then(Value::as_array).into_iter().flatten();
        for markup in numbers.filter_map(Value::as_u64) {
            let Some(markup) = list(document, "markups").get(markup as usize) else { continue };
            let tag = markup.get(0).and_then(Value::as_str).unwrap_or("span").to_owned();
            let attributes = markup.get(1).and_then(Value::as_array).map(Vec::as_slice);
            let attributes = attributes.unwrap_or_default().chunks(2).filter_map(|pair| {
                let (name, value) = (pair.first()?.as_str()?, pair.get(1)?.as_str()?);
                (name == "href").then(|| format!(" href=\"{}\"", escaped(value)))
            });
            html.push_str(&format!("<{tag}{}>", attributes.collect::<String>()));
            open.push(tag);
        }
        match marker.get(0).and_then(Value::as_u64) {
            Some(0) => html.push_str(&escaped(marker.get(3).and_then(Value::as_str).unwrap_or(""))),
            // The one atom that Ghost has is a line break.
            _ => html.push_str("<br>"),
        }
        let closed = marker.get(2).and_then(Value::as_u64).unwrap_or(0);
        for _ in 0..closed {
            if let Some(tag) = open.pop() {
                html.push_str(&format!("</{tag}>"));
            }
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn markdown_alone_is_taken_as_it_is() {
        let lexical = json!({"root": {"children": [
            {"type": "markdown", "markdown": "# A\n\n*b*  c"},
            {"type": "paragraph", "children": []},
        ]}});
        assert_eq!(markdown(&lexical).as_deref(), Some("# A\n\n*b*  c"));
        let mobiledoc = json!({"cards": [["markdown", {"markdown": "x"}]], "sections": [[10, 0], [1, "p", []]]});
        assert_eq!(markdown(&mobiledoc).as_deref(), Some("x"));
        let mixed = json!({"root": {"children": [
            {"type": "markdown", "markdown": "a"},
            {"type": "paragraph", "children": [{"type": "text", "text": "b"}]},
        ]}});
        assert_eq!(markdown(&mixed), None);
    }

    #[test]
    fn both_editors_become_html() {
        let lexical = json!({"root": {"children": [
            {"type": "extended-heading", "tag": "h3", "children": [{"type": "extended-text", "text": "A & B"}]},
            {"type": "paragraph", "children": [
                {"type": "text", "text": "b", "format": 3}, {"type": "linebreak"},
                {"type": "link", "url": "/c", "children": [{"type": "text", "text": "c"}]},
            ]},
            {"type": "codeblock", "language": "rust", "code": "a < b"},
            {"type": "image", "src": "/i.png", "alt": "i", "caption": "<b>x</b>"},
            {"type": "signup"},
        ]}});
        let (html, unknown) = html(&lexical);
        assert_eq!(
            html,
            "<h3>A &amp; B</h3><p><em><strong>b</strong></em><br><a href=\"/c\">c</a></p>\
             <pre><code class=\"language-rust\">a &lt; b</code></pre>\
             <figure><img src=\"/i.png\" alt=\"i\"><figcaption><b>x</b></figcaption></figure>"
        );
        assert_eq!(unknown, ["signup"]);
        let mobiledoc = json!({
            "markups": [["strong"], ["a", ["href", "/x"]]],
            "atoms": [["soft-return", "", {}]],
            "cards": [["hr", {}]],
            "sections": [[1, "p", [[0, [0, 1], 2, "b"], [1, [], 0, 0], [0, [], 0, "c"]]], [10, 0],
                [3, "ul", [[[0, [], 0, "i"]]]]],
        });
        let (html, unknown) = super::html(&mobiledoc);
        assert_eq!(
            html,
            "<p><strong><a href=\"/x\">b</a></strong><br>c</p><hr><ul><li>i</li></ul>"
        );
        assert!(unknown.is_empty());
    }
}
