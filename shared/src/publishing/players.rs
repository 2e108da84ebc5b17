//! Players of sounds and videos: the sanitiser passes those of the publication's own files, and here they get the form
//! that all of them have. They begin when a reader starts them, and load no more than their length before.

use super::markup::{Piece, attribute, pieces};

const NAMES: [&str; 2] = ["audio", "video"];

/// Whether an element is a player, or names a file of one.
pub(super) fn is_player(name: &str) -> bool {
    NAMES.contains(&name) || name == "source"
}

/// HTML in which every player has controls and a file to play. One without a file is left out, and what stands in one
/// for browsers that know no players.
pub(super) fn finished(html: String) -> String {
    if !NAMES.iter().any(|name| html.contains(&format!("<{name}"))) && !html.contains("<source") {
        return html;
    }
    let mut plays = playable(&html).into_iter();
    let mut page = String::with_capacity(html.len());
    // Whether each open player is shown.
    let mut open: Vec<bool> = Vec::new();
    for piece in pieces(&html) {
        // Within a player that is shown stand its files alone.
        let is_within = open.contains(&true);
        let Piece::Tag(tag) = piece else {
            if let (Piece::Text(text), false) = (piece, is_within) {
                page.push_str(text);
            }
            continue;
        };
        if name(tag, "</").is_some() {
            let is_shown = open.pop().unwrap_or(false);
            page.push_str(if is_shown { tag } else { "" });
        } else if let Some(name) = name(tag, "<") {
            let is_shown = plays.next().unwrap_or(false) && !is_within;
            open.push(is_shown);
            page.push_str(&if is_shown { player(name, tag) } else { String::new() });
        } else if tag.starts_with("<source") {
            let is_file = open.last() == Some(&true) && attribute(tag, "src").is_some();
            page.push_str(if is_file { tag } else { "" });
        } else if !is_within {
            page.push_str(tag);
        }
    }
    page
}

/// Whether each player has a file, in their order.
fn playable(html: &str) -> Vec<bool> {
    let (mut found, mut open): (Vec<bool>, Vec<usize>) = Default::default();
    for piece in pieces(html) {
        let Piece::Tag(tag) = piece else { continue };
        let has_file = attribute(tag, "src").is_some();
        if name(tag, "</").is_some() {
            open.pop();
        } else if name(tag, "<").is_some() {
            open.push(found.len());
            found.push(has_file);
        } else if tag.starts_with("<source")
            && let Some(player) = open.last()
        {
            found[*player] |= has_file;
        }
    }
    found
}

/// The name of a player that a tag begins or ends.
fn name(tag: &str, lead: &str) -> Option<&'static str> {
    let rest = tag.strip_prefix(lead)?;
    let is_name =
        |name: &&str| rest.strip_prefix(*name).is_some_and(|rest| rest.starts_with([' ', '>']));
    NAMES.into_iter().find(is_name)
}

/// The start tag of a player.
fn player(name: &str, tag: &str) -> String {
    let kept = |kept: &str| Some(format!(" {kept}=\"{}\"", attribute(tag, kept)?));
    let kept: String = ["src", "width", "height"].into_iter().filter_map(kept).collect();
    format!("<{name}{kept} controls=\"\" preload=\"metadata\">")
}

#[cfg(test)]
mod tests {
    use crate::publishing::render;

    const MEDIA: &str = "https://media.example";

    fn shown(html: &str) -> String {
        let html = render::with_own_media(&format!("<div>{html}</div>"), MEDIA).unwrap();
        html.trim_end().to_owned()
    }

    #[test]
    fn own_files_are_played_in_one_form() {
        let src = "src=\"https://media.example/media/01/a.mp4\"";
        for (html, expected) in [
            (
                format!(
                    "<video {src} autoplay loop muted onplay=a() width=640 height='360'></video>"
                ),
                format!(
                    "<video {src} width=\"640\" height=\"360\" controls=\"\" preload=\"metadata\"></video>"
                ),
            ),
            (
                format!("<audio {src} controls preload=auto>Old <b>browsers</b></audio>"),
                format!("<audio {src} controls=\"\" preload=\"metadata\"></audio>"),
            ),
            (
                format!(
                    "<video><source {src} type=\"video/mp4\"><source src=\"https://evil.example/a\">x</video>y"
                ),
                format!(
                    "<video controls=\"\" preload=\"metadata\"><source {src} type=\"video/mp4\"></video>y"
                ),
            ),
            (
                format!("<video {src}><video {src}></video><p>x</p></video>"),
                format!("<video {src} controls=\"\" preload=\"metadata\"></video>"),
            ),
        ] {
            assert_eq!(shown(&html), format!("<div>{expected}</div>"), "{html}");
        }
    }

    #[test]
    fn other_files_are_not_and_their_words_stay() {
        for src in [
            "https://evil.example/a.mp4",
            "https://media.example.evil.example/a.mp4",
            "http://media.example/a.mp4",
            "//media.example/a.mp4",
            "/a.mp4",
            "data:video/mp4,x",
            "",
        ] {
            let html = format!("<video src=\"{src}\" poster=\"{src}\">a <b>b</b></video>");
            assert_eq!(shown(&html), "<div>a <b>b</b></div>", "{html}");
            let html = format!("<audio><source src=\"{src}\">a</audio> <source src=\"{src}\">b");
            assert_eq!(shown(&html), "<div>a b</div>", "{html}");
        }
        assert_eq!(
            render::to_html("<video src=\"https://media.example/a\">x</video>").unwrap(),
            "<p>x</p>\n"
        );
    }
}
