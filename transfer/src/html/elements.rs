//! Elements that Markdown says in its own way.

use htmd::Element;
use htmd::element_handler::{HandlerResult, Handlers};

use super::{dom, media};

/// Elements that are left out with all that is in them, and what is said about it.
pub(super) const DROPPED: [(&str, &str); 11] = [
    ("script", "scripts were dropped"),
    ("style", "styles were dropped"),
    ("form", "forms were dropped"),
    ("button", "buttons were dropped"),
    ("input", "form fields were dropped"),
    ("select", "form fields were dropped"),
    ("textarea", "form fields were dropped"),
    ("svg", "drawings (SVG) were dropped"),
    ("canvas", "drawings (canvas) were dropped"),
    ("math", "formulas (MathML) were dropped"),
    ("template", "templates were dropped"),
];

type Outcome = Option<HandlerResult>;

fn inside(handlers: &dyn Handlers, element: &Element<'_>) -> String {
    handlers.walk_children(element.node).content.trim().to_owned()
}

fn block(text: &str) -> Outcome {
    Some(format!("\n\n{}\n\n", text.trim_matches('\n')).into())
}

/// `pre`, with or without `code` in it.
pub(super) fn code_block(_: &dyn Handlers, element: Element<'_>) -> Outcome {
    let code = dom::text(element.node);
    let code = code.strip_suffix('\n').unwrap_or(&code);
    let inner = dom::find(element.node, |node| dom::tag(node) == "code");
    let language = [Some(element.node), inner.as_ref()];
    let language = language.into_iter().flatten().find_map(|node| language_of(node));
    let runs = code.split(|char| char != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(runs.max(2) + 1);
    block(&format!("{fence}{}\n{code}\n{fence}", language.unwrap_or_default()))
}

/// The language of a code block, as the usual highlighters write it down.
fn language_of(node: &htmd::Node) -> Option<String> {
    let named = ["data-language", "data-lang", "data-enlighter-language", "lang"];
    let named = named.iter().find_map(|name| dom::attribute(node, name));
    let language = named.or_else(|| {
        let classes = dom::attribute(node, "class")?;
        let mut words = classes.split(|char: char| char.is_whitespace() || char == ';');
        while let Some(word) = words.next() {
            let prefixed = ["language-", "lang-", "brush:"];
            let language = prefixed.iter().find_map(|prefix| word.strip_prefix(prefix));
            match language {
                Some("") => return words.next().map(str::to_owned),
                Some(language) => return Some(language.to_owned()),
                None => {}
            }
        }
        None
    })?;
    let is_word = |char: char| char.is_ascii_alphanumeric() || "+#.-_".contains(char);
    language.chars().all(is_word).then(|| language.to_lowercase())
}

/// A caption: a line of its own, slanted.
pub(super) fn caption(handlers: &dyn Handlers, element: Element<'_>) -> Outcome {
    let text = inside(handlers, &element).split_whitespace().collect::<Vec<_>>().join(" ");
    match text.as_str() {
        "" => None,
        text if text.contains('*') => block(text),
        text => block(&format!("*{text}*")),
    }
}

/// `figure` and `div`: cards of Ghost among them.
pub(super) fn card(handlers: &dyn Handlers, element: Element<'_>) -> Outcome {
    let node = element.node;
    if dom::has_class(node, "kg-bookmark-card") {
        let link = dom::find(node, |inner| dom::tag(inner) == "a");
        let title = dom::find(node, |inner| dom::has_class(inner, "kg-bookmark-title"));
        if let Some(url) = link.and_then(|link| dom::attribute(&link, "href")) {
            let title = title.map(|title| dom::text(&title)).unwrap_or_default();
            let caption = dom::find(node, |inner| dom::tag(inner) == "figcaption");
            let caption = caption.and_then(|caption| handlers.handle(&caption));
            let caption = caption.map(|caption| caption.content).unwrap_or_default();
            return block(&format!("{}{caption}", media::link_to(&url, title.trim())));
        }
    }
    if dom::has_class(node, "kg-callout-card") {
        let text = inside(handlers, &element);
        let parts = text.split("\n\n").map(str::trim).collect::<Vec<_>>().join(" ");
        return block(&format!("> {parts}"));
    }
    handlers.fallback(element)
}

/// A link; one around blocks keeps their text alone, as Markdown has no such links. What is in it is converted
/// once: links stand in each other by way of tables, and twice for each would be a million times for twenty.
pub(super) fn link(handlers: &dyn Handlers, element: Element<'_>) -> Outcome {
    let Some(url) = dom::attribute(element.node, "href") else {
        return Some(handlers.walk_children(element.node));
    };
    // The way back from a footnote, which Markdown makes by itself.
    if dom::has_class(element.node, "footnote-backref") || url.starts_with("#fnref") {
        return None;
    }
    let content = handlers.walk_children(element.node).content;
    if content.trim().is_empty() {
        return None;
    }
    if content.trim().contains("\n\n") {
        let text = content.split_whitespace().collect::<Vec<_>>().join(" ");
        return block(&format!("[{text}]({})", media::destination(&url)));
    }
    let is_blank = |char: char| matches!(char, ' ' | '\t' | '\n' | '\r');
    let text = content.trim_start_matches(is_blank);
    let (text, after) = text.split_at(text.trim_end_matches(is_blank).len());
    let title = media::title_of(element.node);
    Some(format!("[{text}]({}{title}){after}", media::destination(&url)).into())
}

/// What folds away stays HTML around Markdown.
pub(super) fn details(handlers: &dyn Handlers, element: Element<'_>) -> Outcome {
    let summary = dom::find(element.node, |inner| dom::tag(inner) == "summary");
    let summary = summary.map(|summary| dom::text(&summary)).unwrap_or_default();
    let body: String = element
        .node
        .children
        .borrow()
        .iter()
        .filter(|child| dom::tag(child) != "summary")
        .filter_map(|child| handlers.handle(child))
        .map(|part| part.content)
        .collect();
    let summary = dom::escaped(&summary.split_whitespace().collect::<Vec<_>>().join(" "));
    block(&format!("<details>\n<summary>{summary}</summary>\n\n{}\n\n</details>", body.trim()))
}

/// A term that is described next.
pub(super) fn term(handlers: &dyn Handlers, element: Element<'_>) -> Outcome {
    block(&format!("**{}**", inside(handlers, &element)))
}

/// Elements that have no Markdown and are harmless as they are.
pub(super) fn kept(handlers: &dyn Handlers, element: Element<'_>) -> Outcome {
    let content = handlers.walk_children(element.node).content;
    if content.trim().is_empty() || content.contains("\n\n") {
        return Some(content.into());
    }
    Some(format!("<{0}>{content}</{0}>", element.tag).into())
}

/// What is no longer so.
pub(super) fn deleted(handlers: &dyn Handlers, element: Element<'_>) -> Outcome {
    let content = handlers.walk_children(element.node).content;
    let text = content.trim();
    if text.is_empty() || text.contains("\n\n") {
        return Some(content.into());
    }
    Some(content.replacen(text, &format!("~~{text}~~"), 1).into())
}
