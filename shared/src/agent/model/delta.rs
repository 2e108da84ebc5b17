//! What a model answers.

/// A piece of an answer. Servers name calls by ids of their own, or not at all; here a call has a number
/// in its answer, and its id is that of the item that it becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::agent) enum Delta {
    /// More text.
    Text(String),
    /// A call begins. If it comes again for the same call, the name was not known before.
    CallStart {
        /// Its number in the answer, from 0.
        index: usize,
        /// The name of the tool, as the model wrote it.
        name: String,
    },
    /// More of the arguments of a call that has begun.
    CallArguments {
        /// The number of the call.
        index: usize,
        /// The next part of the JSON text.
        fragment: String,
    },
    /// Why the answer ends. Only [`Delta::Usage`] may follow.
    Stop(StopReason),
    /// What the answer took. Some servers do not tell.
    Usage(Usage),
}

/// Why an answer ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::agent) enum StopReason {
    /// It is complete. Calls may be in it.
    Done,
    /// It has reached the limit of tokens: its last call is broken, if it has calls.
    Length,
    /// The server withheld the rest.
    Filtered,
}

/// What an answer took, in tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::agent) struct Usage {
    /// Of the request.
    pub(in crate::agent) input: u64,
    /// Of these, the ones that the server had kept from an earlier request.
    pub(in crate::agent) cached: u64,
    /// Of the answer, if the server says it.
    pub(in crate::agent) output: Option<u64>,
    /// Of these, the ones that the model thought with.
    pub(in crate::agent) reasoning: u64,
}
