//! The parameter `include`: names of further data, with commas between them.

/// A type for the parameter of one operation, with the names to choose from.
macro_rules! include_parameter {
    ($(#[$doc:meta])* $name:ident, $first:literal $(, $other:literal)+) => {
        $(#[$doc])*
        #[derive(serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            fn names(&self, part: &str) -> bool {
                self.0.split(',').any(|name| name == part)
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let names = concat!($first $(, "|", $other)+);
                schemars::json_schema!({
                    "type": "string",
                    "maxLength": 50,
                    "pattern": format!("^({names})(,({names}))*$"),
                    "x-error": concat!(
                        "Must be one of these, or several with commas between: ",
                        $first $(, ", ", $other)+, "."
                    ),
                })
            }
        }
    };
}

pub(crate) use include_parameter;
