//! Prefixed ULIDs: `post_01JD9Z…`. They sort by creation time and say what they name.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use super::Time;
use crate::crypto::random;

/// The text after the prefix: 26 characters of Crockford's base 32.
pub(super) const ULID_PATTERN: &str = "[0-7][0-9A-HJKMNP-TV-Z]{25}";

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String")]
        pub struct $name(String);

        impl $name {
            /// A new id, random in all but its time.
            #[must_use]
            pub fn new(now: Time) -> Self {
                let random = u128::from_be_bytes(random::bytes());
                Self::from_ulid(Ulid::from_parts(now.as_millis().max(0).unsigned_abs(), random))
            }

            /// The id with this ULID.
            #[must_use]
            pub fn from_ulid(ulid: Ulid) -> Self {
                Self(format!(concat!($prefix, "_{}"), ulid))
            }

            /// The ULID behind the prefix.
            #[must_use]
            pub fn ulid(&self) -> Ulid {
                Ulid::from_string(&self.0[$prefix.len() + 1..])
                    .expect("an id holds a valid ULID from its construction")
            }

            /// The whole id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = &'static str;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                let error = concat!("not an id of the form ", $prefix, "_<ULID>");
                let ulid = text.strip_prefix(concat!($prefix, "_")).ok_or(error)?;
                let canonical = Ulid::from_string(ulid).map_err(|_| error)?.to_string();
                if canonical == ulid { Ok(Self(text)) } else { Err(error) }
            }
        }

        impl std::str::FromStr for $name {
            type Err = &'static str;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.to_owned().try_into()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({
                    "type": "string",
                    "pattern": format!(concat!("^", $prefix, "_{}$"), ULID_PATTERN),
                    "x-error": concat!("Must be an id of the form ", $prefix, "_<ULID>."),
                })
            }
        }
    };
}

id!(
    /// A user account.
    UserId, "user"
);
id!(
    /// A post.
    PostId, "post"
);
id!(
    /// One immutable state of a post's text.
    RevisionId, "rev"
);
id!(
    /// A change that waits for a person's word.
    ProposalId, "prop"
);
id!(
    /// The schedule of a revision.
    ScheduleId, "sched"
);
id!(
    /// An entry in the history of what readers saw.
    PublicationId, "pub"
);
id!(
    /// A link that shows a post before it is published.
    PreviewLinkId, "preview"
);
id!(
    /// A change that is carried to every post it concerns.
    PropagationJobId, "job"
);
id!(
    /// A tag, under whatever slug: one that is made anew under the slug of a removed one is another.
    TagId, "tag"
);
id!(
    /// An uploaded file.
    MediaId, "media"
);
id!(
    /// One sign-in of a user.
    SessionId, "sess"
);
id!(
    /// A sign-up that waits for its address to be confirmed.
    RegistrationId, "reg"
);
id!(
    /// An invitation of an address.
    InvitationId, "inv"
);
id!(
    /// A mail in the outbox.
    MailId, "mail"
);
id!(
    /// An entry of the audit log.
    AuditId, "audit"
);
id!(
    /// An API key.
    ApiKeyId, "key"
);
id!(
    /// A passkey. It is made of the credential id, so it does not sort by time.
    PasskeyId, "passkey"
);
id!(
    /// A change of an account's address that waits for both addresses.
    EmailChangeId, "echg"
);
id!(
    /// One authorization of an app. It is a session: both ids have the same ULID.
    GrantId, "grant"
);
id!(
    /// A registered OAuth client (RFC 7591).
    OAuthClientId, "client"
);
id!(
    /// A conversation with the built-in agent.
    ConversationId, "conv"
);
id!(
    /// A message or call of a conversation.
    ConversationItemId, "item"
);
id!(
    /// A signing key (`kid`).
    KeyId, "kid"
);

impl ConversationId {
    /// The id that is made of these texts: the same for the same ones. It does not sort by time.
    #[must_use]
    pub fn derived(texts: &[&str]) -> Self {
        let texts: Vec<&[u8]> = texts.iter().map(|text| text.as_bytes()).collect();
        let digest = aws_lc_rs::digest::digest(
            &aws_lc_rs::digest::SHA256,
            &crate::crypto::message::message("conversation", &texts),
        );
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest.as_ref()[..16]);
        Self::from_ulid(Ulid::from_bytes(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_other_prefixes_and_spellings() {
        let id = PostId::new(Time::from_millis(1));
        assert_eq!(id.as_str().parse::<PostId>(), Ok(id.clone()));
        assert!(id.as_str().parse::<UserId>().is_err());
        assert!(id.as_str().to_lowercase().parse::<PostId>().is_err());
        assert!("post_".parse::<PostId>().is_err());
    }
}
