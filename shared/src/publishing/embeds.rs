//! Players and posts of other sites within a text. A provider of the list is shown in a frame, or as a link. Nothing is
//! asked for: the address of a frame is made from the address alone.

use std::collections::HashMap;

use url::Url;

use super::markup::{attribute, plain, tag_end};

/// What a frame may do. All of them are on other sites than the post, so `allow-same-origin` opens nothing of it to them;
/// without it, players do not start.
const SANDBOX: &str = "allow-popups allow-same-origin allow-scripts";

/// A frame of a provider.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Frame {
    src: String,
    title: &'static str,
    height: u32,
}

impl Frame {
    fn html(&self) -> String {
        let Self { src, title, height } = self;
        format!(
            "<iframe src=\"{src}\" title=\"{title}\" width=\"560\" height=\"{height}\" sandbox=\"{SANDBOX}\" \
             allow=\"fullscreen\" loading=\"lazy\" referrerpolicy=\"strict-origin-when-cross-origin\"></iframe>"
        )
    }
}

/// What becomes of a frame in raw HTML.
pub(super) enum Embed {
    /// A frame of a provider that has players.
    Frame(Frame),
    /// A link, since its page has more in it than a player.
    Link(Url),
}

/// HTML in which each frame of a provider has the form that all of them have, and each link to a player of one that
/// stands alone in a paragraph, with its address as its text, is a frame. Other frames are left out.
pub(super) fn finished(html: &str) -> String {
    let mut page = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let (text, tags) = rest.split_at(start);
        page.push_str(text);
        let (tag, after) = tags.split_at(tag_end(tags).unwrap_or(tags.len()));
        rest = after;
        if tag.starts_with("<iframe") {
            // What stands in it is written without escapes, and never holds its end.
            let end = after.find("</iframe>").map_or(after.len(), |end| end + "</iframe>".len());
            rest = &after[end..];
            match attribute(tag, "src").and_then(|src| of(&plain(src))) {
                Some(Embed::Frame(frame)) => page.push_str(&frame.html()),
                Some(Embed::Link(url)) => page.push_str(&link(&url)),
                None => {}
            }
        } else if tag == "<p>"
            && let Some((address, after)) = lone_link(after)
            && let Some(frame) = frame(&address)
        {
            page.extend(["<p>", &frame.html(), "</p>"]);
            rest = after;
        } else {
            page.push_str(tag);
        }
    }
    page.push_str(rest);
    page
}

/// The address of a link that is all of a paragraph whose start tag stands before `html`, and what follows the paragraph.
fn lone_link(html: &str) -> Option<(String, &str)> {
    let (href, rest) = html.strip_prefix("<a href=\"")?.split_once('"')?;
    let (text, after) = rest.strip_prefix(" rel=\"noopener noreferrer\">")?.split_once('<')?;
    let after = after.strip_prefix("/a></p>")?;
    let is_address = text == href || href.strip_prefix("http://") == Some(text);
    is_address.then(|| (plain(href), after))
}

/// A link that shows where it leads.
fn link(url: &Url) -> String {
    let href = super::markup::escaped(url.as_str());
    format!("<a href=\"{href}\" rel=\"noopener noreferrer\">{href}</a>")
}

/// What becomes of a frame with this address; none if it is of no provider.
pub(super) fn of(address: &str) -> Option<Embed> {
    if let Some(frame) = frame(address) {
        return Some(Embed::Frame(frame));
    }
    let url = web(address)?;
    let path: Vec<&str> = segments(&url);
    let is_linked = match (host(&url)?, path.as_slice()) {
        ("gist.github.com", [_, _, ..]) | ("embed.bsky.app", ["embed", ..]) => true,
        ("bsky.app", ["profile", _, "post", _]) => true,
        // Mastodon runs on any host.
        (_, [user, id, "embed"]) => user.starts_with('@') && is_number(id),
        _ => false,
    };
    is_linked.then_some(Embed::Link(url))
}

/// The address of the frame that readers see in the place of a link to a player, where the link stands alone in a
/// paragraph with its address as its text.
#[must_use]
pub fn player_of(address: &str) -> Option<String> {
    frame(address).map(|frame| frame.src)
}

