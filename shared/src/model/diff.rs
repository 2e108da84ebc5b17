//! The difference between two revisions.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::RevisionId;
use crate::model::Representation;

/// What differs between two revisions.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Diff {
    /// The older side; null for nothing at all.
    pub from: Option<RevisionId>,
    /// The newer side.
    pub to: RevisionId,
    /// The fields beside the body that differ.
    pub fields: Vec<FieldChange>,
    /// The places where the body differs, with three lines around each.
    pub hunks: Vec<Hunk>,
    /// The same places of the body in the unified format that `patch` reads.
    pub unified: String,
    /// Whether the body differs in more than is shown: `hunks` and `unified` end after half a
    /// megabyte each.
    pub truncated: bool,
}

impl Representation for Diff {}

/// A field that differs.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct FieldChange {
    /// Its name.
    pub field: String,
    /// What it was.
    pub from: Value,
    /// What it is.
    pub to: Value,
}

/// A place where two bodies differ.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Hunk {
    /// The first line of the older side that it shows, from 1.
    pub from_line: usize,
    /// The first line of the newer side that it shows, from 1.
    pub to_line: usize,
    /// The lines, in order.
    pub lines: Vec<Line>,
}

/// A line of a hunk.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Line {
    /// Which side has it.
    pub kind: LineKind,
    /// It, in pieces: those that were changed within the line are marked.
    pub words: Vec<Word>,
}

/// Which side has a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum LineKind {
    /// Both.
    Equal,
    /// The older alone.
    Removed,
    /// The newer alone.
    Added,
}

/// A piece of a line.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Word {
    /// The text.
    pub text: String,
    /// Whether the other side's line has another text here.
    pub changed: bool,
}
