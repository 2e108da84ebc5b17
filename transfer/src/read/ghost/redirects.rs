//! Ghost's own redirects: `redirects.json` or `redirects.yaml` beside the export or in
//! `content/data`.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use super::super::clean;
use crate::model::{Redirect, Skipped};

#[derive(Deserialize)]
struct Rule {
    from: String,
    to: String,
}

/// The redirects, and those that are patterns.
pub(super) fn read(export: &Path, content: Option<&Path>) -> (Vec<Redirect>, Vec<Skipped>) {
    let beside = export.parent().map(Path::to_owned);
    let inside = content.map(|content| content.join("data"));
    let folders: Vec<_> = beside.into_iter().chain(inside).collect();
    let files = folders
        .iter()
        .flat_map(|folder| ["redirects.yaml", "redirects.json"].map(|name| folder.join(name)));
    let Some(file) = files.into_iter().find(|file| file.is_file()) else {
        return (Vec::new(), Vec::new());
    };
    let name = file.display().to_string();
    let rules = match std::fs::read_to_string(&file) {
        Ok(text) if name.ends_with("json") => from_json(&text),
        Ok(text) => from_yaml(&text),
        Err(error) => Err(error.to_string()),
    };
    let rules = match rules {
        Ok(rules) => rules,
        Err(why) => return (Vec::new(), vec![Skipped::new(name, format!("{why}."))]),
    };
    let (mut redirects, mut skipped) = (Vec::new(), Vec::new());
    for rule in rules {
        match literal(&rule) {
            Some(from) => redirects.push(Redirect::path(from, rule.to)),
            None => skipped.push(Skipped::new(
                format!("the redirect {} \u{2192} {}", rule.from, rule.to),
                "it is a pattern; redirects here are from one path each.",
            )),
        }
    }
    (redirects, skipped)
}

fn from_json(text: &str) -> Result<Vec<Rule>, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

/// Paths under the status that they are answered with.
fn from_yaml(text: &str) -> Result<Vec<Rule>, String> {
    let by_status: BTreeMap<u16, BTreeMap<String, String>> =
        serde_yaml_ng::from_str(text).map_err(|error| error.to_string())?;
    let rules = by_status.into_values().flatten();
    Ok(rules.map(|(from, to)| Rule { from, to }).collect())
}

/// The path that a rule is about, where it is about one alone.
fn literal(rule: &Rule) -> Option<String> {
    let from = rule.from.strip_prefix('^').unwrap_or(&rule.from);
    let from = from.strip_suffix('$').unwrap_or(from);
    let from = from.strip_suffix("/?").unwrap_or(from).replace("\\/", "/").replace("\\.", ".");
    let is_pattern = from.contains(|char: char| "\\^$*+?()[]{}|".contains(char));
    let to = Value::from(rule.to.as_str());
    (!is_pattern && !rule.to.contains('$')).then_some(())?;
    clean::text_of(&to)?;
    clean::path(&from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_taken_and_patterns_are_not() {
        let rule = |from: &str, to: &str| Rule { from: from.into(), to: to.into() };
        assert_eq!(literal(&rule("^/old/?$", "/new")).as_deref(), Some("/old"));
        assert_eq!(literal(&rule("^\\/a\\.html$", "/new")).as_deref(), Some("/a.html"));
        assert_eq!(literal(&rule("^/(\\d+)/", "/$1")), None);
        let rules = from_yaml("301:\n  /a: /b\n302:\n  /c: https://d.example/\n").unwrap();
        assert_eq!(rules.len(), 2);
    }
}
