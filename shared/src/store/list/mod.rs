//! Paginated lists, each page one `Query`.

mod cursor;
mod query;
#[cfg(test)]
mod tests;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::de::DeserializeOwned;

use super::{Item, Store, StoreError};
use crate::http::page::{Page, PageParams};
use crate::permission::Table;
use cursor::Cursor;

/// The rows that one call reads of a list with filters.
const FILTERED_ROWS: usize = 250;

/// The calls for one page of a list with filters. A page of rare entries may then have fewer
/// entries than the limit, and still a next cursor.
const FILTERED_CALLS: usize = 8;

/// One partition of a table or index, read newest first.
#[derive(Clone, Debug)]
pub struct List {
    table: Table,
    index: Option<&'static str>,
    partition: String,
    pk: &'static str,
    sk: &'static str,
    ascending: bool,
    consistent: bool,
    /// The first and the last sort key of the list.
    range: Option<(String, String)>,
    filters: Vec<Filter>,
}

/// A filter on an attribute.
#[derive(Clone, Debug)]
struct Filter {
    /// The path of the attribute, with dots.
    path: &'static str,
    /// Another attribute that may pass the test in its place.
    or: Option<&'static str>,
    test: Test,
    value: Option<AttributeValue>,
}

#[derive(Clone, Copy, Debug)]
enum Test {
    Equals,
    Differs,
    Contains,
    Above,
    Absent,
    Present,
}

impl List {
    /// A partition of the table itself.
    #[must_use]
    pub fn from_table(table: Table, partition: impl Into<String>) -> Self {
        Self::new(table, None, partition.into(), "pk", "sk")
    }

    /// A partition of `gsi1`.
    #[must_use]
    pub fn from_gsi1(table: Table, partition: impl Into<String>) -> Self {
        Self::new(table, Some("gsi1"), partition.into(), "gsi1pk", "gsi1sk")
    }

    /// A partition of `gsi2`.
    #[must_use]
    pub fn from_gsi2(table: Table, partition: impl Into<String>) -> Self {
        Self::new(table, Some("gsi2"), partition.into(), "gsi2pk", "gsi2sk")
    }

    fn new(
        table: Table,
        index: Option<&'static str>,
        partition: String,
        pk: &'static str,
        sk: &'static str,
    ) -> Self {
        let (ascending, consistent, range, filters) = (false, false, None, Vec::new());
        Self { table, index, partition, pk, sk, ascending, consistent, range, filters }
    }

    /// Reads it oldest first.
    #[must_use]
    pub fn oldest_first(mut self) -> Self {
        self.ascending = true;
        self
    }

    /// Reads it with strong consistency, at double the price. Not for indexes.
    #[must_use]
    pub fn up_to_date(mut self) -> Self {
        self.consistent = true;
        self
    }

    /// Only the entries whose sort keys have this prefix.
    #[must_use]
    pub fn beginning_with(self, prefix: &str) -> Self {
        // Sort keys are ASCII, and `~` sorts after all characters in them.
        self.between(prefix.to_owned(), format!("{prefix}~"))
    }

    /// Only the entries whose sort keys are from `first` to `last`.
    #[must_use]
    pub fn between(mut self, first: String, last: String) -> Self {
        self.range = Some((first, last));
        self
    }

    /// Only the entries with this value. A dot in the path leads into a map.
    #[must_use]
    pub fn only(mut self, path: &'static str, value: AttributeValue) -> Self {
        self.filters.push(Filter { path, or: None, test: Test::Equals, value: Some(value) });
        self
    }

    /// Only the entries with this value in one of two attributes.
    #[must_use]
    pub fn only_in(mut self, path: &'static str, or: &'static str, value: AttributeValue) -> Self {
        self.filters.push(Filter { path, or: Some(or), test: Test::Equals, value: Some(value) });
        self
    }

    /// Only the entries without this text: with another one, or with none.
    #[must_use]
    pub fn other_than(mut self, path: &'static str, text: impl Into<String>) -> Self {
        let value = Some(AttributeValue::S(text.into()));
        self.filters.push(Filter { path, or: None, test: Test::Differs, value });
        self
    }

    /// Only the entries with a number greater than this.
    #[must_use]
    pub fn above(mut self, path: &'static str, number: i64) -> Self {
        let value = Some(AttributeValue::N(number.to_string()));
        self.filters.push(Filter { path, or: None, test: Test::Above, value });
        self
    }

    /// Only the entries without this attribute.
    #[must_use]
    pub fn without(mut self, path: &'static str) -> Self {
        self.filters.push(Filter { path, or: None, test: Test::Absent, value: None });
        self
    }

