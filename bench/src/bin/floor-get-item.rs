//! The floor of a function with a database: the Lambda runtime, the SDK, and one `GetItem`. It
//! answers with one attribute of the item, as it stands there.

use aws_config::BehaviorVersion;
use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use lambda_http::{Body, Error, Request, Response, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let table = std::env::var("FLOOR_TABLE")?;
    let (pk, sk) = (std::env::var("FLOOR_PK")?, std::env::var("FLOOR_SK")?);
    let settings = aws_config::defaults(BehaviorVersion::latest())
        .credentials_provider(EnvironmentVariableCredentialsProvider::new())
        .load()
        .await;
    let client = Client::new(&settings);
    let (client, table, pk, sk) = (&client, &table, &pk, &sk);
    run(service_fn(move |_: Request| answer(client, table, pk, sk))).await
}

async fn answer(client: &Client, table: &str, pk: &str, sk: &str) -> Result<Response<Body>, Error> {
    let request = client.get_item().table_name(table).key("pk", AttributeValue::S(pk.to_owned()));
    let answer = request.key("sk", AttributeValue::S(sk.to_owned())).send().await?;
    let mut item = answer.item.ok_or("the item is not there")?;
    let Some(AttributeValue::M(mut page)) = item.remove("page") else {
        return Err("the item has no page".into());
    };
    let Some(AttributeValue::S(text)) = page.remove("body_html") else {
        return Err("the page has no text".into());
    };
    Ok(Response::new(Body::from(text)))
}
