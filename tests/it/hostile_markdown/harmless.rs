//! What may stand in a post's HTML. The lists are written out here once more, so that another
//! default of the sanitiser does not widen both.

use std::collections::HashSet;

use scraper::{Html, Node, Selector};

use crate::harness::turns_direction;

/// Elements without a meaning beyond text, lists, tables and pictures.
const ELEMENTS: &str = "a abbr acronym area article aside b bdi blockquote br caption center cite \
                        code col colgroup data dd del details dfn div dl dt em figcaption figure \
                        footer h1 h2 h3 h4 h5 h6 header hgroup hr i img ins kbd li map mark nav ol p \
                        pre q rt rtc ruby s samp small span strike strong sub summary sup table \
                        tbody td th thead time tr tt u ul var tfoot wbr";

/// Attributes that do nothing by themselves.
const ATTRIBUTES: &str = "abbr align alt axis char charoff cite class colspan datetime decoding dir \
                          headers height href hreflang id lang loading rel rowspan rowspan scope size span src start \
                          summary title valign width";

/// Holds HTML to be free of all that acts.
pub(super) fn assert_harmless(html: &str, source: &str) {
    // As it stands in an element, and as a page of its own.
    for page in [Html::parse_fragment(html), Html::parse_document(html)] {
        let wrapped = ["html", "head", "body"];
        for node in page.tree.nodes() {
            let fault = match node.value() {
                Node::Element(element) => {
                    let name = element.name();
                    let known = ELEMENTS.split_whitespace().any(|known| known == name);
                    let foreign = &*element.name.ns != "http://www.w3.org/1999/xhtml";
                    if name == "iframe" && is_frame_of_a_provider(element) {
                        None
                    } else if (!known && !wrapped.contains(&name)) || foreign {
                        Some(format!("the element {name}"))
                    } else {
                        element.attrs().find_map(|(attribute, value)| {
                            wrong_with(name, attribute, value)
                                .then(|| format!("{attribute}={value:?} at {name}"))
                        })
                    }
                }
                Node::Comment(_) | Node::Doctype(_) | Node::ProcessingInstruction(_) => {
                    Some("a comment or declaration".to_owned())
                }
                Node::Text(_) | Node::Document | Node::Fragment => None,
            };
            assert!(fault.is_none(), "{fault:?}\nfrom {source:?}\nin {html:?}");
        }
    }
    let page = Html::parse_fragment(html);
    let mut ids = HashSet::new();
    for heading in page.select(&Selector::parse("h1, h2, h3, h4, h5, h6").unwrap()) {
        let id = heading.attr("id").unwrap_or_else(|| panic!("a heading has no id in {html:?}"));
        assert!(ids.insert(id.to_owned()), "{id:?} twice\nfrom {source:?}\nin {html:?}");
    }
    let hidden = |c: char| (c.is_control() && !"\t\n\r".contains(c)) || turns_direction(c);
    assert!(!html.contains(hidden), "from {source:?}\nin {html:?}");
}

/// Whether a frame has exactly what the frames of providers have.
fn is_frame_of_a_provider(element: &scraper::node::Element) -> bool {
    let attributes: Vec<(&str, &str)> = element.attrs().collect();
    let hosts = ["www.youtube-nocookie.com", "player.vimeo.com", "open.spotify.com", "codepen.io"];
    let is_known = |src: &str| {
        let src = reqwest::Url::parse(src).ok();
        src.is_some_and(|src| {
            src.scheme() == "https" && hosts.contains(&src.host_str().unwrap_or_default())
        })
    };
    let expected = |(name, value): &(&str, &str)| match *name {
        "src" => is_known(value),
        "sandbox" => *value == "allow-popups allow-same-origin allow-scripts",
        "allow" => *value == "fullscreen",
        "loading" => *value == "lazy",
        "referrerpolicy" => *value == "strict-origin-when-cross-origin",
        "width" | "height" | "title" => true,
        _ => false,
    };
    attributes.len() == 8 && attributes.iter().all(expected)
}

const HEADINGS: [&str; 6] = ["h1", "h2", "h3", "h4", "h5", "h6"];

/// Whether a character stands in no id of a heading: marks and connectors of other scripts do.
fn is_sign(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || (c.is_ascii() && !c.is_ascii_alphanumeric() && !"-_".contains(c))
}

fn wrong_with(element: &str, attribute: &str, value: &str) -> bool {
    if !ATTRIBUTES.split_whitespace().any(|known| known == attribute) {
        return true;
    }
    match attribute {
        "href" | "src" | "cite" => !is_plain_address(value),
        // Only headings and footnotes are found by name, and neither has the form of the other's.
        "id" => {
            let is_footnote = value.starts_with("fn-") || value.starts_with("fnref-");
            match HEADINGS.contains(&element) {
                true => is_footnote || value.is_empty() || value.contains(is_sign),
                false => !is_footnote || value.contains(' '),
            }
        }
        "class" => match element {
            "code" => !value.starts_with("language-") || value.contains(' '),
            "div" => value.strip_prefix("markdown-alert markdown-alert-").is_none_or(|kind| {
                !["note", "tip", "important", "warning", "caution"].contains(&kind)
            }),
            "p" => value != "markdown-alert-title",
            _ => true,
        },
        "loading" => element != "img" || value != "lazy",
        "decoding" => element != "img" || value != "async",
        "rel" => value != "noopener noreferrer",
        _ => false,
    }
}

/// Whether a browser that shows the page would go to a page, write a mail or stay.
fn is_plain_address(value: &str) -> bool {
    let page = reqwest::Url::parse("https://site.example/posts/one").unwrap();
    match page.join(value) {
        Ok(address) => ["http", "https", "mailto"].contains(&address.scheme()),
        // What is no address leads nowhere.
        Err(_) => true,
    }
}
