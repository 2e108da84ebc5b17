//! The bucket of media, for pages that upload to it.

use std::time::Duration;

use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_s3::presigning::PresigningConfig;
use serde_json::Value;

use super::resources;
use crate::harness::events::root;

/// The value as it is in `eu-central-1`, with the API's own URL.
fn resolved(value: &Value) -> Value {
    let (name, inner) = match value {
        Value::Object(fields) if fields.len() == 1 => fields.iter().next().unwrap(),
        other => return other.clone(),
    };
    match (name.as_str(), resolved(&inner[0]), resolved(&inner[1])) {
        // Neither a public URL nor listed origins are configured.
        ("Fn::If", ..) => resolved(&inner[2]),
        ("Fn::GetAtt", ..) => "https://id.execute-api.eu-central-1.amazonaws.com".into(),
        ("Fn::Split", by, text) => {
            text.as_str().unwrap().split(by.as_str().unwrap()).map(Value::from).collect()
        }
        ("Fn::Select", at, from) => from[usize::try_from(at.as_u64().unwrap()).unwrap()].clone(),
        ("Fn::Join", by, parts) => {
            let parts = parts.as_array().unwrap().iter().map(resolved);
            let parts: Vec<String> = parts.map(|part| part.as_str().unwrap().to_owned()).collect();
            parts.join(by.as_str().unwrap()).into()
        }
        _ => value.clone(),
    }
}

/// The Desk's pages upload, whether or not other websites may.
#[test]
fn the_bucket_takes_uploads_of_the_desk() {
    let Some(resources) = resources() else { return };
    let bucket = &resources["MediaBucket"]["Properties"];
    let rules = bucket["CorsConfiguration"]["CorsRules"].as_array().unwrap();
    let origins = rules[0]["AllowedOrigins"].as_array().unwrap();
    let origins: Vec<Value> = origins.iter().map(resolved).collect();
    assert_eq!(origins, ["https://id.execute-api.eu-central-1.amazonaws.com"]);
    assert_eq!(rules[0]["AllowedMethods"], serde_json::json!(["PUT"]));
    let headers = serde_json::json!(["content-type", "if-none-match"]);
    assert_eq!(rules[0]["AllowedHeaders"], headers);
    // The other rule is that of CorsOrigins, if there are any.
    assert_eq!(rules[1]["Fn::If"][0], "HasCorsOrigins");
    assert_eq!(rules.len(), 2);
}

/// The pages that upload may connect to this place alone.
#[tokio::test]
async fn uploads_are_signed_to_where_the_template_says() {
    let template = std::fs::read_to_string(root().join("template.yaml")).unwrap();
    let line = template.lines().find(|line| line.contains("BYLINE_UPLOAD_URL:")).unwrap();
    let configured = line.split("!Sub ").nth(1).unwrap();
    for (region, suffix) in [
        ("eu-central-1", "amazonaws.com"),
        ("us-east-1", "amazonaws.com"),
        ("cn-north-1", "amazonaws.com.cn"),
    ] {
        let config = aws_sdk_s3::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(region))
            .credentials_provider(Credentials::new("key", "secret", None, None, "test"))
            .build();
        let put = aws_sdk_s3::Client::from_conf(config).put_object();
        let valid = PresigningConfig::expires_in(Duration::from_secs(900)).unwrap();
        let put = put.bucket("byline-mediabucket-1a2b3c").key("pending/a/b.gif");
        let signed = put.presigned(valid).await.unwrap();
        let expected = configured
            .replace("${MediaBucket}", "byline-mediabucket-1a2b3c")
            .replace("${AWS::Region}", region)
            .replace("${AWS::URLSuffix}", suffix);
        assert!(signed.uri().starts_with(&format!("{expected}/pending/")), "{}", signed.uri());
    }
}
