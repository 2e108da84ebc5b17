//! Links that lead elsewhere than they say, and hosts that look like others.

use url::Url;

use super::excerpt::quoted;
use super::found::{At, Found};
use crate::model::FindingCode;

/// How much of a link's text is looked at, in bytes.
const LONGEST: usize = 2000;

/// Endings of file names that are top-level domains, too: `main.rs` in a link's text is no host.
const FILES: [&str; 16] = [
    "ai", "cc", "go", "js", "md", "mov", "net", "pl", "ps", "py", "rs", "sh", "so", "ts", "vi",
    "zip",
];

/// Compares the text of a link with where it leads.
pub(super) fn examine(text: &str, target: &str, at: Option<At>, found: &mut Found<'_>) {
    examine_host(target, at, found);
    let text = &text[..text.floor_char_boundary(LONGEST)];
    if let Some(mailbox) = target.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:")) {
        let address = target[mailbox.len()..].split('?').next().unwrap_or_default();
        if let Some(named) = named_mailbox(text)
            && !named.eq_ignore_ascii_case(address)
        {
            misleading(named, address, at, found);
        }
        return;
    }
    let Some(host) = host_of(target) else { return };
    for named in text.split_whitespace().filter_map(|word| named_host(word, text.trim() == word)) {
        if !is_same(&named, &host) {
            misleading(&named, &host, at, found);
        }
    }
}

/// Finds a host with letters outside of ASCII.
pub(super) fn examine_host(target: &str, at: Option<At>, found: &mut Found<'_>) {
    let Some(host) = host_of(target) else { return };
    if host.split('.').any(|label| label.starts_with("xn--")) {
        let message = format!(
            "A link leads to the host {host}, whose name has letters outside of ASCII in {}. It may \
             look like another host.",
            quoted(target)
        );
        found.add(FindingCode::ForeignHost, at, message);
    }
}

/// Finds a link that nobody sees, or that shows only while a picture loads.
pub(super) fn empty(target: &str, has_picture: bool, at: Option<At>, found: &mut Found<'_>) {
    let (what, who) = match has_picture {
        true => {
            ("A link around a picture without an alternative text", "Readers see the picture only")
        }
        false => ("A link without a text", "Readers do not see it"),
    };
    let message = format!(
        "{what} leads to {}. {who}; agents that read the Markdown see where it leads.",
        quoted(target)
    );
    found.add(FindingCode::EmptyLink, at, message);
}

fn misleading(named: &str, target: &str, at: Option<At>, found: &mut Found<'_>) {
    let message = format!(
        "The text of a link names {}, and the link leads to {}.",
        quoted(named),
        quoted(target)
    );
    found.add(FindingCode::MisleadingLink, at, message);
}

/// The host of an address, in ASCII.
fn host_of(target: &str) -> Option<String> {
    let absolute = match target.trim().strip_prefix("//") {
        Some(rest) => Url::parse(&format!("https://{rest}")),
        None => Url::parse(target.trim()),
    };
    absolute.ok()?.host_str().map(str::to_lowercase)
}

/// The host name in a link's text, if `word` is one. A host without a scheme and without `www.` counts only
/// if it is the whole text.
fn named_host(word: &str, is_all: bool) -> Option<String> {
    let word = word.trim_matches(|char: char| !char.is_alphanumeric() && !"/:.".contains(char));
    let lower = word.to_lowercase();
    for scheme in ["https://", "http://"] {
        if let Some(at) = lower.find(scheme) {
            return host_of(&lower[at..]);
        }
    }
    if lower.starts_with("www.") {
        return host_of(&format!("https://{lower}"));
    }
    if !is_all || lower.contains(['@', ':']) {
        return None;
    }
    let name = lower.split(['/', '?', '#']).next()?;
    let (labels, end) = name.rsplit_once('.')?;
    let is_label = |label: &str| {
        !label.is_empty() && label.chars().all(|char| char.is_alphanumeric() || char == '-')
    };
    let is_name = labels.split('.').all(is_label)
        && end.chars().count() >= 2
        && end.chars().all(char::is_alphabetic);
    // With a path behind it, it is an address whatever its ending.
    let is_file = FILES.contains(&end) && name.len() == lower.len();
    if is_name && !is_file { host_of(&format!("https://{name}")) } else { None }
}

fn named_mailbox(text: &str) -> Option<&str> {
    let word = text.split_whitespace().find(|word| word.contains('@'))?;
    let word = word.trim_matches(|char: char| !char.is_alphanumeric());
    let word = word.strip_prefix("mailto:").unwrap_or(word);
    word.split_once('@').is_some_and(|(_, host)| host.contains('.')).then_some(word)
}

/// Whether two names are of one host, or one is below the other.
fn is_same(a: &str, b: &str) -> bool {
    let below = |inner: &str, outer: &str| {
        inner.strip_suffix(outer).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    let (a, b) = (a.trim_start_matches("www."), b.trim_start_matches("www."));
    below(a, b) || below(b, a)
}
