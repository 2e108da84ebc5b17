//! The metadata of a conversation: texts by name, of which `title` and `mode` mean something to Byline.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::auth::Caller;
use crate::http::problem::{FieldError, Problem};
use crate::model::{
    AgentMode, ConversationMetadata, ConversationTitle, MetadataName, MetadataText, Patch,
};
use crate::store::conversations::ConversationHead;

/// How many pairs a client may keep, besides `title` and `mode`: as many as OpenAI allows.
const MAX_PAIRS: usize = 16;

/// The name of the title among the pairs.
const TITLE: &str = "title";

/// The name of the mode among the pairs.
const MODE: &str = "mode";

/// What somebody wants to be kept with a conversation.
#[derive(Debug, Default)]
pub(super) struct Fields {
    pub(super) title: Patch<ConversationTitle>,
    pub(super) mode: Option<AgentMode>,
    pub(super) pairs: BTreeMap<String, String>,
}

/// Reads what was sent.
///
/// # Errors
/// 422 with every fault. 403 for a mode in which the agent might do what the caller may not.
pub(super) fn read(caller: &Caller, sent: ConversationMetadata) -> Result<Fields, Problem> {
    let ConversationMetadata(sent) = sent;
    let of_clients = sent.keys().filter(|name| ![TITLE, MODE].contains(&name.as_str())).count();
    if of_clients > MAX_PAIRS {
        let message = format!("Must have at most {MAX_PAIRS} pairs besides title and mode.");
        return Err(Problem::invalid_field("metadata", "too_many", message));
    }
    let (mut fields, mut faults) = (Fields::default(), Vec::new());
    for (name, value) in sent {
        if let Err((code, message)) = fields.take(&name, value) {
            faults.push(fault(&name, code, message));
        }
    }
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    if let Some(mode) = fields.mode {
        require_mode(caller, mode)?;
    }
    Ok(fields)
}

/// Refuses a mode in which the agent might do what the caller may not: to choose it, and to say something in a
/// conversation that has it, since the agent acts on all that was said before.
///
/// # Errors
/// 403.
pub(super) fn require_mode(caller: &Caller, mode: AgentMode) -> Result<(), Problem> {
    mode.scope().map_or(Ok(()), |scope| caller.require(scope))
}

impl Fields {
    /// Takes a pair.
    ///
    /// # Errors
    /// The code and the message of its fault.
    fn take(&mut self, name: &str, value: Value) -> Result<(), (&'static str, String)> {
        // OpenAI's SDKs send texts alone, so an empty title removes it as null does.
        if name == TITLE && (value.is_null() || value == "") {
            self.title = Patch::Clear;
            return Ok(());
        }
        let Value::String(text) = value else {
            return Err(("invalid_type", "Must be a string.".to_owned()));
        };
        let form = |error: crate::model::TextError| ("invalid_format", error.to_string());
        match name {
            TITLE => self.title = Patch::Set(text.parse().map_err(form)?),
            MODE => {
                let known = AgentMode::ALL.into_iter().find(|mode| mode.as_str() == text);
                let names = AgentMode::ALL.map(AgentMode::as_str).join(", ");
                let refused = || ("not_allowed", format!("Must be one of {names}."));
                self.mode = Some(known.ok_or_else(refused)?);
            }
            _ => {
                let in_name = |error| (form(error).0, format!("Its name is not valid. {error}"));
                name.parse::<MetadataName>().map_err(in_name)?;
                let text: MetadataText = text.parse().map_err(form)?;
                self.pairs.insert(name.to_owned(), text.as_str().to_owned());
            }
        }
        Ok(())
    }
}

/// A fault of a pair. A long name is not repeated.
fn fault(name: &str, code: &str, message: String) -> FieldError {
    let name = name.replace('~', "~0").replace('/', "~1");
    let pointer = match name.chars().count() {
        0..=64 => format!("/metadata/{name}"),
        _ => "/metadata".to_owned(),
    };
    FieldError { pointer, code: code.to_owned(), message }
}

/// The pairs that a conversation shows.
pub(super) fn shown(head: &ConversationHead) -> BTreeMap<String, String> {
    let mut pairs = head.metadata.clone();
    pairs.insert(MODE.to_owned(), head.mode.as_str().to_owned());
    if let Some(title) = &head.title {
        pairs.insert(TITLE.to_owned(), title.as_str().to_owned());
    }
    pairs
}
