//! Lists in pages: `{"items": […], "next_cursor": "…" | null}`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::Representation;

/// A page of a list.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "{T}Page")]
pub struct Page<T> {
    /// The entries.
    pub items: Vec<T>,
    /// Send this as `cursor` to get the next page. Null on the last page.
    pub next_cursor: Option<String>,
}

impl<T: Serialize + JsonSchema> Representation for Page<T> {}

impl<T> Page<T> {
    /// The same page with each entry turned into another type.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(f).collect(), next_cursor: self.next_cursor }
    }
}

/// The query parameters that every list takes.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct PageParams {
    /// The largest number of entries in a page.
    #[serde(default = "default_limit")]
    #[schemars(range(min = 1, max = 100))]
    pub limit: u8,
    /// The `next_cursor` of the previous page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 512))]
    pub cursor: Option<String>,
}

const fn default_limit() -> u8 {
    20
}
