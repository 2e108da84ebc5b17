//! Reads the table definitions of `template.yaml`, so that the local tables are the deployed ones.

use std::sync::OnceLock;

use byline_shared::permission::Table;
use serde::Deserialize;
use serde_json::Value;
use serde_yaml_ng as yaml;

/// The text of `template.yaml`.
pub const TEMPLATE: &str = include_str!("../../template.yaml");

/// The definition of a table.
#[derive(Clone, Debug)]
pub struct TableDefinition {
    /// The table.
    pub table: Table,
    /// The body of a `CreateTable` request, without its name.
    pub create: Value,
    /// The attribute with an item's time to live, if the table has one.
    pub ttl_attribute: Option<String>,
}

/// A definition that is missing or cannot be read.
#[derive(Clone, Debug, thiserror::Error)]
#[error("template.yaml: {0}")]
pub struct TemplateError(String);

#[derive(Deserialize)]
struct Template {
    #[serde(rename = "Resources")]
    resources: std::collections::HashMap<String, Resource>,
}

#[derive(Deserialize)]
struct Resource {
    #[serde(rename = "Properties", default)]
    properties: yaml::Value,
}

/// The definitions of [`TEMPLATE`], read once in a process: tests start many instances.
///
/// # Errors
/// As [`tables`].
pub(crate) fn deployed_tables() -> Result<Vec<TableDefinition>, TemplateError> {
    static TABLES: OnceLock<Result<Vec<TableDefinition>, TemplateError>> = OnceLock::new();
    TABLES.get_or_init(|| tables(TEMPLATE)).clone()
}

/// The definitions of all tables in `template`.
///
/// # Errors
/// If a table is missing or its definition cannot be read.
pub fn tables(template: &str) -> Result<Vec<TableDefinition>, TemplateError> {
    let template: Template =
        yaml::from_str(template).map_err(|error| TemplateError(error.to_string()))?;
    let definition = |table: Table| {
        let resource = template.resources.get(table.logical_id());
        let resource = resource
            .ok_or_else(|| TemplateError(format!("has no resource {}", table.logical_id())))?;
        let property = |name: &str| -> Result<Option<Value>, TemplateError> {
            let value = resource.properties.get(name);
            let json = value.map(serde_json::to_value).transpose();
            json.map_err(|error| TemplateError(format!("{}: {error}", table.logical_id())))
        };
        let mut create = serde_json::json!({});
        for name in [
            "AttributeDefinitions",
            "KeySchema",
            "GlobalSecondaryIndexes",
            "BillingMode",
            "StreamSpecification",
        ] {
            if let Some(value) = property(name)? {
                create[name] = value;
            }
        }
        if let Some(stream) = create.get_mut("StreamSpecification") {
            // CloudFormation implies it; the API requires it.
            stream["StreamEnabled"] = Value::Bool(true);
        }
        let ttl = property("TimeToLiveSpecification")?;
        let ttl_attribute = ttl.and_then(|ttl| ttl["AttributeName"].as_str().map(str::to_owned));
        Ok(TableDefinition { table, create, ttl_attribute })
    };
    Table::ALL.into_iter().map(definition).collect()
}
