//! Conditional updates (`UpdateItem`) of one item.

use std::collections::HashMap;

use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, Update};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::keys::Key;
use super::{Store, StoreError, Write};
use crate::permission::Table;

/// An update expression and its condition. The item must exist, unless [`Change::or_create`] says
/// otherwise.
#[derive(Clone, Debug)]
pub(super) struct Change {
    sets: Vec<String>,
    removes: Vec<String>,
    adds: Vec<String>,
    deletes: Vec<String>,
    conditions: Vec<String>,
    names: HashMap<String, String>,
    values: HashMap<String, AttributeValue>,
}

impl Change {
    pub(super) fn new() -> Self {
        Self {
            sets: Vec::new(),
            removes: Vec::new(),
            adds: Vec::new(),
            deletes: Vec::new(),
            conditions: vec!["attribute_exists(pk)".to_owned()],
            names: HashMap::new(),
            values: HashMap::new(),
        }
    }

    /// Creates the item if it does not exist.
    pub(super) fn or_create(mut self) -> Self {
        self.conditions.remove(0);
        self
    }

    fn name(&mut self, attribute: &str) -> String {
        let placeholder = format!("#{attribute}");
        self.names.insert(placeholder.clone(), attribute.to_owned());
        placeholder
    }

    fn value(&mut self, value: AttributeValue) -> String {
        let placeholder = format!(":v{}", self.values.len());
        self.values.insert(placeholder.clone(), value);
        placeholder
    }

    fn serialised<T: Serialize>(&mut self, value: &T) -> Result<String, StoreError> {
        let value: AttributeValue = serde_dynamo::aws_sdk_dynamodb_1::to_attribute_value(value)?;
        Ok(self.value(value))
    }

    /// Sets an attribute.
    pub(super) fn set<T: Serialize>(
        mut self,
        attribute: &str,
        value: &T,
    ) -> Result<Self, StoreError> {
        let (name, value) = (self.name(attribute), self.serialised(value)?);
        self.sets.push(format!("{name} = {value}"));
        Ok(self)
    }

    /// Removes an attribute.
    pub(super) fn remove(mut self, attribute: &str) -> Self {
        let name = self.name(attribute);
        self.removes.push(name);
        self
    }

    /// Adds 1 to a number.
    pub(super) fn increment(self, attribute: &str) -> Self {
        self.add(attribute, 1)
    }

    /// Adds to a number; a missing attribute counts as 0.
    pub(super) fn add(mut self, attribute: &str, number: i64) -> Self {
        let number = AttributeValue::N(number.to_string());
        let (name, number) = (self.name(attribute), self.value(number));
        self.adds.push(format!("{name} {number}"));
        self
    }

    /// On an account: ends all its sessions, and cancels a pending change of its e-mail address.
    pub(super) fn end_sessions(self) -> Self {
        self.remove("email_change").remove("email_confirmed_by").increment("token_version")
    }

    /// Adds a member to a string set.
    pub(super) fn include(mut self, attribute: &str, member: &str) -> Self {
        let name = self.name(attribute);
        let member = self.value(AttributeValue::Ss(vec![member.to_owned()]));
        self.adds.push(format!("{name} {member}"));
        self
    }

    /// Removes a member from a string set; fails for the last member.
    pub(super) fn exclude_unless_last(mut self, attribute: &str, member: &str) -> Self {
        let name = self.name(attribute);
        let set = self.value(AttributeValue::Ss(vec![member.to_owned()]));
        let one = self.value(AttributeValue::N("1".to_owned()));
        self.deletes.push(format!("{name} {set}"));
        self.conditions.push(format!("size({name}) > {one}"));
        self
    }

    /// Requires an attribute to have this value.
    pub(super) fn only_if<T: Serialize>(
        mut self,
        attribute: &str,
        value: &T,
    ) -> Result<Self, StoreError> {
        let (name, value) = (self.name(attribute), self.serialised(value)?);
        self.conditions.push(format!("{name} = {value}"));
        Ok(self)
    }

    /// Requires an attribute to be as it was read: this value, or absent.
    pub(super) fn only_as_read(mut self, attribute: &str, read: Option<&AttributeValue>) -> Self {
        let Some(value) = read else { return self.only_if_absent(attribute) };
        let (name, value) = (self.name(attribute), self.value(value.clone()));
        self.conditions.push(format!("{name} = {value}"));
        self
    }

    /// Requires an attribute to be absent.
    pub(super) fn only_if_absent(mut self, attribute: &str) -> Self {
        let name = self.name(attribute);
        self.conditions.push(format!("attribute_not_exists({name})"));
        self
    }

    /// Requires a condition. Attribute names in it must not be reserved words.
    pub(super) fn only_where(mut self, condition: &str) -> Self {
        self.conditions.push(format!("({condition})"));
        self
    }

    /// Binds a value placeholder of such a condition.
    pub(super) fn with<T: Serialize>(
        mut self,
        placeholder: &str,
        value: &T,
    ) -> Result<Self, StoreError> {
        let value: AttributeValue = serde_dynamo::aws_sdk_dynamodb_1::to_attribute_value(value)?;
        self.values.insert(placeholder.to_owned(), value);
        Ok(self)
    }

    fn expression(&self) -> String {
        let clause = |keyword: &str, parts: &[String]| {
            (!parts.is_empty()).then(|| format!("{keyword} {}", parts.join(", ")))
        };
        let clauses = [
            clause("SET", &self.sets),
            clause("REMOVE", &self.removes),
            clause("ADD", &self.adds),
            clause("DELETE", &self.deletes),
        ];
        clauses.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    fn condition(&self) -> Option<String> {
        (!self.conditions.is_empty()).then(|| self.conditions.join(" AND "))
    }

    /// The update as part of a transaction.
    pub(super) fn write(self, store: &Store, table: Table, key: &Key) -> Write {
        let update = Update::builder()
            .table_name(store.table(table))
            .set_key(Some(key.attributes()))
            .update_expression(self.expression())
            .set_condition_expression(self.condition())
            .set_expression_attribute_names(Some(self.names))
            .set_expression_attribute_values((!self.values.is_empty()).then_some(self.values))
            .build()
            .expect("the table, key and expression are given");
        Write::update(update)
    }
}

impl Store {
    /// Updates an item; `false` if a condition failed.
    pub(super) async fn change(
        &self,
        table: Table,
        key: &Key,
        change: Change,
    ) -> Result<bool, StoreError> {
        StoreError::unless_condition_failed(self.update(table, key, change).send().await)
    }

    /// Updates an item, and reads what is in it then; `None` if a condition failed.
    pub(super) async fn change_and_read<T: DeserializeOwned>(
        &self,
        table: Table,
        key: &Key,
        change: Change,
    ) -> Result<Option<T>, StoreError> {
        let request = self.update(table, key, change).return_values(ReturnValue::AllNew);
        match request.send().await {
            Ok(answer) => {
                let item = answer.attributes.unwrap_or_default();
                Ok(Some(serde_dynamo::aws_sdk_dynamodb_1::from_item(item)?))
            }
            Err(error) if error.code() == Some("ConditionalCheckFailedException") => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn update(&self, table: Table, key: &Key, change: Change) -> UpdateItemFluentBuilder {
        self.client
            .update_item()
            .table_name(self.table(table))
            .set_key(Some(key.attributes()))
            .update_expression(change.expression())
            .set_condition_expression(change.condition())
            .set_expression_attribute_names(Some(change.names))
            .set_expression_attribute_values((!change.values.is_empty()).then_some(change.values))
    }
}
