//! The paths in a macro's tokens, which are no syntax tree.

use proc_macro2::{TokenStream, TokenTree};

use super::imports::Segments;

/// The paths that begin with `crate`, each with its line.
pub(super) fn paths(tokens: TokenStream) -> Vec<(usize, Segments)> {
    let mut found = Vec::new();
    collect(tokens, &mut found);
    found.retain(|(_, path)| path.len() > 1);
    found
}

fn collect(tokens: TokenStream, found: &mut Vec<(usize, Segments)>) {
    // Whether the path goes on: behind one of its names with `::`, and behind that with a name.
    let (mut is_path, mut is_open) = (false, false);
    for token in tokens {
        match token {
            TokenTree::Ident(name) if name == "crate" => {
                found.push((name.span().start().line, vec![name.to_string()]));
                (is_path, is_open) = (true, false);
            }
            TokenTree::Ident(name) => {
                is_path &= is_open;
                if let Some((_, path)) = found.last_mut().filter(|_| is_path) {
                    path.push(name.to_string());
                }
                is_open = false;
            }
            TokenTree::Punct(mark) if mark.as_char() == ':' => is_open = is_path,
            other => {
                (is_path, is_open) = (false, false);
                if let TokenTree::Group(group) = other {
                    collect(group.stream(), found);
                }
            }
        }
    }
}
