//! Raw HTML as tokens, and what the sanitiser keeps of it.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use html5ever::interface::TokenizerResult;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use super::super::{embeds, sanitiser};
use crate::model::too_complex::MAX_TAG;

/// How much is tokenised before it is seen whether a tag ends, in bytes.
const PIECE: usize = 4 * 1024;

/// The tokens of a piece of raw HTML with their lines, from 1; none if a tag in it is longer than
/// [`MAX_TAG`].
pub(super) fn tokens(html: &str) -> Option<Vec<(u64, Token)>> {
    let tokens = Tokens::default();
    let tokenizer = Tokenizer::new(tokens, TokenizerOpts::default());
    let input = BufferQueue::default();
    let (mut rest, mut silent) = (html, 0);
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.floor_char_boundary(PIECE));
        input.push_back(StrTendril::from(piece));
        let before = tokenizer.sink.0.borrow().len();
        while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
        // A tag is compared with itself, attribute by attribute, until it ends.
        let is_silent = tokenizer.sink.0.borrow().len() == before;
        silent = if is_silent { silent + piece.len() } else { 0 };
        if silent > MAX_TAG {
            return None;
        }
        rest = after;
    }
    tokenizer.end();
    Some(tokenizer.sink.0.into_inner())
}

/// What the sanitiser keeps, asked once.
pub(super) struct Allowed {
    tags: HashSet<&'static str>,
    with_content: HashSet<&'static str>,
    everywhere: HashSet<&'static str>,
    of_tags: HashMap<&'static str, HashSet<&'static str>>,
    /// How the addresses of links and pictures may begin.
    pub(super) schemes: HashSet<&'static str>,
}

pub(super) static ALLOWED: LazyLock<Allowed> = LazyLock::new(|| {
    let sanitiser = sanitiser::new("");
    Allowed {
        tags: sanitiser.clone_tags(),
        with_content: sanitiser.clone_clean_content_tags(),
        everywhere: sanitiser.clone_generic_attributes(),
        of_tags: sanitiser.clone_tag_attributes(),
        schemes: sanitiser.clone_url_schemes(),
    }
});

impl Allowed {
    pub(super) fn drops_content(&self, tag: &str) -> bool {
        self.with_content.contains(tag) || tag == "iframe"
    }

    /// Whether a tag stays: a frame only if it is of a provider.
    pub(super) fn keeps_tag(&self, tag: &Tag) -> bool {
        let src = || tag.attrs.iter().find(|attribute| &*attribute.name.local == "src");
        let is_end = tag.kind == TagKind::EndTag;
        match &*tag.name {
            "iframe" => is_end || src().is_some_and(|src| embeds::of(&src.value).is_some()),
            name => self.tags.contains(name),
        }
    }

    pub(super) fn keeps(&self, tag: &str, attribute: &str) -> bool {
        self.everywhere.contains(attribute)
            || self.of_tags.get(tag).is_some_and(|attributes| attributes.contains(attribute))
    }
}

/// The tokens of a piece of HTML with their lines.
#[derive(Default)]
struct Tokens(RefCell<Vec<(u64, Token)>>);

impl TokenSink for Tokens {
    type Handle = ();

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<()> {
        let raw = match &token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => match &*tag.name {
                "script" => Some(RawKind::ScriptData),
                "style" | "xmp" | "iframe" | "noembed" | "noframes" => Some(RawKind::Rawtext),
                "textarea" | "title" => Some(RawKind::Rcdata),
                _ => None,
            },
            _ => None,
        };
        if !matches!(token, Token::ParseError(_)) {
            self.0.borrow_mut().push((line, token));
        }
        raw.map_or(TokenSinkResult::Continue, TokenSinkResult::RawData)
    }
}
