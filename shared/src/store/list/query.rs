//! The `Query` of a list: its key condition and its filters.

use std::collections::HashMap;

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;

use super::{Filter, List, SortKeys, Test};
use crate::store::Store;

impl Store {
    pub(super) fn query(&self, list: &List, bounds: SortKeys) -> QueryFluentBuilder {
        let text = AttributeValue::S;
        let mut names = HashMap::from([("#pk".to_owned(), list.pk.to_owned())]);
        let mut values = HashMap::from([(":pk".to_owned(), text(list.partition.clone()))]);
        let condition = match bounds {
            SortKeys::All => "#pk = :pk",
            SortKeys::Above(after) => {
                values.insert(":after".to_owned(), text(after));
                "#pk = :pk AND #sk > :after"
            }
            SortKeys::Below(after) => {
                values.insert(":after".to_owned(), text(after));
                "#pk = :pk AND #sk < :after"
            }
            SortKeys::Between(first, last) => {
                values.insert(":first".to_owned(), text(first));
                values.insert(":last".to_owned(), text(last));
                "#pk = :pk AND #sk BETWEEN :first AND :last"
            }
        };
        if condition.contains("#sk") {
            names.insert("#sk".to_owned(), list.sk.to_owned());
        }
        let mut filters = Vec::new();
        for (place, Filter { path, or, test, value }) in list.filters.iter().enumerate() {
            let name = format!(":f{place}");
            let mut tests = Vec::new();
            for (number, path) in std::iter::once(path).chain(or).enumerate() {
                let mut steps = Vec::new();
                for (depth, step) in path.split('.').enumerate() {
                    let name = format!("#f{place}_{number}_{depth}");
                    names.insert(name.clone(), step.to_owned());
                    steps.push(name);
                }
                let path = steps.join(".");
                tests.push(match test {
                    Test::Equals => format!("{path} = {name}"),
                    Test::Differs => {
                        format!("attribute_not_exists({path}) OR {path} <> {name}")
                    }
                    Test::Contains => format!("contains({path}, {name})"),
                    Test::Above => format!("{path} > {name}"),
                    Test::Absent => format!("attribute_not_exists({path})"),
                    Test::Present => format!("attribute_exists({path})"),
                });
            }
            filters.push(format!("({})", tests.join(" OR ")));
            values.extend(value.clone().map(|value| (name, value)));
        }
        self.client
            .query()
            .table_name(self.table(list.table))
            .set_index_name(list.index.map(str::to_owned))
            .key_condition_expression(condition)
            .set_filter_expression((!filters.is_empty()).then(|| filters.join(" AND ")))
            .set_expression_attribute_names(Some(names))
            .set_expression_attribute_values(Some(values))
            .scan_index_forward(list.ascending)
            .consistent_read(list.consistent)
    }
}
