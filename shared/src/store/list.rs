//! Lists in pages, each page one `Query`.

use aws_sdk_dynamodb::types::AttributeValue;
use serde::de::DeserializeOwned;

use super::{Item, Store, StoreError};
use crate::endpoint::Table;
use crate::http::page::{Cursor, Page, PageParams};
use crate::http::problem::Problem;

/// How many entries are read at once where filters pick some of them.
const FILTERED: usize = 500;

/// One partition of a table or index, read from its end: newest first.
#[derive(Clone, Debug)]
pub struct List {
    table: Table,
    index: Option<&'static str>,
    partition: String,
    pk: &'static str,
    sk: &'static str,
    ascending: bool,
    /// Attributes that an entry must have with these values.
    only: Vec<(&'static str, AttributeValue)>,
}

impl List {
    /// A partition of the table itself.
    #[must_use]
    pub fn of_table(table: Table, partition: impl Into<String>) -> Self {
        Self::new(table, None, partition.into(), "pk", "sk")
    }

    /// A partition of `gsi1`.
    #[must_use]
    pub fn of_gsi1(table: Table, partition: impl Into<String>) -> Self {
        Self::new(table, Some("gsi1"), partition.into(), "gsi1pk", "gsi1sk")
    }

    /// A partition of `gsi2`.
    #[must_use]
    pub fn of_gsi2(table: Table, partition: impl Into<String>) -> Self {
        Self::new(table, Some("gsi2"), partition.into(), "gsi2pk", "gsi2sk")
    }

    fn new(
        table: Table,
        index: Option<&'static str>,
        partition: String,
        pk: &'static str,
        sk: &'static str,
    ) -> Self {
        Self { table, index, partition, pk, sk, ascending: false, only: Vec::new() }
    }

    /// The same, read from its beginning.
    #[must_use]
    pub fn oldest_first(mut self) -> Self {
        self.ascending = true;
        self
    }

    /// Only the entries that have this value.
    #[must_use]
    pub fn only(mut self, attribute: &'static str, value: AttributeValue) -> Self {
        self.only.push((attribute, value));
        self
    }

    /// What a cursor is bound to: the partition, the order and the filters.
    fn identity(&self) -> String {
        let direction = if self.ascending { "+" } else { "" };
        let only = self.only.iter().map(|(name, value)| format!("&{name}={value:?}"));
        format!("{}{direction}{}", self.partition, only.collect::<String>())
    }
}

impl Store {
    /// One page of `list`. A page costs the same wherever it stands.
    ///
    /// # Errors
    /// 422 for a cursor of another list; else as any call.
    pub(super) async fn page<T: DeserializeOwned>(
        &self,
        list: &List,
        params: &PageParams,
    ) -> Result<Page<T>, Problem> {
        let after = params.cursor.as_deref();
        let identity = list.identity();
        let after = after.map(|cursor| Cursor::decode(&identity, cursor)).transpose()?;
        let limit = usize::from(params.limit);
        let mut items = self.rows(list, after, limit).await?;
        let next_cursor = if items.len() > limit {
            items.truncate(limit);
            let last = items.last().and_then(|item| item.get(list.sk)?.as_s().ok());
            last.map(|position| Cursor::encode(&identity, position))
        } else {
            None
        };
        let items = items.into_iter().map(serde_dynamo::aws_sdk_dynamodb_1::from_item);
        let items = items.collect::<Result<_, _>>().map_err(StoreError::from)?;
        Ok(Page { items, next_cursor })
    }

    /// Up to `limit` rows and one more, which tells whether a page follows.
    async fn rows(
        &self,
        list: &List,
        after: Option<String>,
        limit: usize,
    ) -> Result<Vec<Item>, StoreError> {
        let condition = match (&after, list.ascending) {
            (None, _) => "#pk = :pk",
            (Some(_), false) => "#pk = :pk AND #sk < :after",
            (Some(_), true) => "#pk = :pk AND #sk > :after",
        };
        let mut request = self
            .client
            .query()
            .table_name(self.table(list.table))
            .set_index_name(list.index.map(str::to_owned))
            .key_condition_expression(condition)
            .expression_attribute_names("#pk", list.pk)
            .expression_attribute_values(":pk", AttributeValue::S(list.partition.clone()))
            .scan_index_forward(list.ascending);
        if let Some(after) = after {
            request = request
                .expression_attribute_names("#sk", list.sk)
                .expression_attribute_values(":after", AttributeValue::S(after));
        }
        let mut filters = Vec::new();
        for (place, (attribute, value)) in list.only.iter().enumerate() {
            filters.push(format!("#only{place} = :only{place}"));
            request = request
                .expression_attribute_names(format!("#only{place}"), *attribute)
                .expression_attribute_values(format!(":only{place}"), value.clone());
        }
        if !filters.is_empty() {
            request = request.filter_expression(filters.join(" AND "));
        }
        let mut rows = Vec::with_capacity(limit + 1);
        let mut start = None;
        // A response ends at 1 MB even below the limit.
        loop {
            // The limit counts what is read, before the filters.
            let wanted = if list.only.is_empty() { limit + 1 - rows.len() } else { FILTERED };
            let wanted = i32::try_from(wanted).unwrap_or(i32::MAX);
            let request = request.clone().limit(wanted).set_exclusive_start_key(start);
            let answer = request.send().await?;
            rows.extend(answer.items.unwrap_or_default());
            start = answer.last_evaluated_key;
            if start.is_none() || rows.len() > limit {
                return Ok(rows);
            }
        }
    }
}
