//! The fields of the editor's form as text: of a revision, of what was sent, and as a change.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use byline_shared::endpoint::{InputContract, typed};
use byline_shared::http::problem::Problem;
use byline_shared::model::{Markdown, PostFields};
use byline_shared::publishing::Changes;
use serde_json::{Map, Value};

use super::tag_list;
use crate::fields::Fields;

/// The fields of the form, as the API calls them.
pub(crate) const NAMES: [&str; 12] = [
    "title",
    "body",
    "tags",
    "slug",
    "type",
    "excerpt",
    "cover",
    "language",
    "canonical_url",
    "meta_title",
    "meta_description",
    "featured",
];

/// What a ticked box sends.
pub(crate) const TICKED: &str = "yes";

/// The limits of every field are those of the API.
static CONTRACT: LazyLock<InputContract> = LazyLock::new(InputContract::from_body::<Changes>);

/// The text of each field, by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Values(BTreeMap<&'static str, String>);

impl Values {
    /// Those of a revision.
    pub(crate) fn of_text(fields: &PostFields, body: &Markdown) -> Self {
        fn text<T: ToString>(value: Option<&T>) -> String {
            value.map(ToString::to_string).unwrap_or_default()
        }
        let value = |name: &str| match name {
            "title" => fields.title.to_string(),
            "body" => body.to_string(),
            "tags" => tag_list::line(&fields.tags),
            "slug" => fields.slug.to_string(),
            "type" => fields.post_type.as_str().to_owned(),
            "excerpt" => fields.excerpt.to_string(),
            "cover" => text(fields.cover.as_ref()),
            "language" => text(fields.language.as_ref()),
            "canonical_url" => text(fields.canonical_url.as_ref()),
            "meta_title" => text(fields.details.meta_title.as_ref()),
            "meta_description" => text(fields.details.meta_description.as_ref()),
            "featured" => if fields.featured { TICKED } else { "" }.to_owned(),
            _ => unreachable!("every name is one of NAMES"),
        };
        Self::with(value)
    }

    /// Those that were sent. A field that was not sent is empty, as a box is that is not ticked.
    pub(crate) fn of_form(form: &Fields) -> Self {
        Self::with(|name| form.text(name).to_owned())
    }

    /// Blanks around a field are never meant; in a body they can be.
    fn with(value: impl Fn(&'static str) -> String) -> Self {
        let trimmed = |name: &'static str| {
            let value = value(name);
            if name == "body" { value } else { value.trim().to_owned() }
        };
        Self(NAMES.into_iter().map(|name| (name, trimmed(name))).collect())
    }

    /// The text of a field.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.get(name).map(String::as_str).unwrap_or_default()
    }

    /// Sets a field.
    pub(crate) fn set(&mut self, name: &'static str, value: String) {
        self.0.insert(name, value);
    }

    /// The names of the fields that differ.
    pub(crate) fn differing(&self, other: &Self) -> Vec<&'static str> {
        NAMES.into_iter().filter(|name| self.get(name) != other.get(name)).collect()
    }

    /// The change that sets these fields.
    ///
    /// # Errors
    /// 422 that names every invalid field.
    pub(crate) fn changes(&self, names: &[&'static str]) -> Result<Changes, Problem> {
        // A form without the field says nothing of it.
        let sent = names.iter().filter(|name| **name != "type" || !self.get(name).is_empty());
        let fields: Map<String, Value> =
            sent.map(|name| ((*name).to_owned(), self.json(name))).collect();
        typed(CONTRACT.validate(Value::Object(fields))?)
    }

    fn json(&self, name: &str) -> Value {
        let text = self.get(name);
        match name {
            "tags" => tag_list::names(text).into(),
            "featured" => (text == TICKED).into(),
            "title" | "body" | "slug" | "type" => text.into(),
            // An optional field that is left empty is cleared.
            _ if text.is_empty() => Value::Null,
            _ => text.into(),
        }
    }
}
