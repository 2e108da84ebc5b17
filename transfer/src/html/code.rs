//! Blocks of code.

use std::rc::Rc;

use super::dom::{self, Node};

/// `pre`, with or without `code` in it.
pub(super) fn block(node: &Rc<Node>) -> String {
    let code = dom::text(node);
    let code = code.trim_end_matches('\n');
    let inner = dom::find(node, |node| dom::tag(node) == "code");
    let language = [Some(node), inner.as_ref()];
    let language = language.into_iter().flatten().find_map(|node| language_of(node));
    let runs = code.split(|char| char != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(runs.max(2) + 1);
    format!("{fence}{}\n{code}\n{fence}", language.unwrap_or_default())
}

/// The language of a code block, as the usual highlighters write it down.
fn language_of(node: &Node) -> Option<String> {
    let named = ["data-language", "data-lang", "data-enlighter-language", "lang"];
    let named = named.iter().find_map(|name| dom::attribute(node, name));
    let language = named.or_else(|| {
        let classes = dom::attribute(node, "class")?;
        let mut words = classes.split(|char: char| char.is_whitespace() || char == ';');
        while let Some(word) = words.next() {
            let prefixed = ["language-", "lang-", "brush:"];
            let language = prefixed.iter().find_map(|prefix| word.strip_prefix(prefix));
            match language {
                Some("") => return words.next().map(str::to_owned),
                Some(language) => return Some(language.to_owned()),
                None => {}
            }
        }
        None
    })?;
    let is_word = |char: char| char.is_ascii_alphanumeric() || "+#.-_".contains(char);
    language.chars().all(is_word).then(|| language.to_lowercase())
}
