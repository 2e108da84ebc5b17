//! The addresses that generators make of a post's name, title, date and place.

use byline_shared::model::Time;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use jiff::{Zoned, fmt::strtime};

/// What made the site, as far as its addresses differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Generator {
    Jekyll,
    Hugo,
    Hexo,
    Zola,
    Eleventy,
    Ghost,
    Obsidian,
    /// Not known; also the patterns that a person gives.
    #[default]
    Other,
}

/// Jekyll's names for patterns.
const NAMED: [(&str, &str); 5] = [
    ("date", "/:categories/:year/:month/:day/:title.html"),
    ("pretty", "/:categories/:year/:month/:day/:title/"),
    ("ordinal", "/:categories/:year/:y_day/:title.html"),
    ("weekdate", "/:categories/:year/W:week/:short_day/:title.html"),
    ("none", "/:categories/:title.html"),
];

impl Generator {
    /// The pattern of posts where the settings name none; `None` where there is no such rule.
    pub(super) fn pattern(self) -> Option<&'static str> {
        match self {
            Self::Jekyll => Some("date"),
            Self::Hugo | Self::Zola | Self::Eleventy => Some("/:folders/:slugorfilename/"),
            Self::Hexo => Some("/:year/:month/:day/:title/"),
            Self::Ghost => Some("/:slug/"),
            Self::Obsidian => Some("/:folders/:filename"),
            Self::Other => None,
        }
    }

    /// A name as the generator puts it into an address.
    pub(super) fn segment(self, name: &str) -> String {
        match self {
            Self::Jekyll => {
                parted(name, |char| char.is_alphanumeric() || "._~!$&'()+,;=@".contains(char))
            }
            Self::Hugo | Self::Zola => {
                let is_kept = |char: char| char.is_alphanumeric() || "._#+~-".contains(char);
                let words = name.to_lowercase();
                let words = words.split_whitespace().collect::<Vec<_>>().join("-");
                words.chars().filter(|char| is_kept(*char)).collect()
            }
            _ => name.to_owned(),
        }
    }
}

/// A text with a dash for everything else.
fn parted(text: &str, is_kept: impl Fn(char) -> bool) -> String {
    let parts = text.split(|char| !is_kept(char)).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("-")
}

/// The pattern behind one of Jekyll's names, or the pattern itself.
pub(super) fn pattern(text: &str) -> &str {
    NAMED.iter().find(|(name, _)| *name == text).map_or(text, |(_, pattern)| pattern)
}

/// What a pattern is filled with.
#[derive(Clone, Copy)]
pub(super) struct Parts<'a> {
    pub(super) generator: Generator,
    pub(super) title: &'a str,
    /// The slug that the post itself names.
    pub(super) slug: Option<&'a str>,
    /// The name of its file, without a date.
    pub(super) name: &'a str,
    pub(super) id: &'a str,
    pub(super) date: Option<Time>,
    pub(super) zone: &'a TimeZone,
    pub(super) categories: &'a [String],
    /// The first tag, as a slug.
    pub(super) tag: Option<&'a str>,
    /// The author, as a slug.
    pub(super) author: Option<&'a str>,
    /// The folders that its file stands in, below that of all posts.
    pub(super) folders: &'a [String],
}

/// The path that `pattern` gives for a post; `None` where it asks for what the post does not have,
/// or for something that is not known here.
pub(super) fn fill(pattern: &str, parts: &Parts<'_>) -> Option<String> {
    let date = parts.date.and_then(|time| Timestamp::from_millisecond(time.as_millis()).ok());
    let date = date.map(|time| time.to_zoned(parts.zone.clone()));
    let mut path = String::from("/");
    for segment in pattern.split('/').filter(|segment| !segment.is_empty()) {
        let mut filled = String::new();
        let mut rest = segment;
        while let Some(at) = rest.find(':') {
            filled.push_str(&rest[..at]);
            let name = &rest[at + 1..];
            let end = name.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
            let (name, next) = name.split_at(end.unwrap_or(name.len()));
            // `:sections[1:]`.
            let (range, next) = match next.strip_prefix('[').and_then(|next| next.split_once(']')) {
                Some((range, next)) => (Some(range), next),
                None => (None, next),
            };
            filled.push_str(&value(name, range, parts, date.as_ref())?);
            rest = next;
        }
        filled.push_str(rest);
        if !filled.is_empty() {
            path.push_str(&filled);
            path.push('/');
        }
    }
    if !pattern.ends_with('/') && path.len() > 1 {
        path.pop();
    }
    Some(path)
}

