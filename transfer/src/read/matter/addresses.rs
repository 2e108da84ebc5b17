//! Under which addresses a file's post was found: by its name, its front matter and the generator's rules.

use std::collections::HashSet;

use byline_shared::model::{Slug, Time};

use super::super::clean;
use super::super::location::Location;
use super::super::permalink::{self, Generator, Parts};
use super::super::source_context::SourceContext;
use super::fields::Fields;
use crate::model::Post;

/// The slug, and every path that the post was found under.
pub(super) fn addresses(
    post: &mut Post,
    fields: &mut Fields,
    place: &Location,
    categories: &[String],
    date: Option<Time>,
    context: &SourceContext,
) {
    let own = fields.text(&["permalink", "url"]);
    // `permalink: false` keeps a post from readers, and templates are not filled in here.
    let own = own.filter(|own| own != "false" && !own.contains("{{") && !own.contains("{%"));
    let slug = fields.text(&["slug"]);
    let last = own.as_deref().and_then(|path| {
        let path = path.trim_end_matches('/').trim_end_matches(".html");
        clean::text(path.rsplit('/').next()?).filter(|_| !path.contains(':'))
    });
    let author = post.author.as_deref().and_then(Slug::from_text).map(|slug| slug.to_string());
    let parts = Parts {
        generator: context.addresses.generator,
        title: &post.title,
        slug: slug.as_deref(),
        name: &place.name,
        id: &post.source_id,
        date,
        zone: &context.zone,
        categories,
        tag: post.tags.first().map(|tag| tag.slug.as_str()),
        author: author.as_deref(),
        folders: &place.folders,
    };
    let is_page = !post.post_type.is_post();
    let made = match context.is_ours {
        true => None,
        false => made(own.as_deref(), &parts, place, is_page, context),
    };
    let aliases = fields.list(&["aliases", "redirectfrom", "alias"]);
    let base = &context.addresses.base;
    let aliases = aliases.iter().filter_map(|value| {
        let alias = fields.text_of(value)?;
        match context.is_ours {
            true => Some(alias),
            false => Some(format!("{base}{}", clean::path(&alias)?)),
        }
    });
    let mut known: HashSet<String> = post.old_paths.iter().cloned().collect();
    let paths: Vec<String> = made.into_iter().chain(aliases).collect();
    let named = slug.or(last);
    let name = named.clone().unwrap_or_else(|| place.name.clone());
    post.old_paths.extend(paths.into_iter().filter(|path| known.insert(path.clone())));
    post.slug = match context.is_ours {
        true => Some(name),
        false => {
            let default = context.addresses.default_language.as_deref();
            let language = place.language.as_deref().filter(|_| named.is_none());
            let language = language.filter(|language| default.is_some_and(|own| own != *language));
            // Translations of one file have its name; a slug is of one post.
            let name = language.map_or(name.clone(), |language| format!("{name}-{language}"));
            Slug::from_text(&name).map(|slug| slug.to_string())
        }
    };
}

/// The path that the generator made.
fn made(
    own: Option<&str>,
    parts: &Parts<'_>,
    place: &Location,
    is_page: bool,
    context: &SourceContext,
) -> Option<String> {
    let rules = &context.addresses;
    let is_pattern = |text: &str| text.contains(':') && !text.starts_with("http");
    let base = |path: String| format!("{}{path}", rules.base);
    if let Some(own) = own {
        return match permalink::pattern(own) {
            pattern if is_pattern(pattern) => permalink::fill(pattern, parts).map(base),
            path if path.starts_with("http") => clean::path(path),
            path => clean::path(path).map(base),
        };
    }
    if let Some(given) = &rules.given {
        let parts = Parts { generator: Generator::Other, ..*parts };
        return permalink::fill(permalink::pattern(given), &parts);
    }
    let in_folders = |end: &str| {
        let mut path = String::new();
        for folder in &place.folders {
            path.push_str(&format!("/{}", parts.generator.segment(folder)));
        }
        let end = if place.is_index { "/" } else { end };
        match place.name.as_str() {
            "index" => path + "/",
            name => format!("{path}/{}{end}", parts.generator.segment(parts.slug.unwrap_or(name))),
        }
    };
    let path = match rules.generator {
        Generator::Jekyll if is_page || !place.is_post => {
            let pattern = rules.pattern.as_deref().unwrap_or_default();
            let is_folder = permalink::pattern(pattern).ends_with('/');
            Some(in_folders(if is_folder { "/" } else { ".html" }))
        }
        Generator::Hexo if !place.is_post => Some(in_folders("/")),
        Generator::Hugo | Generator::Zola => {
            let section = place.folders.first().map(|section| section.to_lowercase());
            let pattern = rules.sections.get(section.as_deref().unwrap_or("/"));
            let made = match pattern {
                Some(pattern) => permalink::fill(pattern, parts),
                None => Some(in_folders("/")),
            };
            let made = made.map(|path| match rules.is_ugly {
                true => format!("{}.html", path.trim_end_matches('/')),
                false => path,
            });
            let default = rules.default_language.as_deref();
            let language = place.language.as_deref().filter(|language| {
                rules.in_folder || default.is_some_and(|default| default != *language)
            });
            made.map(|path| language.map_or(path.clone(), |language| format!("/{language}{path}")))
        }
        generator => {
            let pattern = rules.pattern.as_deref().or_else(|| generator.pattern());
            pattern.and_then(|pattern| permalink::fill(permalink::pattern(pattern), parts))
        }
    };
    path.map(base)
}
