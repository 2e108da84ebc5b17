//! Inputs that many endpoints share.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The input of an endpoint that takes none.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoInput {}