    /// Only the entries with this attribute.
    #[must_use]
    pub fn with(mut self, path: &'static str) -> Self {
        self.filters.push(Filter { path, or: None, test: Test::Present, value: None });
        self
    }

    /// Only the entries whose string or list contains this.
    #[must_use]
    pub fn containing(mut self, path: &'static str, value: impl Into<String>) -> Self {
        let value = Some(AttributeValue::S(value.into()));
        self.filters.push(Filter { path, or: None, test: Test::Contains, value });
        self
    }

    /// The name of the list, to which cursors are bound: the partition, the order, the range and
    /// the filters.
    fn identity(&self) -> String {
        let direction = if self.ascending { "+" } else { "" };
        let filters = self.filters.iter();
        let filters =
            filters.map(|it| format!("&{}{:?}{:?}{:?}", it.path, it.or, it.test, it.value));
        let range = self.range.as_ref().map(|(first, last)| format!("[{first},{last}]"));
        let range = range.unwrap_or_default();
        format!("{}{direction}{range}{}", self.partition, filters.collect::<String>())
    }

    /// The bounds of the sort key for the rows after `after`; `None` if there can be none.
    fn bounds(&self, after: Option<&str>) -> Option<SortKeys> {
        let Some((first, last)) = &self.range else {
            return Some(match after {
                None => SortKeys::All,
                Some(after) if self.ascending => SortKeys::Above(after.to_owned()),
                Some(after) => SortKeys::Below(after.to_owned()),
            });
        };
        // `BETWEEN` includes its ends, so the reader skips the row of the cursor itself.
        let (mut first, mut last) = (first.clone(), last.clone());
        match after {
            Some(after) if self.ascending => first = first.max(after.to_owned()),
            Some(after) => last = last.min(after.to_owned()),
            None => {}
        }
        (first <= last).then_some(SortKeys::Between(first, last))
    }
}

enum SortKeys {
    All,
    Above(String),
    Below(String),
    Between(String, String),
}

/// Rows, and where the next ones begin.
struct Rows {
    items: Vec<Item>,
    /// The sort key after which more may follow.
    next: Option<String>,
}

impl Store {
    /// One page of `list`. Every page costs the same, however deep.
    ///
    /// # Errors
    /// [`StoreError::InvalidCursor`] for a cursor of another list.
    pub(super) async fn page<T: DeserializeOwned>(
        &self,
        list: &List,
        params: &PageParams,
    ) -> Result<Page<T>, StoreError> {
        let after = params.cursor.as_deref();
        let identity = list.identity();
        let after = after.map(|cursor| Cursor::decode(&identity, cursor)).transpose()?;
        let rows = self.rows(list, after.as_deref(), usize::from(params.limit)).await?;
        let next_cursor = rows.next.map(|position| Cursor::encode(&identity, &position));
        let items = rows.items.into_iter().map(serde_dynamo::aws_sdk_dynamodb_1::from_item);
        let items = items.collect::<Result<_, _>>()?;
        Ok(Page { items, next_cursor })
    }

    /// The rows after `after`, up to `limit`.
    async fn rows(
        &self,
        list: &List,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Rows, StoreError> {
        let Some(bounds) = list.bounds(after) else {
            return Ok(Rows { items: Vec::new(), next: None });
        };
        let skips = after.is_some() && list.range.is_some();
        let query = self.query(list, bounds);
        let position = |item: &Item| item.get(list.sk).and_then(|sk| sk.as_s().ok()).cloned();
        let mut items: Vec<Item> = Vec::with_capacity(limit + 1);
        let mut start = None;
        // A response ends at 1 MB, even before the limit.
        for call in 1.. {
            // One more than the limit tells whether a page follows. The cursor's own row may be
            // included.
            let missing = limit + 1 + usize::from(skips) - items.len();
            let wanted = if list.filters.is_empty() { missing } else { FILTERED_ROWS };
            let wanted = i32::try_from(wanted).unwrap_or(i32::MAX);
            let request = query.clone().limit(wanted).set_exclusive_start_key(start);
            let answer = request.send().await?;
            let found = answer.items.unwrap_or_default().into_iter();
            items.extend(found.filter(|item| position(item).as_deref() != after));
            start = answer.last_evaluated_key;
            if items.len() > limit {
                items.truncate(limit);
                let next = items.last().and_then(position);
                return Ok(Rows { items, next });
            }
            let Some(last) = &start else {
                return Ok(Rows { items, next: None });
            };
            if !list.filters.is_empty() && call == FILTERED_CALLS {
                let next = position(last);
                return Ok(Rows { items, next });
            }
        }
        unreachable!("the loop ends by returning")
    }
}
