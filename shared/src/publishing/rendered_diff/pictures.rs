//! Pictures and frames of other hosts. A host that serves one learns when and where an editor reads a text that is not
//! published yet. So they are links.

use std::sync::LazyLock;

use url::Url;

use super::super::markup::{attribute, escaped, plain, tag_end};
use super::super::references::OwnFiles;

/// Sanitised HTML with words in place of each frame, and of each picture that is no file of the publication.
pub(super) fn without_foreign(html: &str, media_url: &str) -> String {
    let own = OwnFiles::new(media_url);
    let mut page = String::with_capacity(html.len());
    let (mut rest, mut links) = (html, 0_usize);
    while let Some(start) = rest.find('<') {
        let (text, tags) = rest.split_at(start);
        let (tag, after) = tags.split_at(tag_end(tags).unwrap_or(tags.len()));
        page.push_str(text);
        match tag {
            _ if tag.starts_with("<a ") || tag == "<a>" => links += 1,
            "</a>" => links = links.saturating_sub(1),
            _ => {}
        }
        let is_own = || attribute(tag, "src").is_some_and(|src| own.holds(&plain(src)));
        match tag {
            _ if tag.starts_with("<iframe") => {
                page.push_str(&in_words(tag, ("Frame", "title"), links > 0));
            }
            "</iframe>" => {}
            _ if tag.starts_with("<img") && !is_own() => {
                page.push_str(&in_words(tag, ("Picture", "alt"), links > 0));
            }
            _ => page.push_str(tag),
        }
        rest = after;
    }
    page.push_str(rest);
    page
}

/// The picture or frame as a link that names its host, or as words where no link can stand.
fn in_words(tag: &str, (kind, name): (&str, &str), is_linked: bool) -> String {
    let src = attribute(tag, "src").map(plain).unwrap_or_default();
    let alt = attribute(tag, name).map(plain).unwrap_or_default();
    let address = web(&src);
    let host = address.as_ref().and_then(Url::host_str);
    let place = match host {
        Some(host) => format!("from {host}"),
        None => format!("at {src}"),
    };
    let said = if alt.trim().is_empty() { String::new() } else { format!(": {alt}") };
    let words = escaped(&format!("[{kind} {place}, not loaded here{said}]"));
    match address.as_ref().filter(|_| !is_linked) {
        Some(address) => format!(
            "<a class=\"outside\" href=\"{}\" rel=\"noopener noreferrer nofollow\">{words}</a>",
            escaped(address.as_str())
        ),
        None => format!("<span class=\"outside\">{words}</span>"),
    }
}

/// An address as a browser reads it; none for one on the page's own host.
fn web(address: &str) -> Option<Url> {
    static PAGE: LazyLock<Url> =
        LazyLock::new(|| Url::parse("https://page.invalid/").expect("the constant is an address"));
    let url = PAGE.join(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    (url.host_str() != PAGE.host_str()).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEDIA: &str = "https://media.example/files";

    #[test]
    fn only_files_of_the_publication_are_loaded() {
        let own = "<p><img src=\"https://media.example/files/media/01/a.png\" alt=\"A\"></p>";
        assert_eq!(without_foreign(own, MEDIA), own);
        for src in [
            "https://evil.example/a.png",
            "https://media.example.evil.example/files/a.png",
            "https://media.example/filesystem/a.png",
            "https://media.example:8443/files/a.png",
            "http://media.example/files/a.png",
            "//evil.example/a.png",
            "/a.png",
            "a.png",
            "",
        ] {
            let page = without_foreign(&format!("<img src=\"{src}\" alt=\"A\">"), MEDIA);
            assert!(!page.contains("<img") && page.contains(": A]"), "{page}");
        }
        assert!(!without_foreign("<img alt=\"\">", MEDIA).contains("<img"));
    }

    #[test]
    fn no_frame_is_loaded() {
        let page = without_foreign(
            "<p><iframe src=\"https://one.example/a?b=1&amp;c=2\" title=\"A film\"></iframe></p>",
            MEDIA,
        );
        assert!(page.starts_with("<p><a ") && page.ends_with("</a></p>"), "{page}");
        assert!(page.contains("[Frame from one.example, not loaded here: A film]"), "{page}");
        assert!(page.contains("href=\"https://one.example/a?b=1&amp;c=2\""), "{page}");
    }

    #[test]
    fn a_link_names_the_host_and_stands_in_no_other_link() {
        let picture = "<img src=\"https://evil.example/?a=1&amp;b=2\" alt=\"&lt;b&gt;\">";
        let page = without_foreign(picture, MEDIA);
        assert!(page.contains("href=\"https://evil.example/?a=1&amp;b=2\""), "{page}");
        assert!(page.contains("[Picture from evil.example, not loaded here: &lt;b&gt;]"), "{page}");
        let page = without_foreign(&format!("<a href=\"/x\">{picture}</a>{picture}"), MEDIA);
        assert_eq!(page.matches("<a ").count(), 2, "{page}");
        assert_eq!(page.matches("<span class=\"outside\">").count(), 1, "{page}");
    }

    #[test]
    fn a_picture_that_cannot_be_loaded_says_where_it_is() {
        let shown = |html: &str| without_foreign(html, MEDIA);
        let words = |place: &str| {
            format!("<span class=\"outside\">[Picture {place}, not loaded here: A]</span>")
        };
        for (src, place) in
            [("/a.png", "at /a.png"), ("data:image/png,x", "at data:image/png,x"), ("", "at ")]
        {
            assert_eq!(shown(&format!("<img src=\"{src}\" alt=\"A\">")), words(place));
        }
        // A link without a target is one as well, and an abbreviation is none.
        let picture = "<img src=\"https://evil.example/x\" alt=\"A\">";
        let expected = format!("<a>{}</a>", words("from evil.example"));
        assert_eq!(shown(&format!("<a>{picture}</a>")), expected);
        assert!(shown(&format!("<abbr>{picture}</abbr>")).contains("<a class=\"outside\""));
        let nested =
            format!("<a href=\"/x\"><a href=\"/y\">{picture}</a>{picture}</a></a>{picture}");
        assert_eq!(shown(&nested).matches("<a class=\"outside\"").count(), 1);
        assert!(
            shown("<img src=\"https://evil.example/x\" alt=\" \">").contains("not loaded here]")
        );
    }
}
