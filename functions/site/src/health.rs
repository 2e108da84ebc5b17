//! `GET /health`: whether the API answers. It touches nothing else.

use byline_shared::prelude::*;

/// Reports health.
pub struct Health;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<Health>(module_path!());

/// The state of the API.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Health")]
pub struct Output {
    /// Always `ok`.
    pub status: &'static str,
    /// The version of Byline.
    pub version: &'static str,
}

impl Representation for Output {}

impl Endpoint for Health {
    const NAME: &'static str = "health";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/health";
    const SUMMARY: &'static str = "Check that the API answers";
    const DESCRIPTION: &'static str = "It does not check the database.";

    type Auth = Public;
    type Input = NoInput;
    type Output = Json<Output>;

    fn example() -> Example<Self> {
        Example { input: NoInput {}, output: report() }
    }

    async fn handle(_: &Context, (): (), _: NoInput) -> Result<Json<Output>, Problem> {
        Ok(report())
    }
}

fn report() -> Json<Output> {
    Json(Output { status: "ok", version: env!("CARGO_PKG_VERSION") })
}