/// The frame for an address of a provider that has players.
fn frame(address: &str) -> Option<Frame> {
    let url = web(address)?;
    let path: Vec<&str> = segments(&url);
    match (host(&url)?, path.as_slice()) {
        ("youtu.be", [id]) => youtube(id, &url),
        ("youtube.com" | "m.youtube.com", ["watch"]) => youtube(&parameter(&url, "v")?, &url),
        (
            "youtube.com" | "m.youtube.com" | "youtube-nocookie.com",
            ["embed" | "live" | "shorts", id],
        ) => youtube(id, &url),
        ("vimeo.com", [id]) | ("player.vimeo.com", ["video", id]) => {
            vimeo(id, parameter(&url, "h").as_deref())
        }
        ("vimeo.com", [id, secret]) => vimeo(id, Some(secret)),
        ("open.spotify.com", [kind, id] | ["embed", kind, id]) => spotify(kind, id),
        ("codepen.io", [user, "embed" | "pen", id]) => {
            let src = format!("https://codepen.io/{}/embed/{}", name(user)?, name(id)?);
            Some(Frame { src, title: "CodePen", height: 400 })
        }
        _ => None,
    }
}

fn youtube(id: &str, url: &Url) -> Option<Frame> {
    // `videoseries` is no video.
    let id = name(id).filter(|id| id.len() == 11 && *id != "videoseries")?;
    let start = parameter(url, "start").or_else(|| parameter(url, "t"));
    let start = start.map(|start| start.trim_end_matches('s').to_owned());
    let start = start.filter(|start| is_number(start)).map(|start| format!("?start={start}"));
    let src = format!("https://www.youtube-nocookie.com/embed/{id}{}", start.unwrap_or_default());
    Some(Frame { src, title: "YouTube video", height: 315 })
}

/// `secret` opens a video that is not listed.
fn vimeo(id: &str, secret: Option<&str>) -> Option<Frame> {
    let id = Some(id).filter(|id| is_number(id))?;
    let secret = match secret {
        Some(secret) => format!("&amp;h={}", name(secret)?),
        None => String::new(),
    };
    let src = format!("https://player.vimeo.com/video/{id}?dnt=1{secret}");
    Some(Frame { src, title: "Vimeo video", height: 315 })
}

fn spotify(kind: &str, id: &str) -> Option<Frame> {
    let kinds = ["album", "artist", "episode", "playlist", "show", "track"];
    let kind = kinds.into_iter().find(|known| *known == kind)?;
    let src = format!("https://open.spotify.com/embed/{kind}/{}", name(id)?);
    Some(Frame { src, title: "Spotify player", height: 352 })
}

/// An address on the web without a port and without a user: the host alone says where it leads.
fn web(address: &str) -> Option<Url> {
    let absolute = match address.starts_with("//") {
        true => format!("https:{address}"),
        false => address.to_owned(),
    };
    let url = Url::parse(&absolute).ok()?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.port().is_none();
    (is_web && url.username().is_empty() && url.password().is_none()).then_some(url)
}

fn host(url: &Url) -> Option<&str> {
    let host = url.host_str()?;
    Some(host.strip_prefix("www.").unwrap_or(host))
}

fn segments(url: &Url) -> Vec<&str> {
    let path = url.path_segments().into_iter().flatten();
    path.filter(|segment| !segment.is_empty()).take(8).collect()
}

fn parameter(url: &Url, name: &str) -> Option<String> {
    let mut parameters: HashMap<_, _> = url.query_pairs().take(20).collect();
    parameters.remove(name).map(std::borrow::Cow::into_owned)
}

