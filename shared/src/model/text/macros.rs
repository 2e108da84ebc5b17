//! What every type of text has: its limits, and how it is read, written and described.

macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $limits:expr) => {
        $(#[$doc])*
        // Reading stored text does not check it: a limit that is new must not make old posts unreadable.
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps text that is already within the limits: stored or generated text. Make text from
            /// anywhere else with [`str::parse`] or `try_from`; input of endpoints comes through the
            /// schema.
            #[must_use]
            pub fn trusted(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            fn check(text: &str) -> Result<(), TextError> {
                static PATTERN: OnceLock<Regex> = OnceLock::new();
                $limits.check(text, &PATTERN)
            }
        }

        impl FromStr for $name {
            type Err = TextError;

            fn from_str(text: &str) -> Result<Self, TextError> {
                Self::check(text).map(|()| Self(text.to_owned()))
            }
        }

        impl TryFrom<String> for $name {
            type Error = TextError;

            fn try_from(text: String) -> Result<Self, TextError> {
                Self::check(&text).map(|()| Self(text))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        text!(@schema $name, $limits);
    };
    (@schema $name:ident, $limits:expr) => {
        impl JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                $limits.schema()
            }
        }
    };
}

macro_rules! secret {
    ($(#[$doc:meta])* $name:ident, $limits:expr) => {
        $(#[$doc])*
        #[derive(Clone, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps a secret.
            #[must_use]
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The secret itself.
            #[must_use]
            pub fn expose(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = TextError;

            fn from_str(text: &str) -> Result<Self, TextError> {
                static PATTERN: OnceLock<Regex> = OnceLock::new();
                $limits.check(text, &PATTERN).map(|()| Self(text.to_owned()))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }

        text!(@schema $name, $limits);
    };
}
