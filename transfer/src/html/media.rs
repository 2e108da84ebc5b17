//! Images, players and frames.

use htmd::element_handler::{HandlerResult, Handlers};
use htmd::{Element, Node};
use percent_encoding::percent_decode_str;
use url::Url;

use super::dom;

/// Where an image really is: scripts that load late put a placeholder into `src`.
pub(super) fn source(node: &Node) -> Option<String> {
    let names = ["src", "data-src", "data-lazy-src", "data-original", "data-orig-file"];
    let mut found = names.iter().filter_map(|name| dom::attribute(node, name));
    found.find(|url| !url.starts_with("data:"))
}

/// `img`.
pub(super) fn image(_: &dyn Handlers, element: Element<'_>) -> Option<HandlerResult> {
    let url = destination(&source(element.node)?);
    let alt = dom::attribute(element.node, "alt").unwrap_or_default();
    Some(format!("![{}]({url}{})", label(&alt), title_of(element.node)).into())
}

/// The title of a link or an image, as it stands behind the address; empty for one without.
pub(super) fn title_of(node: &Node) -> String {
    let title = dom::attribute(node, "title");
    let title = title.map(|title| format!(" \"{}\"", one_line(&title).replace('"', "\\\"")));
    title.unwrap_or_default()
}

/// `iframe`, `embed` and `object`: a link to what they show.
pub(super) fn frame(_: &dyn Handlers, element: Element<'_>) -> Option<HandlerResult> {
    let names = ["src", "data", "data-src"];
    let url = names.iter().find_map(|name| dom::attribute(element.node, name))?;
    let url = watched(&url);
    let title = dom::attribute(element.node, "title").unwrap_or_else(|| url.clone());
    Some(format!("\n\n{}\n\n", link_to(&url, &title)).into())
}

/// `video` and `audio`: a link to the file.
pub(super) fn player(_: &dyn Handlers, element: Element<'_>) -> Option<HandlerResult> {
    let inner = || {
        let source = dom::find(element.node, |node| dom::tag(node) == "source")?;
        dom::attribute(&source, "src")
    };
    let url = dom::attribute(element.node, "src").or_else(inner)?;
    let path = url.split(['?', '#']).next().unwrap_or(&url);
    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or(path);
    let name = percent_decode_str(name).decode_utf8_lossy().into_owned();
    Some(format!("\n\n{}\n\n", link_to(&url, &name)).into())
}

/// A link; without a title its address is the text.
pub(super) fn link_to(url: &str, title: &str) -> String {
    let title = if title.is_empty() { url } else { title };
    format!("[{}]({})", label(title), destination(url))
}

/// A URL as a link destination.
pub(super) fn destination(url: &str) -> String {
    let url = one_line(url);
    if url.contains([' ', '(', ')', '<', '>']) {
        return format!("<{}>", url.replace('<', "%3C").replace('>', "%3E"));
    }
    url
}

/// Text between the brackets of a link or an image.
fn label(text: &str) -> String {
    let mut label = String::new();
    for char in one_line(text).chars() {
        if matches!(char, '[' | ']' | '\\' | '*' | '_' | '`' | '<') {
            label.push('\\');
        }
        label.push(char);
    }
    label
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The page that a player of a video site belongs to.
fn watched(url: &str) -> String {
    let absolute = if url.starts_with("//") { format!("https:{url}") } else { url.to_owned() };
    let Ok(parsed) = Url::parse(&absolute) else { return absolute };
    let id = parsed.path().rsplit('/').next().unwrap_or_default();
    match parsed.host_str().unwrap_or_default() {
        "www.youtube.com" | "youtube.com" | "www.youtube-nocookie.com"
            if parsed.path().starts_with("/embed/") =>
        {
            format!("https://www.youtube.com/watch?v={id}")
        }
        "player.vimeo.com" => format!("https://vimeo.com/{id}"),
        _ => absolute,
    }
}
