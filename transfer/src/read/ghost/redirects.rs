//! Ghost's own redirects: `redirects.json` or `redirects.yaml` beside the export or in
//! `content/data`.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use super::super::bounded_yaml::{self, YamlError};
use super::super::clean;
use crate::model::{Redirect, Skipped};
use crate::source_folder::{MAX_LIST, SourceFileError, SourceFolder};

#[derive(Deserialize)]
struct Rule {
    from: String,
    to: String,
}

/// The redirects, and those that are patterns.
pub(super) fn read(export: &Path, content: Option<&Path>) -> (Vec<Redirect>, Vec<Skipped>) {
    let beside = export.parent().map(Path::to_owned);
    let inside = content.map(|content| content.join("data"));
    let folders = beside.into_iter().chain(inside);
    let files = folders.flat_map(|folder| {
        ["redirects.yaml", "redirects.json"].map(|name| (folder.clone(), folder.join(name)))
    });
    let Some((folder, file)) = files.into_iter().find(|(_, file)| file.is_file()) else {
        return (Vec::new(), Vec::new());
    };
    let rules = match rules(&folder, &file) {
        Ok(rules) => rules,
        Err(why) => {
            let what = file.display().to_string();
            return (Vec::new(), vec![Skipped::new(what, why.to_string())]);
        }
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

/// Why the redirects of an export are not read.
#[derive(Debug, thiserror::Error)]
enum RedirectsError {
    /// The file.
    #[error(transparent)]
    File(#[from] SourceFileError),
    /// It is not what Ghost writes as JSON.
    #[error("{0}.")]
    Json(#[from] serde_json::Error),
    /// It is not what Ghost writes as YAML.
    #[error("{0}.")]
    Yaml(#[from] YamlError),
}

fn rules(folder: &Path, file: &Path) -> Result<Vec<Rule>, RedirectsError> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let source = SourceFolder::open(folder).map_err(SourceFileError::from)?;
    let text = source.read_text(file, MAX_LIST)?;
    match file.extension().is_some_and(|extension| extension == "json") {
        true => Ok(serde_json::from_str(&text)?),
        false => from_yaml(&text),
    }
}

/// Paths under the status that they are answered with.
fn from_yaml(text: &str) -> Result<Vec<Rule>, RedirectsError> {
    let by_status: BTreeMap<String, BTreeMap<String, String>> =
        serde_json::from_value(bounded_yaml::from_str(text)?)?;
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
