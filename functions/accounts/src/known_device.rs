//! The device token in the responses of operations that end the earlier ones.

use byline_shared::model::Secret;
use byline_shared::prelude::*;

/// This device, as later sign-ins know it.
#[derive(Serialize, JsonSchema)]
pub struct KnownDevice {
    /// Send this with the next sign-in on this device, in place of an earlier one. It grants nothing by
    /// itself.
    pub device_token: Secret,
}

impl Representation for KnownDevice {}

impl KnownDevice {
    /// An example for the API description.
    pub(crate) fn example() -> Self {
        Self { device_token: Secret::new(byline_shared::examples::DEVICE_TOKEN) }
    }
}
