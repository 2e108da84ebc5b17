//! How much work a parser of HTML has with a text, found out before the sanitiser is given it.
//!
//! Parsers repair what is broken, and some repairs take quadratic time or write far more than was
//! sent: elements deep in each other, formatting that comes back in every paragraph, text that is
//! moved out of tables. Only the parser itself knows, so it is the sanitiser's own, piece by piece,
//! with a tree that keeps nothing but depths.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::cell::Cell;
use std::rc::Rc;

use html5ever::interface::TokenizerResult;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use html5ever::tree_builder::{
    ElementFlags, NodeOrText, QuirksMode, TreeBuilder, TreeBuilderOpts, TreeSink,
};
use html5ever::{Attribute, ExpandedName, LocalName, QualName, local_name, ns};

use super::deadline::Deadline;
use super::escapes::Escapes;
use crate::model::too_complex::{MAX_DEPTH, MAX_TAG, TooComplex};

/// How much is parsed before the bounds are looked at, in bytes.
const PIECE: usize = 4 * 1024;

/// How many elements may come of a text, with what repairs cost in elements.
const MAX_STEPS: usize = 300_000;

/// How many bytes may be searched for signs to escape: a tenth of a second's work, and more than a
/// paragraph of 60,000 `&` needs.
const MAX_SEARCHED: usize = 2 << 30;

/// How many comparisons of attributes weigh as much as an element.
const COMPARED: usize = 256;

/// What it costs to move what stood in one element to another: all of it may stand one deeper.
const MOVE: usize = 300;

/// Holds the HTML of a post to what a parser can do in time that grows with its length.
///
/// # Errors
/// Which bound it breaks.
pub(super) fn check(html: &str, deadline: &Deadline) -> Result<(), TooComplex> {
    check_within(html, MAX_DEPTH, deadline)
}

/// The same for HTML of any origin, with at most `max_depth` elements in each other.
///
/// # Errors
/// Which bound it breaks.
pub fn check_html(html: &str, max_depth: usize) -> Result<(), TooComplex> {
    check_within(html, max_depth, &Deadline::of_rendering())
}

fn check_within(html: &str, max_depth: usize, deadline: &Deadline) -> Result<(), TooComplex> {
    let tally = Tally::new();
    let context = Node::new(local_name!("div"));
    let builder = TreeBuilder::new_for_fragment(tally, context, None, TreeBuilderOpts::default());
    let watch = Watch { builder, tokens: Cell::new(0) };
    let tokenizer = Tokenizer::new(watch, TokenizerOpts::default());
    let input = BufferQueue::default();
    let (mut rest, mut silent) = (html, 0);
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.floor_char_boundary(PIECE));
        input.push_back(StrTendril::from(piece));
        while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
        tokenizer.sink.builder.sink.is_within(max_depth)?;
        // A tag is compared with itself, attribute by attribute, until it ends.
        let found = tokenizer.sink.tokens.replace(0);
        silent = if found == 0 { silent + piece.len() } else { 0 };
        if silent > MAX_TAG {
            return Err(TooComplex::Tag);
        }
        if deadline.is_past() {
            return Err(TooComplex::Time);
        }
        rest = after;
    }
    // Text in a table waits for what follows it.
    tokenizer.end();
    tokenizer.sink.builder.sink.is_within(max_depth)
}

/// Counts the tokens on their way to the tree.
struct Watch {
    builder: TreeBuilder<Rc<Node>, Tally>,
    tokens: Cell<usize>,
}