/// A name of a provider, of letters, digits, `-` and `_`, so that it ends no value and no path.
fn name(text: &str) -> Option<&str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    (!text.is_empty() && text.len() <= 64 && text.bytes().all(is_plain)).then_some(text)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() <= 20 && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publishing::to_html;

    fn src(address: &str) -> Option<String> {
        frame(address).map(|frame| frame.src)
    }

    #[test]
    fn addresses_of_players_become_frames() {
        let youtube = "https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ";
        let vimeo = "https://player.vimeo.com/video/1084537?dnt=1";
        let track = "https://open.spotify.com/embed/track/4uLU6hMCjMI75M1A2tKUQC";
        for (address, expected) in [
            ("https://www.youtube.com/watch?v=aqz-KE-bpKQ&list=x", youtube.to_owned()),
            ("https://youtu.be/aqz-KE-bpKQ?si=x", youtube.to_owned()),
            ("http://m.youtube.com/watch?v=aqz-KE-bpKQ&t=90s", format!("{youtube}?start=90")),
            (
                "//www.youtube.com/embed/aqz-KE-bpKQ?start=5&autoplay=1",
                format!("{youtube}?start=5"),
            ),
            ("https://youtube.com/shorts/aqz-KE-bpKQ", youtube.to_owned()),
            ("https://vimeo.com/1084537", vimeo.to_owned()),
            ("https://vimeo.com/1084537/ab12", format!("{vimeo}&amp;h=ab12")),
            (
                "https://player.vimeo.com/video/1084537?h=ab12&autoplay=1",
                format!("{vimeo}&amp;h=ab12"),
            ),
            ("https://open.spotify.com/track/4uLU6hMCjMI75M1A2tKUQC?si=x", track.to_owned()),
            ("https://open.spotify.com/embed/track/4uLU6hMCjMI75M1A2tKUQC", track.to_owned()),
            ("https://codepen.io/ada/pen/abcDEF", "https://codepen.io/ada/embed/abcDEF".to_owned()),
        ] {
            assert_eq!(src(address), Some(expected), "{address}");
        }
        for address in [
            "https://youtube.com.evil.example/watch?v=aqz-KE-bpKQ",
            "https://www.youtube.com:8443/watch?v=aqz-KE-bpKQ",
            "https://evil@www.youtube.com/watch?v=aqz-KE-bpKQ",
            "https://www.youtube.com/watch?v=aqz-KE-bpK\"",
            "https://www.youtube.com/embed/videoseries?list=x",
            "https://www.youtube.com/redirect?q=https://evil.example",
            "https://www.youtube.com/@channel",
            "https://vimeo.com/blog",
            "https://open.spotify.com/user/x",
            "https://codepen.io/ada",
            "javascript:alert(1)//youtu.be/aqz-KE-bpKQ",
            "/watch?v=aqz-KE-bpKQ",
            "",
        ] {
            assert_eq!(src(address), None, "{address}");
        }
    }

    #[test]
    fn only_a_bare_address_that_stands_alone_becomes_a_frame() {
        let frame = frame("https://youtu.be/aqz-KE-bpKQ").unwrap().html();
        for alone in ["https://youtu.be/aqz-KE-bpKQ", "<https://youtu.be/aqz-KE-bpKQ>"] {
            assert_eq!(to_html(alone).unwrap(), format!("<p>{frame}</p>\n"));
            let quoted = to_html(&format!("> {alone}")).unwrap();
            assert!(quoted.contains(&frame), "{quoted}");
        }
        for other in [
            "See https://youtu.be/aqz-KE-bpKQ",
            "[A film](https://youtu.be/aqz-KE-bpKQ)",
            "https://youtu.be/aqz-KE-bpKQ\nand more",
            "- https://youtu.be/aqz-KE-bpKQ",
            "# https://youtu.be/aqz-KE-bpKQ",
            "https://bsky.app/profile/ada.example/post/3kx",
            "`https://youtu.be/aqz-KE-bpKQ`",
        ] {
            let html = to_html(other).unwrap();
            assert!(!html.contains("<iframe"), "{html}");
        }
    }

    #[test]
    fn frames_of_raw_html_have_one_form_or_are_links_or_gone() {
        let frame = frame("https://youtu.be/aqz-KE-bpKQ").unwrap().html();
        let html = "<div><iframe src='https://www.youtube.com/embed/aqz-KE-bpKQ' srcdoc='<script>a()</script>' \
                    onload=a() allow='camera' sandbox=''>x <script>a()</script></iframe></div>";
        assert_eq!(to_html(html).unwrap().trim_end(), format!("<div>{frame}</div>"));
        let html =
            to_html("<iframe src=\"https://social.example/@ada/1234/embed\"></iframe>").unwrap();
        assert!(html.contains("<a href=\"https://social.example/@ada/1234/embed\""), "{html}");
        for gone in [
            "<iframe src=\"https://evil.example/\"></iframe>",
            "<iframe srcdoc=\"<script>a()</script>\"></iframe>",
            "<iframe><a title=\"</iframe><script>a()</script>\">x</a>",
            "<iframe src=x><img src=x onerror=a()></iframe>",
            "<iframe src=\"https://www.youtube.com/embed/aqz-KE-bpKQ",
        ] {
            let html = to_html(gone).unwrap();
            assert!(!html.contains("<iframe") && !html.contains("<script"), "{html}");
            assert!(!html.contains("onerror=a"), "{html}");
        }
    }
}
