//! How much work a parser of HTML has with a text, found out before the sanitiser is given it.
//!
//! Parsers repair what is broken, and some repairs take quadratic time or write far more than was
//! sent: elements deep in each other, formatting that comes back in every paragraph, text that is
//! moved out of tables. Only the parser itself knows, so it is the sanitiser's own, piece by piece,
//! with a tree that keeps nothing but depths.

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

/// How deep quotes, lists and elements may stand in each other. Parsers take quadratic time beyond.
pub(super) const MAX_DEPTH: usize = 100;

/// How long the HTML may be, in bytes: what a Lambda function may answer with, with room to spare.
pub(super) const MAX_HTML: usize = 2 * 1024 * 1024;

/// How long a tag or a comment of HTML may be, in bytes. Parsers compare every attribute of a tag
/// with those before it.
pub(super) const MAX_TAG: usize = 32 * 1024;

/// Which limit a text exceeds, in words for its author.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TooComplex {
    /// Too deep.
    #[error("Quotes, lists or HTML elements stand more than {MAX_DEPTH} deep in each other.")]
    Depth,
    /// Too much that a parser would have to repair.
    #[error(
        "Its HTML has too many elements, or too many that are not closed or stand where they may not."
    )]
    Repairs,
    /// A tag that is too long.
    #[error(
        "A tag or a comment of its HTML is longer than {MAX_TAG} bytes; put a large picture into a file."
    )]
    Tag,
    /// Too long.
    #[error("It renders to more than {MAX_HTML} bytes of HTML.")]
    Length,
}

/// How much is parsed before the bounds are looked at, in bytes.
const PIECE: usize = 4 * 1024;

/// How many elements may come of a text, with what repairs cost in elements.
const MAX_STEPS: usize = 300_000;

/// What it costs to move what stood in one element to another: all of it may stand one deeper.
const MOVE: usize = 300;

/// Holds rendered HTML to what a parser can do in time that grows with its length.
///
/// # Errors
/// Which bound it breaks.
pub(super) fn check(html: &str) -> Result<(), TooComplex> {
    check_html(html, MAX_DEPTH)
}

/// Holds HTML of any origin to what a parser can do in time that grows with its length, with at most
/// `max_depth` elements in each other.
///
/// # Errors
/// Which bound it breaks.
pub fn check_html(html: &str, max_depth: usize) -> Result<(), TooComplex> {
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
        let tally = &tokenizer.sink.builder.sink;
        // The root stands above all that is sent.
        if tally.deepest.get() > max_depth + 1 {
            return Err(TooComplex::Depth);
        }
        if tally.steps.get() > MAX_STEPS {
            return Err(TooComplex::Repairs);
        }
        // A tag is compared with itself, attribute by attribute, until it ends.
        let found = tokenizer.sink.tokens.replace(0);
        silent = if found == 0 { silent + piece.len() } else { 0 };
        if silent > MAX_TAG {
            return Err(TooComplex::Tag);
        }
        rest = after;
    }
    Ok(())
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
        self.builder.process_token(token, line)
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// An element, of which its place is all that is known.
struct Node {
    name: QualName,
    depth: Cell<usize>,
}

impl Node {
    fn new(name: LocalName) -> Rc<Self> {
        Self::of(QualName::new(None, ns!(html), name))
    }

    fn of(name: QualName) -> Rc<Self> {
        Rc::new(Self { name, depth: Cell::new(0) })
    }
}

/// The tree that is not built.
struct Tally {
    document: Rc<Node>,
    deepest: Cell<usize>,
    steps: Cell<usize>,
    elements: Cell<usize>,
    late_attributes: Cell<usize>,
}

impl Tally {
    fn new() -> Self {
        Self {
            document: Node::new(local_name!("")),
            deepest: Cell::new(0),
            steps: Cell::new(0),
            elements: Cell::new(0),
            late_attributes: Cell::new(0),
        }
    }

    fn count(&self, steps: usize) {
        self.steps.set(self.steps.get() + steps);
    }

    fn place(&self, child: &NodeOrText<Rc<Node>>, depth: usize) {
        if let NodeOrText::AppendNode(node) = child {
            node.depth.set(depth);
            self.deepest.set(self.deepest.get().max(depth));
        }
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

    fn create_element(&self, name: QualName, _: Vec<Attribute>, _: ElementFlags) -> Rc<Node> {
        self.elements.set(self.elements.get() + 1);
        self.count(1);
        Node::of(name)
    }

    fn create_comment(&self, _: StrTendril) -> Rc<Node> {
        Node::new(local_name!(""))
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Rc<Node> {
        Node::new(local_name!(""))
    }

    fn append(&self, parent: &Rc<Node>, child: NodeOrText<Rc<Node>>) {
        self.place(&child, parent.depth.get() + 1);
    }

    fn append_based_on_parent_node(
        &self,
        element: &Rc<Node>,
        above: &Rc<Node>,
        child: NodeOrText<Rc<Node>>,
    ) {
        self.count(1 + self.elements.get() / 64);
        self.place(&child, element.depth.get().max(above.depth.get() + 1));
    }

    fn append_before_sibling(&self, sibling: &Rc<Node>, child: NodeOrText<Rc<Node>>) {
        // The sibling is looked for among all that its parent holds.
        self.count(1 + self.elements.get() / 64);
        self.place(&child, sibling.depth.get());
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