impl TokenSink for Watch {
    type Handle = Rc<Node>;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Rc<Node>> {
        if !matches!(token, Token::ParseError(_)) {
            self.tokens.set(self.tokens.get() + 1);
        }
        if let Token::TagToken(tag) = &token {
            // Each of its attributes was compared with those before it.
            self.builder.sink.count(tag.attrs.len().pow(2) / 2 / COMPARED);
        }
        self.builder.process_token(token, line)
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// An element, of which its place is all that is known.
struct Node {
    name: QualName,
    depth: Cell<usize>,
    /// The text that it ends with so far.
    text: Cell<Escapes>,
}

impl Node {
    fn new(name: LocalName) -> Rc<Self> {
        Self::of(QualName::new(None, ns!(html), name))
    }

    fn of(name: QualName) -> Rc<Self> {
        Rc::new(Self { name, depth: Cell::new(0), text: Cell::default() })
    }
}

/// The tree that is not built.
struct Tally {
    document: Rc<Node>,
    deepest: Cell<usize>,
    steps: Cell<usize>,
    elements: Cell<usize>,
    late_attributes: Cell<usize>,
    searched: Cell<usize>,
    /// Text that was moved out of tables, as if all of it came to stand in one place.
    moved: Cell<Escapes>,
}

impl Tally {
    fn new() -> Self {
        Self {
            document: Node::new(local_name!("")),
            deepest: Cell::new(0),
            steps: Cell::new(0),
            elements: Cell::new(0),
            late_attributes: Cell::new(0),
            searched: Cell::new(0),
            moved: Cell::default(),
        }
    }

    /// Whether all that was found so far is within the bounds.
    fn is_within(&self, max_depth: usize) -> Result<(), TooComplex> {
        // The root stands above all that is sent.
        if self.deepest.get() > max_depth + 1 {
            return Err(TooComplex::Depth);
        }
        if self.steps.get() > MAX_STEPS {
            return Err(TooComplex::Repairs);
        }
        if self.searched.get() > MAX_SEARCHED {
            return Err(TooComplex::Escapes);
        }
        Ok(())
    }

    fn count(&self, steps: usize) {
        self.steps.set(self.steps.get() + steps);
    }

    /// Puts a child where it is `depth` deep and follows `text`.
    fn place(&self, child: &NodeOrText<Rc<Node>>, depth: usize, text: &Cell<Escapes>) {
        match child {
            NodeOrText::AppendNode(node) => {
                node.depth.set(depth);
                self.deepest.set(self.deepest.get().max(depth));
                text.take();
            }
            NodeOrText::AppendText(added) => {
                let mut escapes = text.get();
                self.search(escapes.follow(added));
                text.set(escapes);
            }
        }
    }

    fn search(&self, bytes: usize) {
        self.searched.set(self.searched.get() + bytes);
    }
}

impl TreeSink for Tally {
    type Handle = Rc<Node>;
    type Output = ();
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) {}

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Rc<Node> {
        Rc::clone(&self.document)
    }

    fn elem_name<'a>(&'a self, target: &'a Rc<Node>) -> ExpandedName<'a> {
        target.name.expanded()
    }

    fn create_element(
        &self,
        name: QualName,
        attributes: Vec<Attribute>,
        _: ElementFlags,
    ) -> Rc<Node> {
        self.elements.set(self.elements.get() + 1);
        self.count(1);
        self.search(attributes.iter().map(|attribute| Escapes::of(&attribute.value)).sum());
        Node::of(name)
    }

    fn create_comment(&self, _: StrTendril) -> Rc<Node> {
        Node::new(local_name!(""))
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Rc<Node> {
        Node::new(local_name!(""))
    }

    fn append(&self, parent: &Rc<Node>, child: NodeOrText<Rc<Node>>) {
        self.place(&child, parent.depth.get() + 1, &parent.text);
    }

    fn append_based_on_parent_node(
        &self,
        element: &Rc<Node>,
        above: &Rc<Node>,
        child: NodeOrText<Rc<Node>>,
    ) {
        self.count(1 + self.elements.get() / 64);
        let depth = element.depth.get().max(above.depth.get() + 1);
        self.place(&child, depth, &self.moved);
    }

    fn append_before_sibling(&self, sibling: &Rc<Node>, child: NodeOrText<Rc<Node>>) {
        // The sibling is looked for among all that its parent holds.
        self.count(1 + self.elements.get() / 64);
        self.place(&child, sibling.depth.get(), &self.moved);
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &Rc<Node>) -> Rc<Node> {
        Rc::clone(target)
    }

    fn same_node(&self, x: &Rc<Node>, y: &Rc<Node>) -> bool {
        Rc::ptr_eq(x, y)
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn add_attrs_if_missing(&self, _: &Rc<Node>, attributes: Vec<Attribute>) {
        // They are compared with all that are there.
        self.late_attributes.set(self.late_attributes.get() + attributes.len());
        self.count(self.late_attributes.get());
    }

    fn remove_from_parent(&self, _: &Rc<Node>) {}

    fn reparent_children(&self, _: &Rc<Node>, _: &Rc<Node>) {
        self.count(MOVE);
    }
}
