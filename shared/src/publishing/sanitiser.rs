//! Which HTML readers get: the elements, their attributes and the values of these.

use super::references::OwnFiles;
use super::{embeds, footnotes, headings};

/// The classes of alerts (`> [!NOTE]`), and of their titles.
const ALERTS: [&str; 5] = [
    "markdown-alert markdown-alert-note",
    "markdown-alert markdown-alert-tip",
    "markdown-alert markdown-alert-important",
    "markdown-alert markdown-alert-warning",
    "markdown-alert markdown-alert-caution",
];
const ALERT_TITLE: &str = "markdown-alert-title";

const HEADINGS: [&str; 6] = ["h1", "h2", "h3", "h4", "h5", "h6"];

/// The sanitiser of a publication whose files are at `media_url`.
pub(super) fn new(media_url: &str) -> ammonia::Builder<'static> {
    let mut sanitiser = ammonia::Builder::default();
    let own = OwnFiles::new(media_url);
    sanitiser
        .add_tags(["audio", "iframe", "source", "video"])
        .add_tag_attributes("audio", ["controls", "preload", "src"])
        .add_tag_attributes("iframe", ["allowfullscreen", "height", "src", "width"])
        .add_tag_attributes("source", ["src", "type"])
        .add_tag_attributes("video", ["controls", "height", "preload", "src", "width"]);
    // Turns the order of letters, as U+202E does.
    sanitiser.rm_tags(["bdo"]).rm_tag_attributes("bdo", ["dir"]);
    // Browsers that know `ruby` show nothing of it.
    sanitiser.rm_tags(["rp"]).add_clean_content_tags(["rp"]);
    // Highlighters need the language of a code block.
    sanitiser
        .add_tag_attributes("code", ["class"])
        .add_tag_attributes("div", ["class"])
        .add_tag_attributes("img", ["decoding", "loading"])
        .set_tag_attribute_value("img", "loading", "lazy")
        .add_tag_attributes("p", ["class"])
        .add_tag_attributes("a", ["id"])
        .add_tag_attributes("li", ["id"])
        .attribute_filter(move |element, attribute, value| {
            keeps_value(element, attribute, value, &own).then(|| value.into())
        })
        .url_schemes(["http", "https", "mailto"].into());
    for heading in HEADINGS {
        sanitiser.add_tag_attributes(heading, ["id"]);
    }
    // Nobody sees these, so nobody would see what they lead to.
    for element in ["blockquote", "del", "ins", "q"] {
        sanitiser.rm_tag_attributes(element, ["cite"]);
    }
    sanitiser
}

/// Whether an attribute that may stand there may have this value.
pub(super) fn keeps_value(element: &str, attribute: &str, value: &str, own: &OwnFiles) -> bool {
    let is_number = || !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    match (element, attribute) {
        ("audio" | "source" | "video", "src") => own.holds(value),
        ("audio" | "video", "controls") => ["", "controls"].contains(&value),
        ("audio" | "video", "preload") => value == "metadata",
        ("iframe" | "video", "height" | "width") => is_number(),
        ("iframe", "allowfullscreen") => ["", "allowfullscreen", "true"].contains(&value),
        ("iframe", "src") => embeds::of(value).is_some(),
        ("source", "type") => is_media_type(value),
        ("code", "class") => is_language(value),
        ("div", "class") => ALERTS.contains(&value),
        ("p", "class") => value == ALERT_TITLE,
        ("img", "loading") => value == "lazy",
        ("img", "decoding") => value == "async",
        // Each is made the only one afterwards.
        (heading, "id") if HEADINGS.contains(&heading) => headings::is_own_id(value),
        // Where footnotes and their references find each other; no other name is taken.
        (_, "id") => footnotes::is_id(value),
        _ => true,
    }
}

/// `video/mp4`, and nothing behind it.
fn is_media_type(value: &str) -> bool {
    let kind = value.strip_prefix("audio/").or_else(|| value.strip_prefix("video/"));
    kind.is_some_and(|kind| kind.chars().all(|c| c.is_ascii_alphanumeric() || "-.+".contains(c)))
}

/// `language-rust`, and no other class beside it.
pub(super) fn is_language(class: &str) -> bool {
    class
        .strip_prefix("language-")
        .is_some_and(|name| name.chars().all(|c| c.is_ascii_alphanumeric() || "_+#.-".contains(c)))
}
