//! The table definitions of `template.yaml`, for the embedded database: the tables at home are
//! those that are deployed.

use byline_shared::permission::Table;
use serde::Deserialize;
use serde_json::Value;
use serde_yaml_ng as yaml;

/// The template, as it is deployed.
pub const TEMPLATE: &str = include_str!("../../template.yaml");

/// A table to be made.
#[derive(Clone, Debug)]
pub struct TableDefinition {
    /// Which one.
    pub table: Table,
    /// The body of a `CreateTable` request, without its name.
    pub create: Value,
    /// The attribute that holds when an item ends, where the table has one.
    pub ttl_attribute: Option<String>,
}

/// What a template says that we cannot use.
#[derive(Debug, thiserror::Error)]
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

/// Every table's definition in `template`.
///
/// # Errors
/// Where a table is missing or is described in a way that cannot be read.
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
            // CloudFormation leaves out what the API wants said.
            stream["StreamEnabled"] = Value::Bool(true);
        }
        let ttl = property("TimeToLiveSpecification")?;
        let ttl_attribute = ttl.and_then(|ttl| ttl["AttributeName"].as_str().map(str::to_owned));
        Ok(TableDefinition { table, create, ttl_attribute })
    };
    Table::ALL.into_iter().map(definition).collect()
}
