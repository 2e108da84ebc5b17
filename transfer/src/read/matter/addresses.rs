//! Under which addresses a file's post was found: by its name, its front matter and the site's pattern.

use std::collections::HashSet;
use std::sync::LazyLock;

use byline_shared::model::{Slug, Time};
use jiff::tz::TimeZone;
use regex::Regex;

use super::super::{clean, dates};
use super::super::permalink::{self, Parts};
use super::super::source_context::SourceContext;
use super::fields::Fields;
use crate::model::{Post, PostTag};

/// The date and the rest of `2024-03-01-a-name.md`; the folder's name for `a-name/index.md`.
pub(super) fn file_name(path: &str) -> (Option<String>, String) {
    static DATED: LazyLock<Regex> = LazyLock::new(|| {
        let pattern = r"^(\d{4}-\d{1,2}-\d{1,2})(?:[-_ ]+(.+))?$";
        Regex::new(pattern).expect("the pattern is a constant")
    });
    let mut parts = path.rsplit(['/', '\\']);
    let last = parts.next().unwrap_or(path);
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    let stem = if stem == "index" { parts.next().unwrap_or(stem) } else { stem };
    match DATED.captures(stem) {
        Some(found) if dates::time(&found[1], &TimeZone::UTC).is_some() => {
            // A note of a day has the day as its name.
            let name = found.get(2).map_or(stem, |name| name.as_str());
            (Some(found[1].to_owned()), name.to_owned())
        }
        _ => (None, stem.to_owned()),
    }
}

/// The slug, and every path that the post was found under.
pub(super) fn addresses(
    post: &mut Post,
    fields: &mut Fields,
    name: &str,
    categories: &[PostTag],
    date: Option<Time>,
    context: &SourceContext,
) {
    let own = fields.text(&["permalink", "url"]);
    let slug = fields.text(&["slug"]);
    let last = own.as_deref().and_then(|path| {
        let path = path.trim_end_matches('/').trim_end_matches(".html");
        clean::text(path.rsplit('/').next()?).filter(|_| !path.contains(':'))
    });
    let slug = slug.or(last).unwrap_or_else(|| name.to_owned());
    let pattern = own.as_deref().or(context.permalink.as_deref());
    let parts = Parts { slug: &slug, date, categories, zone: &context.zone };
    let made = pattern.filter(|_| !context.is_ours);
    let made = made.and_then(|pattern| match permalink::pattern(pattern) {
        pattern if pattern.contains(':') && !pattern.starts_with("http") => {
            permalink::fill(pattern, &parts)
        }
        path => clean::path(path),
    });
    let aliases = fields.list(&["aliases", "redirectfrom", "alias"]);
    let aliases = aliases.iter().filter_map(|value| {
        let alias = fields.text_of(value)?;
        if context.is_ours { Some(alias) } else { clean::path(&alias) }
    });
    let mut known: HashSet<String> = post.old_paths.iter().cloned().collect();
    let paths = made.into_iter().chain(aliases);
    post.old_paths.extend(paths.filter(|path| known.insert(path.clone())));
    post.slug = if context.is_ours {
        Some(slug)
    } else {
        Slug::from_text(&slug).map(|slug| slug.to_string())
    };
}
