//! No resource depends on itself, directly or through others.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::resources;

#[test]
fn nothing_depends_on_itself() {
    let Some(resources) = resources() else { return };
    let graph: BTreeMap<&String, BTreeSet<String>> = resources
        .iter()
        .map(|(id, resource)| {
            let mut named = BTreeSet::new();
            names(resource, &mut named);
            named.retain(|name| resources.contains_key(name));
            (id, named)
        })
        .collect();
    // Whatever depends on nothing that is left is taken away, until nothing is left.
    let mut left: BTreeSet<&String> = graph.keys().copied().collect();
    while !left.is_empty() {
        let free: Vec<&String> = left
            .iter()
            .filter(|id| graph[**id].iter().all(|name| !left.contains(name)))
            .copied()
            .collect();
        assert!(!free.is_empty(), "a circle among {left:?}");
        left.retain(|id| !free.contains(id));
    }
}

/// Every resource that a value names.
fn names(value: &Value, into: &mut BTreeSet<String>) {
    let head = |text: &str| text.split('.').next().unwrap().to_owned();
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match (name.as_str(), value) {
                    ("Ref" | "Fn::GetAtt", Value::String(text)) => drop(into.insert(head(text))),
                    ("Fn::GetAtt", Value::Array(parts)) => {
                        into.extend(parts[0].as_str().map(str::to_owned));
                    }
                    ("Fn::Sub", sub) => {
                        let text = sub.as_str().or_else(|| sub[0].as_str()).unwrap();
                        let parts = text.split("${").skip(1);
                        into.extend(parts.filter_map(|part| Some(head(part.split_once('}')?.0))));
                        names(&sub[1], into);
                    }
                    _ => names(value, into),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| names(value, into)),
        _ => {}
    }
}
