//! Links in the answer of a language model. Their texts may say anything, so each says where it leads: to which host,
//! or to which page of this site.

use url::{Position, Url};

use super::super::markup::{attribute, escaped, plain, tag_end};

/// The level of the highest headings of an answer: it stands below two of the page.
const HIGHEST: u32 = 3;

/// How much of a path is shown, in bytes.
const MAX_PATH: usize = 80;

/// Where a link leads.
struct Target {
    url: Url,
    /// Whether that is on this site.
    is_own: bool,
    /// Whether a browser reads its address as we do, wherever the page is.
    is_plain: bool,
}

/// Sanitised HTML in which it stands behind every link where it leads, unless the link's own text is its address. Its
/// headings begin at the third level. `public_url` is where the page is.
pub(super) fn with_places(html: &str, public_url: &str) -> String {
    let own = Url::parse(public_url).ok();
    let mut page = String::with_capacity(html.len() + html.len() / 8);
    let mut rest = html;
    let first = (1..=6).find(|level| html.contains(&format!("</h{level}>"))).unwrap_or(HIGHEST);
    // The link that is open, and where its text begins.
    let mut open: Option<(Target, usize)> = None;
    while let Some(start) = rest.find('<') {
        let (text, tags) = rest.split_at(start);
        let (tag, after) = tags.split_at(tag_end(tags).unwrap_or(tags.len()));
        page.push_str(text);
        rest = after;
        if tag.starts_with("<a ") {
            let target = target(tag, own.as_ref());
            match &target {
                Some(target) if !target.is_plain => page.push_str(&begun(target)),
                _ => page.push_str(tag),
            }
            open = target.map(|target| (target, page.len()));
        } else if tag == "</a>" {
            let place = open.take().and_then(|(target, begin)| unsaid(&target, &page[begin..]));
            page.push_str(tag);
            if let Some(place) = place {
                page.push_str(&format!(" <span class=\"host\">({})</span>", escaped(&place)));
            }
        } else {
            page.push_str(&lowered(tag, first).unwrap_or_else(|| tag.to_owned()));
        }
    }
    page.push_str(rest);
    page
}

/// Where a link leads. One that names its host already, in the place of a picture, stays as it is, and so does one
/// to another place of the same page.
fn target(tag: &str, own: Option<&Url>) -> Option<Target> {
    if attribute(tag, "class") == Some("outside") {
        return None;
    }
    let href = plain(attribute(tag, "href")?);
    if href.starts_with('#') {
        return None;
    }
    let url = match own {
        Some(own) => own.join(&href),
        None => Url::parse(&href),
    };
    let url = url.ok()?;
    let is_own = own.is_some_and(|own| own.origin() == url.origin());
    Some(Target { url, is_own, is_plain: is_own && href.starts_with('/') })
}

/// The start tag of a link. Its address is the whole one, as a browser reads it.
fn begun(target: &Target) -> String {
    let href = escaped(target.url.as_str());
    format!("<a href=\"{href}\" rel=\"noreferrer nofollow\">")
}

/// What a link with this HTML in it does not say of where it leads.
fn unsaid(target: &Target, inner: &str) -> Option<String> {
    let text = words(inner);
    let said = text.trim().trim_end_matches('/');
    let url = &target.url;
    let place = match (url.host_str(), url.port()) {
        _ if target.is_own => url[Position::BeforePath..Position::AfterQuery].to_owned(),
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (Some(host), None) => host.to_owned(),
        (None, _) => url.path().to_owned(),
    };
    let whole = url.as_str().trim_end_matches('/');
    let bare = whole.split_once("//").map_or(whole, |(_, bare)| bare);
    if [place.as_str(), place.trim_end_matches('/'), whole, bare].contains(&said) {
        return None;
    }
    Some(match target.is_own {
        true => format!("this site: {}", shortened(&place)),
        false => place,
    })
}

/// The beginning of a path. It is ASCII.
fn shortened(path: &str) -> String {
    match path.get(..MAX_PATH) {
        Some(begun) if path.len() > MAX_PATH => format!("{begun}\u{2026}"),
        _ => path.to_owned(),
    }
}

/// The text of HTML without its tags.
fn words(html: &str) -> String {
    let (mut text, mut rest) = (String::new(), html);
    while let Some(start) = rest.find('<') {
        text.push_str(&rest[..start]);
        let tags = &rest[start..];
        rest = &tags[tag_end(tags).unwrap_or(tags.len())..];
    }
    text.push_str(rest);
    plain(&text)
}

