//! Images, players and frames.

use std::rc::Rc;

use byline_shared::publishing::player_of;
use percent_encoding::percent_decode_str;
use url::Url;

use super::dom::{self, Node};
use super::escape::one_line;

/// Where an image really is: scripts that load late put a placeholder into `src`.
pub(super) fn source(node: &Node) -> Option<String> {
    let names = ["src", "data-src", "data-lazy-src", "data-original", "data-orig-file"];
    let mut found = names.iter().filter_map(|name| dom::attribute(node, name));
    found.find(|url| !url.starts_with("data:"))
}

/// `img`.
pub(super) fn image(node: &Node) -> Option<String> {
    let url = destination(&source(node)?);
    let alt = dom::attribute(node, "alt").unwrap_or_default();
    Some(format!("![{}]({url}{})", label(&alt), title_of(node)))
}

/// The title of a link or an image, as it stands behind the address; empty for one without.
pub(super) fn title_of(node: &Node) -> String {
    let title = dom::attribute(node, "title");
    let title = title.map(|title| one_line(&title).replace('\\', "\\\\").replace('"', "\\\""));
    title.map(|title| format!(" \"{title}\"")).unwrap_or_default()
}

/// What becomes of a frame.
pub(super) enum Frame {
    /// A link that Byline shows as a player.
    Player(Rc<Node>),
    /// A link.
    Link(Rc<Node>),
}

/// `iframe`, `embed` and `object`: a link to what they show.
pub(super) fn frame(node: &Rc<Node>) -> Option<Frame> {
    let names = ["src", "data", "data-src", "data-lazy-src"];
    let url = names.iter().find_map(|name| dom::attribute(node, name))?;
    let url = watched(&url);
    if player_of(&url).is_some() {
        // Its title would make it a link for readers.
        return Some(Frame::Player(link_to(&url, &url)));
    }
    let title = dom::attribute(node, "title").unwrap_or_else(|| url.clone());
    Some(Frame::Link(link_to(&url, &title)))
}

/// The address of the frame that readers see in the place of a paragraph: a link to a player, with its address as its
/// text, and nothing else.
pub(super) fn player_in(paragraph: &Node) -> Option<String> {
    let is_blank = |node: &Rc<Node>| dom::tag(node).is_empty() && dom::text(node).trim().is_empty();
    let children = paragraph.children.borrow();
    let mut shown = children.iter().filter(|child| !is_blank(child));
    let (Some(link), None) = (shown.next(), shown.next()) else { return None };
    let href = dom::attribute(link, "href").filter(|_| dom::tag(link) == "a")?;
    (dom::text(link).trim() == href).then(|| player_of(&href))?
}

/// Whether readers may follow a link to this address.
pub(super) fn may_be_followed(href: &str) -> bool {
    // Without a scheme, it is an address of the site.
    Url::parse(href.trim()).map_or(true, |url| matches!(url.scheme(), "http" | "https" | "mailto"))
}

/// `script` of a gist: a link to its page.
pub(super) fn gist(node: &Rc<Node>) -> Option<Rc<Node>> {
    let url = Url::parse(&dom::attribute(node, "src")?).ok()?;
    let page =
        url.path().strip_suffix(".js").filter(|_| url.host_str() == Some("gist.github.com"))?;
    let page = format!("https://gist.github.com{page}");
    Some(link_to(&page, &page))
}

/// `video` and `audio`: a link to the file.
pub(super) fn player(node: &Rc<Node>) -> Option<Rc<Node>> {
    let inner = || {
        let source = dom::find(node, |node| dom::tag(node) == "source")?;
        dom::attribute(&source, "src")
    };
    let url = dom::attribute(node, "src").or_else(inner)?;
    let path = url.split(['?', '#']).next().unwrap_or(&url);
    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or(path);
    let name = percent_decode_str(name).decode_utf8_lossy().into_owned();
    Some(link_to(&url, &name))
}

/// A paragraph with a link; without a title its address is the text.
pub(super) fn link_to(url: &str, title: &str) -> Rc<Node> {
    let title = if title.trim().is_empty() { url } else { title.trim() };
    let link = dom::element("a", &[("href", url)], vec![dom::text_node(title)]);
    dom::element("p", &[], vec![link])
}

/// A URL as a link destination.
pub(super) fn destination(url: &str) -> String {
    let url = one_line(url).replace('\\', "%5C").replace('&', "&amp;");
    // An ampersand is one, unless a name and a semicolon follow.
    let is_entity = |rest: &str| {
        let name = rest.split(';').next().filter(|name| name.len() < rest.len());
        name.is_some_and(|name| {
            name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'#')
        })
    };
    let mut parts = url.split("&amp;");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(if is_entity(part) { "&amp;" } else { "&" });
        out.push_str(part);
    }
    if out.is_empty() || out.contains([' ', '(', ')', '<', '>']) {
        return format!("<{}>", out.replace('<', "%3C").replace('>', "%3E"));
    }
    out
}

/// Text between the brackets of an image.
fn label(text: &str) -> String {
    let mut label = String::new();
    let text = one_line(text);
    for (at, char) in text.char_indices() {
        let rest = &text[at + char.len_utf8()..];
        let is_mark = matches!(char, '[' | ']' | '\\' | '*' | '_' | '`' | '<' | '~');
        if is_mark || char == '&' && rest.contains(';') {
            label.push('\\');
        }
        label.push(char);
    }
    label
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
