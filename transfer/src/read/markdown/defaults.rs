//! Front matter that files have without naming it: Jekyll's `defaults`, and what Hugo's sections cascade.

use serde_json::{Map, Value};

use super::super::clean::text_of;

/// Values for the files of a place.
#[derive(Clone, Debug)]
pub(super) struct Defaults {
    /// The path that they begin with; empty for all.
    path: String,
    /// `posts`, `pages` or `drafts`; `None` for all.
    kind: Option<String>,
    values: Map<String, Value>,
}

impl Defaults {
    /// Those of the site's settings.
    pub(super) fn of(settings: &Map<String, Value>) -> Vec<Self> {
        let list = settings.get("defaults").and_then(Value::as_array);
        let jekyll = list.into_iter().flatten().filter_map(|entry| {
            let scope = entry.get("scope");
            let in_scope = |name: &str| text_of(scope?.get(name)?);
            let path = in_scope("path").unwrap_or_default();
            // A pattern holds from its first star on: rather too much than too little.
            let path = path.split('*').next().unwrap_or_default().trim_matches('/').to_owned();
            let values = entry.get("values")?.as_object()?.clone();
            Some(Self { path, kind: in_scope("type"), values })
        });
        let mut found: Vec<Self> = jekyll.collect();
        if let Some(cascade) = settings.get("cascade") {
            found.extend(Self::cascade(cascade, ""));
        }
        found
    }

    /// Those of the page of a section, for all that is below its folder.
    pub(super) fn cascade(cascade: &Value, folder: &str) -> Vec<Self> {
        let each = match cascade {
            Value::Array(each) => each.as_slice(),
            one => std::slice::from_ref(one),
        };
        let found = each.iter().filter_map(|entry| {
            let mut values = entry.as_object()?.clone();
            for target in ["_target", "target"] {
                values.shift_remove(target);
            }
            if let Some(Value::Object(params)) = values.shift_remove("params") {
                values.extend(params);
            }
            Some(Self { path: folder.trim_matches('/').to_owned(), kind: None, values })
        });
        found.collect()
    }

    fn holds(&self, path: &str, kind: &str) -> bool {
        let below = path.strip_prefix(self.path.as_str());
        let is_below = below.is_some_and(|rest| {
            rest.is_empty() || self.path.is_empty() || rest.starts_with(['/', '.', '-'])
        });
        let kinds = self.kind.as_deref();
        is_below && kinds.is_none_or(|own| own == kind || own.trim_end_matches('s') == kind)
    }
}

/// Gives front matter what it does not name. The longest path counts, and of two alike the later.
pub(super) fn fill(matter: &mut Map<String, Value>, all: &[Defaults], path: &str, kind: &str) {
    let mut holding: Vec<&Defaults> = all.iter().filter(|one| one.holds(path, kind)).collect();
    holding.sort_by_key(|one| one.path.len());
    let mut values = Map::new();
    for one in holding {
        values.extend(one.values.clone());
    }
    for (name, value) in values {
        if !matter.contains_key(&name) {
            matter.insert(name, value);
        }
    }
}
