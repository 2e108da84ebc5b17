//! What is known about a post beside its text: whether it is a page, tags, address, excerpt, cover, and what search engines show.

use byline_shared::http::problem::Problem;
use byline_shared::publishing::Editing;
use maud::{Markup, html};

use super::cover::{self, Covers};
use super::values::{TICKED, Values};
use crate::parts::{self, Field, Kind};

/// What is folded up below the text. `alt` is the alternative text that was sent for the cover.
pub(super) fn all(
    editing: &Editing,
    covers: &Covers,
    values: &Values,
    problem: Option<&Problem>,
    alt: Option<&str>,
) -> Markup {
    let names = ["type", "tags", "slug", "excerpt", "cover", "cover_alt", "language", "featured"];
    let slug = match editing.slug_follows {
        true => {
            "The last part of the post's address. It follows the title until the post is live, unless you \
                 enter another one."
        }
        false => {
            "The last part of the post's address. If it was live under another one, that leads to the new one."
        }
    };
    html! {
        details.more open[has_fault(problem, &names)] {
            summary { "Tags, address, excerpt, cover" }
            div.form {
                (post_type(values, problem))
                (line(values, problem, "tags", "Tags", "Names with commas between them. New ones are created.", None))
                (line(values, problem, "slug", "Address (slug)", slug, Some(100)))
                (area(values, problem, "excerpt", "Excerpt", "A summary for lists, in plain text. Empty: the beginning of the text."))
                (line(values, problem, "language", "Language", "A tag such as en or pt-BR. Empty: that of \
                    the publication.", Some(35)))
                (parts::tick("featured", TICKED, "Featured", Some("Shown first by sites that feature posts."),
                    values.get("featured") == TICKED))
                (cover::fieldset(covers, values, problem, alt))
            }
        }
        (search_engines(values, problem))
    }
}

fn post_type(values: &Values, problem: Option<&Problem>) -> Markup {
    parts::field(Field {
        name: "type",
        label: "Post or page",
        value: values.get("type"),
        hint: Some("A page, such as About or Imprint, is in no list of posts and no feed."),
        kind: Kind::Choice(&[("post", "Post"), ("page", "Page")]),
        fault: parts::fault(problem, "type"),
        ..Field::default()
    })
}

fn search_engines(values: &Values, problem: Option<&Problem>) -> Markup {
    let names = ["meta_title", "meta_description", "canonical_url"];
    html! {
        details.more open[has_fault(problem, &names)] {
            summary { "For search engines" }
            div.form {
                (line(values, problem, "meta_title", "Title for search engines", "Empty: the post's title.", Some(200)))
                (area(values, problem, "meta_description", "Description for search engines", "A sentence or two."))
                (line(values, problem, "canonical_url", "Address of the original", "If the text was first \
                    published elsewhere.", Some(2048)))
            }
        }
    }
}

fn has_fault(problem: Option<&Problem>, names: &[&str]) -> bool {
    names.iter().any(|name| parts::fault(problem, name).is_some())
}

fn line<'a>(
    values: &'a Values,
    problem: Option<&'a Problem>,
    name: &'a str,
    label: &'a str,
    hint: &'a str,
    max: Option<usize>,
) -> Markup {
    let (value, fault) = (values.get(name), parts::fault(problem, name));
    parts::field(Field { name, label, value, hint: Some(hint), max, fault, ..Field::default() })
}

fn area<'a>(
    values: &'a Values,
    problem: Option<&'a Problem>,
    name: &'a str,
    label: &'a str,
    hint: &'a str,
) -> Markup {
    let (value, fault) = (values.get(name), parts::fault(problem, name));
    let (kind, max) = (Kind::Area(3), Some(500));
    parts::field(Field { name, label, value, hint: Some(hint), kind, max, fault, required: false })
}
