//! The addresses of posts in Ghost's `routes.yaml`, which is beside the export or in `content/settings`.

use std::path::Path;

use super::super::bounded_yaml;
use super::super::clean::text_of;
use crate::model::Skipped;
use crate::source_folder::{MAX_SETTINGS, SourceFolder};

/// The pattern of the posts that no filter takes out, and why the file is not read, if it is not.
pub(super) fn pattern(export: &Path, content: Option<&Path>) -> (Option<String>, Option<Skipped>) {
    let beside = export.parent().map(Path::to_owned);
    let inside = content.map(|content| content.join("settings"));
    let mut files = beside.into_iter().chain(inside).map(|folder| folder.join("routes.yaml"));
    let Some(file) = files.find(|file| file.is_file()) else { return (None, None) };
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let text = SourceFolder::open(folder.unwrap_or(Path::new(".")))
        .map_err(|why| why.to_string())
        .and_then(|folder| folder.read_text(&file, MAX_SETTINGS).map_err(|why| why.to_string()));
    let routes = text.and_then(|text| bounded_yaml::from_str(&text).map_err(|why| why.to_string()));
    let routes = match routes {
        Ok(routes) => routes,
        Err(why) => {
            let what =
                Skipped::new(file.display().to_string(), format!("it cannot be read: {why}"));
            return (None, Some(what));
        }
    };
    let collections = routes.get("collections").and_then(|all| all.as_object());
    let pattern = collections.into_iter().flat_map(|all| all.values()).find_map(|one| {
        if one.get("filter").is_some_and(|filter| !filter.is_null()) {
            return None;
        }
        let pattern = text_of(one.get("permalink")?)?;
        Some(pattern.replace('{', ":").replace('}', ""))
    });
    (pattern, None)
}
