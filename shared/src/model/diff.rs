//! The difference between two revisions.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::RevisionId;
use crate::model::Representation;

/// The difference between two revisions.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Diff {
    /// The older revision; null if everything is new.
    pub from: Option<RevisionId>,
    /// The newer revision.
    pub to: RevisionId,
    /// The changed fields, without the body.
    pub fields: Vec<FieldChange>,
    /// The changed places of the body, each with three lines of context.
    pub hunks: Vec<Hunk>,
    /// The same changes as a unified diff.
    pub unified: String,
    /// Whether changes are missing: `hunks` and `unified` are cut after half a megabyte each.
    pub truncated: bool,
    /// Whether less is marked than usual, because comparing more would take too long: whole lines in
    /// place of words, or a long passage as replaced. All that differs is shown all the same.
    pub coarse: bool,
}

impl Representation for Diff {}

/// A changed field.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct FieldChange {
    /// The field's name.
    pub field: String,
    /// The old value.
    pub from: Value,
    /// The new value.
    pub to: Value,
}

/// A changed place of a body.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Hunk {
    /// The number of its first line in the older body, from 1.
    pub from_line: usize,
    /// The number of its first line in the newer body, from 1.
    pub to_line: usize,
    /// The lines, in order.
    pub lines: Vec<Line>,
}

/// A line of a hunk.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Line {
    /// Which body has the line.
    pub kind: LineKind,
    /// The line in pieces, which tell what changed within it.
    pub words: Vec<Word>,
}

/// Which body has a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum LineKind {
    /// In both.
    Equal,
    /// Only in the older body.
    Removed,
    /// Only in the newer body.
    Added,
}

/// A piece of a line.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Word {
    /// The text.
    pub text: String,
    /// Whether the other body's line differs here.
    pub changed: bool,
}