/// The tag of a heading, at its level on the page, if the highest ones are of the level `first`; `None` for
/// another tag.
fn lowered(tag: &str, first: u32) -> Option<String> {
    let lead = if tag.starts_with("</") { "</" } else { "<" };
    let mut rest = tag.strip_prefix(lead)?.strip_prefix('h')?.chars();
    let level = rest.next()?.to_digit(10)?;
    Some(format!("{lead}h{}{}", (level + HIGHEST).saturating_sub(first).min(6), rest.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(html: &str) -> String {
        with_places(html, "https://own.example")
    }

    #[test]
    fn a_link_says_where_it_leads_unless_its_text_is_the_address() {
        let link = |href: &str, text: &str| {
            let page = shown(&format!("<a href=\"{href}\" rel=\"noopener\">{text}</a>."));
            assert!(page.contains(&format!(">{text}</a>")) && page.ends_with('.'), "{page}");
            let host = page.split("class=\"host\">(").nth(1)?.split(')').next()?;
            let is_own = host.starts_with("this site: ");
            assert!(is_own || page.contains("rel=\"noreferrer nofollow\""), "{page}");
            Some(host.to_owned())
        };
        for (href, text, host) in [
            ("https://evil.example/a?b=1&amp;c=2", "the bank", "evil.example"),
            ("https://evil.example/", "https://bank.example/", "evil.example"),
            ("https://evil.example/", "evil.example.bank.example", "evil.example"),
            ("https://evil.example:8443/", "evil.example", "evil.example:8443"),
            ("//evil.example/x", "x", "evil.example"),
            ("/\\evil.example/x", "x", "evil.example"),
            ("https://own.example@evil.example/", "own.example", "evil.example"),
            ("https://own.example:444/", "x", "own.example:444"),
            ("http://own.example/", "x", "own.example"),
            ("https://b\u{fc}cher.example/", "b\u{fc}cher.example", "xn--bcher-kva.example"),
            ("mailto:eve@evil.example", "write to us", "eve@evil.example"),
            ("https://evil.example/", "<b>x</b>", "evil.example"),
            ("/desk/sign-out", "click", "this site: /desk/sign-out"),
            ("https://own.example/desk/posts?a=1", "own.example", "this site: /desk/posts?a=1"),
            (
                "/a/../oauth/authorize?client_id=evil",
                "x",
                "this site: /oauth/authorize?client_id=evil",
            ),
            ("?delete=yes", "x", "this site: /?delete=yes"),
            ("/&quot;&gt;&lt;b&gt;", "x", "this site: /%22%3E%3Cb%3E"),
        ] {
            assert_eq!(link(href, text).as_deref(), Some(host), "{href} {text}");
        }
        for (href, text) in [
            ("https://a.example/b", "https://a.example/b"),
            ("https://a.example/", "https://a.example"),
            ("https://a.example/b/", "a.example/b"),
            ("https://a.example/b?c=1&amp;d=2", "https://a.example/b?c=1&amp;d=2"),
            ("https://a.example/b", "a.example"),
            ("mailto:ada@a.example", "ada@a.example"),
            ("/desk/posts", "/desk/posts"),
            ("https://own.example/desk/posts", "own.example/desk/posts"),
            ("#fn-1", "1"),
        ] {
            assert_eq!(link(href, text), None, "{href} {text}");
        }
    }

    #[test]
    fn an_own_link_leads_where_it_says() {
        for (href, kept) in [
            ("/desk/a?b=1#c", "/desk/a?b=1#c"),
            ("https://own.example//evil.example", "https://own.example//evil.example"),
            // On its page, a browser would read these otherwise.
            ("sign-out", "https://own.example/sign-out"),
            ("?delete=yes", "https://own.example/?delete=yes"),
            ("https:sign-out", "https://own.example/sign-out"),
        ] {
            let page = shown(&format!("<a href=\"{href}\">x</a>"));
            assert!(page.starts_with(&format!("<a href=\"{kept}\"")), "{page}");
        }
        let long = format!("/{}", "a".repeat(500));
        let page = shown(&format!("<a href=\"{long}\">x</a>"));
        let expected = format!("(this site: /{}\u{2026})", "a".repeat(79));
        assert!(page.contains(&expected), "{page}");
    }

    #[test]
    fn what_is_no_link_stays_as_it_is() {
        let picture = "<a class=\"outside\" href=\"https://evil.example/\" rel=\"noopener noreferrer \
                       nofollow\">[Picture from evil.example, not loaded here]</a>";
        for html in [picture, "<p>a &lt; b<br>c</p>", "<a rel=\"noopener noreferrer\">x</a>", "a"] {
            assert_eq!(shown(html), html);
        }
    }

    #[test]
    fn headings_stand_below_those_of_the_page() {
        let html = "<h1 title=\"a\">a</h1><hr><h4>b</h4><h6>c</h6>";
        let expected = "<h3 title=\"a\">a</h3><hr><h6>b</h6><h6>c</h6>";
        assert_eq!(shown(html), expected);
        assert_eq!(shown("<h2>a</h2><h3>b</h3>"), "<h3>a</h3><h4>b</h4>");
        assert_eq!(shown("<h6>a</h6>"), "<h3>a</h3>");
    }
}
