//! The addresses that static site generators make of a file's name and date.

use byline_shared::model::Time;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::model::PostTag;

/// Jekyll's names for patterns.
const NAMED: [(&str, &str); 5] = [
    ("date", "/:categories/:year/:month/:day/:title.html"),
    ("pretty", "/:categories/:year/:month/:day/:title/"),
    ("ordinal", "/:categories/:year/:y_day/:title.html"),
    ("weekdate", "/:categories/:year/W:week/:short_day/:title.html"),
    ("none", "/:categories/:title.html"),
];

/// The pattern behind one of Jekyll's names, or the pattern itself.
pub(super) fn pattern(text: &str) -> &str {
    NAMED.iter().find(|(name, _)| *name == text).map_or(text, |(_, pattern)| pattern)
}

/// What a pattern is filled with.
pub(super) struct Parts<'a> {
    pub(super) slug: &'a str,
    pub(super) date: Option<Time>,
    pub(super) categories: &'a [PostTag],
    pub(super) zone: &'a TimeZone,
}

/// The path that `pattern` gives for a post; `None` where it asks for what the post does not have,
/// or for something that is not known here.
pub(super) fn fill(pattern: &str, parts: &Parts<'_>) -> Option<String> {
    let date = parts.date.and_then(|time| Timestamp::from_millisecond(time.as_millis()).ok());
    let date = date.map(|time| parts.zone.to_datetime(time).date());
    let mut path = String::from("/");
    for segment in pattern.split('/').filter(|segment| !segment.is_empty()) {
        let mut filled = String::new();
        let mut rest = segment;
        while let Some(at) = rest.find(':') {
            filled.push_str(&rest[..at]);
            let name = &rest[at + 1..];
            let end = name.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
            let (name, next) = name.split_at(end.unwrap_or(name.len()));
            let value = match name {
                "title"
                | "slug"
                | "slugorfilename"
                | "filename"
                | "contentbasename"
                | "slugorcontentbasename" => parts.slug.to_owned(),
                "year" => format!("{:04}", date?.year()),
                "month" => format!("{:02}", date?.month()),
                "i_month" => date?.month().to_string(),
                "day" => format!("{:02}", date?.day()),
                "i_day" => date?.day().to_string(),
                "y_day" => format!("{:03}", date?.day_of_year()),
                "categories" => {
                    let slugs = parts.categories.iter().map(|tag| tag.slug.as_str());
                    slugs.collect::<Vec<_>>().join("/")
                }
                _ => return None,
            };
            filled.push_str(&value);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_filled() {
        let date = Some(Time::from_millis(1_709_290_000_000));
        let categories = [PostTag { slug: "notes".into(), name: "Notes".into() }];
        let parts = Parts { slug: "hello", date, categories: &categories, zone: &TimeZone::UTC };
        let fill = |text| fill(pattern(text), &parts);
        assert_eq!(fill("pretty").as_deref(), Some("/notes/2024/03/01/hello/"));
        assert_eq!(fill("none").as_deref(), Some("/notes/hello.html"));
        assert_eq!(fill("/blog/:year-:i_month/:slug/").as_deref(), Some("/blog/2024-3/hello/"));
        assert_eq!(fill("weekdate"), None);
        let undated = Parts { date: None, ..parts };
        assert_eq!(super::fill("/:year/:title", &undated), None);
    }
}
