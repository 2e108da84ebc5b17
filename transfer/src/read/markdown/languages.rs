//! The languages of a site, as the folders of its posts show them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::super::source_context::Addresses;

/// The languages of ISO 639-1 that publications are written in, without those whose code is a common word.
const CODES: [&str; 62] = [
    "af", "ar", "az", "be", "bg", "bn", "bs", "ca", "cs", "cy", "da", "de", "el", "en", "eo", "es",
    "et", "eu", "fa", "fi", "fr", "ga", "gl", "gu", "he", "hi", "hr", "hu", "hy", "id", "is", "it",
    "ja", "ka", "kk", "km", "kn", "ko", "lt", "lv", "mk", "ml", "mr", "ms", "nb", "nl", "nn", "pa",
    "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sv", "ta", "th", "tr", "uk", "zh",
];

/// Adds the languages that files of one name, or folders beside each other, have in their names.
pub(super) fn add(addresses: &mut Addresses, root: &Path, files: &[PathBuf]) {
    let mut siblings: BTreeMap<&Path, BTreeSet<String>> = BTreeMap::new();
    let stems: BTreeSet<PathBuf> = files.iter().map(|file| file.with_extension("")).collect();
    let mut found: BTreeSet<String> = BTreeSet::new();
    for file in files {
        for folder in file.ancestors().skip(1).take_while(|folder| *folder != root) {
            let code = folder.file_name().and_then(|name| name.to_str()).and_then(code_of);
            if let (Some(code), Some(above)) = (code, folder.parent()) {
                siblings.entry(above).or_default().insert(code);
            }
        }
        // `hello.fr.md` beside `hello.md` or `hello.de.md`.
        let stem = file.with_extension("");
        let code = stem.extension().and_then(|code| code.to_str()).and_then(code_of);
        if let Some(code) = code {
            let name = stem.with_extension("");
            let others = CODES.iter().filter(|other| **other != code);
            let mut others = others.map(|other| name.with_extension(other));
            if stems.contains(&name) || others.any(|other| stems.contains(&other)) {
                found.insert(code);
            }
        }
    }
    found.extend(siblings.into_values().filter(|codes| codes.len() > 1).flatten());
    found.retain(|code| !addresses.languages.contains(code));
    addresses.languages.extend(found);
}

/// The code in `fr`, `pt-BR` or `zh_CN`, in small letters.
fn code_of(name: &str) -> Option<String> {
    let name = name.to_lowercase();
    let language = name.split(['-', '_']).next()?;
    let region = &name[language.len()..];
    let is_region = region.is_empty() || matches!(region.len(), 3 | 5);
    (CODES.contains(&language) && is_region).then(|| name.clone())
}