/// What stands for a name such as `:year`.
fn value(
    name: &str,
    range: Option<&str>,
    parts: &Parts<'_>,
    date: Option<&Zoned>,
) -> Option<String> {
    let generator = parts.generator;
    let day = |form: &str| strtime::format(form, date?).ok();
    let own = |name: &str| generator.segment(parts.slug.unwrap_or(name));
    let lower = |text: String| text.to_lowercase();
    Some(match name {
        "title" if generator == Generator::Hugo => generator.segment(parts.title),
        "slug" if generator == Generator::Hugo => own(parts.title),
        "slug" if generator == Generator::Jekyll => {
            lower(parted(parts.slug.unwrap_or(parts.name), char::is_alphanumeric))
        }
        "filename" | "contentbasename" | "name" | "basename" => generator.segment(parts.name),
        "title" | "slug" | "slugorfilename" | "slugorcontentbasename" => own(parts.name),
        "post_title" => lower(parted(parts.title, char::is_alphanumeric)),
        "id" => parts.id.to_owned(),
        "year" => day("%Y")?,
        "short_year" => day("%y")?,
        "month" => day("%m")?,
        "i_month" => date?.month().to_string(),
        "short_month" => day("%b")?,
        "long_month" => day("%B")?,
        "monthname" => lower(day("%B")?),
        "day" => day("%d")?,
        "i_day" => date?.day().to_string(),
        "y_day" => day("%j")?,
        "yearday" => date?.day_of_year().to_string(),
        "weekday" => date?.weekday().to_sunday_zero_offset().to_string(),
        "weekdayname" => lower(day("%A")?),
        "short_day" => day("%a")?,
        "long_day" => day("%A")?,
        "week" => day("%V")?,
        "w_year" => day("%G")?,
        "hour" => day("%H")?,
        "minute" => day("%M")?,
        "second" => day("%S")?,
        "categories" => {
            let names = parts.categories.iter().map(|name| name.to_lowercase());
            names.collect::<Vec<_>>().join("/")
        }
        "category" | "slugified_categories" => {
            let names = parts.categories.iter();
            let names = names.map(|name| lower(parted(name, char::is_alphanumeric)));
            names.collect::<Vec<_>>().join("/")
        }
        "section" => generator.segment(parts.folders.first()?),
        "folders" | "sections" => {
            let folders = range.map_or(Some(parts.folders), |range| some(parts.folders, range))?;
            let names = folders.iter().map(|name| generator.segment(name));
            names.collect::<Vec<_>>().join("/")
        }
        "collection" => "posts".to_owned(),
        "output_ext" => ".html".to_owned(),
        "author" | "primary_author" => parts.author?.to_owned(),
        "primary_tag" => parts.tag.unwrap_or("all").to_owned(),
        _ => return None,
    })
}

/// The part of a list that `1:`, `:2`, `0` or `last` is.
fn some<'a>(list: &'a [String], range: &str) -> Option<&'a [String]> {
    let place = |text: &str, other: usize| match text {
        "" => Some(other),
        "last" => Some(list.len().saturating_sub(1)),
        text => text.parse::<usize>().ok(),
    };
    let (from, to) = match range.split_once(':') {
        Some((from, to)) => (place(from, 0)?, place(to, list.len())?),
        None => (place(range, 0)?, place(range, 0)? + 1),
    };
    Some(list.get(from..to.min(list.len())).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_filled() {
        let date = Some(Time::from_millis(1_709_290_000_000));
        let categories = ["Field notes".to_owned()];
        let folders = ["posts".to_owned(), "Old Ones".to_owned()];
        let parts = Parts {
            generator: Generator::Jekyll,
            title: "Hello, world",
            slug: None,
            name: "hello_World",
            id: "7",
            date,
            zone: &TimeZone::UTC,
            categories: &categories,
            tag: None,
            author: Some("ada"),
            folders: &folders,
        };
        let jekyll = |text| fill(pattern(text), &parts);
        for (text, expected) in [
            ("pretty", "/field notes/2024/03/01/hello_World/"),
            ("none", "/field notes/hello_World.html"),
            ("ordinal", "/field notes/2024/061/hello_World.html"),
            ("weekdate", "/field notes/2024/W09/Fri/hello_World.html"),
            ("/blog/:year-:i_month/:slug/", "/blog/2024-3/hello-world/"),
            (
                "/:short_month/:slugified_categories/:title:output_ext",
                "/Mar/field-notes/hello_World.html",
            ),
        ] {
            assert_eq!(jekyll(text).as_deref(), Some(expected), "{text}");
        }
        let hugo = Parts { generator: Generator::Hugo, ..parts };
        for (text, expected) in [
            ("/:folders/:slugorfilename/", "/posts/old-ones/hello_world/"),
            ("/:section/:slug/", "/posts/hello-world/"),
            ("/:sections[1:]/:filename", "/old-ones/hello_world"),
            ("/:year/:monthname/:title/", "/2024/march/hello-world/"),
        ] {
            assert_eq!(fill(text, &hugo).as_deref(), Some(expected), "{text}");
        }
        let slug = Some("own");
        let ghost = Parts { generator: Generator::Ghost, slug, ..parts };
        assert_eq!(fill("/:author/:primary_tag/:slug/", &ghost).as_deref(), Some("/ada/all/own/"));
        let undated = Parts { date: None, ..parts };
        assert_eq!(fill("/:year/:title", &undated), None);
        assert_eq!(fill("/:unknown/", &parts), None);
    }
}
