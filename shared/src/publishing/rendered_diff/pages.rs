//! A page as it is compared.

use super::ids;
use super::tree::{Element, Node, parse};

/// The page without the white space between blocks, and without the ids of its headings: they follow from their
/// texts, and belong to the post's own page. None if it is not well formed.
pub(super) fn prepared(html: &str) -> Option<String> {
    let tree = parse(html)?;
    let mut page = String::with_capacity(html.len());
    write(&tree, true, &mut page);
    Some(page)
}

/// `is_block` is whether the nodes stand in a block, where blanks at the ends are not shown.
fn write(nodes: &[Node<'_>], is_block: bool, page: &mut String) {
    for (at, node) in nodes.iter().enumerate() {
        match node {
            Node::Text(_) if node.is_blank() && is_unseen(nodes, at, is_block) => {}
            Node::Text(text) => page.push_str(text),
            // In code, every blank counts.
            Node::Element(Element { name: "pre", whole, .. }) => page.push_str(whole),
            Node::Element(element) => {
                page.push_str(&ids::without_of_heading(element.open));
                write(&element.children, element.is_block, page);
                page.push_str(element.close);
            }
        }
    }
}

/// Whether a blank has blocks, or the ends of one, on both sides.
fn is_unseen(nodes: &[Node<'_>], at: usize, is_block: bool) -> bool {
    let before = at.checked_sub(1).map(|before| &nodes[before]);
    let sides = [before, nodes.get(at + 1)];
    sides.iter().all(|side| side.map_or(is_block, Node::is_block))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_left_out_where_nobody_sees_them() {
        let page =
            prepared("<ul>\n<li>a <b>b</b> <i>c</i></li>\n</ul>\n<pre>\n x</pre>\n").unwrap();
        assert_eq!(page, "<ul><li>a <b>b</b> <i>c</i></li></ul><pre>\n x</pre>");
        assert_eq!(prepared("<p>a<b> </b>c</p>").unwrap(), "<p>a<b> </b>c</p>");
    }
}
