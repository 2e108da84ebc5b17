//! A function with a URL of its own. There is none without the agent.

use byline_shared::endpoint::FunctionUrl;

use super::policy::{role_if, statements};
use crate::generate::listing;
use crate::generate::names::{domain, log_group_id, pascal_case};

const CONDITION: &str = "    Condition: HasAgent\n";

/// The function with its role. SAM makes the URL, and the permissions that let everybody call it.
///
/// It has no name of its own: the API's role may call what has one.
pub(super) fn function(url: &FunctionUrl) -> String {
    let (name, domain) = (url.fallback.name, domain(url.fallback.module));
    let (id, log_group) = (pascal_case(name), log_group_id(domain));
    let seconds = url.fallback.seconds.map(|seconds| format!("      Timeout: {seconds}\n"));
    let function = format!(
        "
  # {name}: {behind}
  {id}Function:
    Type: AWS::Serverless::Function
{CONDITION}    Metadata:
      SkipBuild: true
    Properties:
      CodeUri: target/lambda/{name}/
      Role: !GetAtt {id}Role.Arn
{seconds}      # A Function URL has no limit on requests.
      ReservedConcurrentExecutions: !If [Reserves{id}, !Ref {id}Concurrency, !Ref AWS::NoValue]
      # No `Cors`: the function answers preflights, as behind the API.
      FunctionUrlConfig:
        AuthType: NONE
        InvokeMode: RESPONSE_STREAM
      LoggingConfig:
        LogGroup: !Ref {log_group}
",
        behind = listing::behind(url),
        seconds = seconds.unwrap_or_default(),
    );
    function + &role_if(CONDITION, &id, domain, &statements(&url.permissions()))
}

/// Tells the operations behind the API where the URL is. The function at the URL cannot be told: it would
/// depend on itself.
pub(super) fn variable(url: &FunctionUrl) -> String {
    let id = pascal_case(url.fallback.name);
    format!(
        "          BYLINE_AGENT_URL: !If [HasAgent, !Sub \"${{{id}FunctionUrl.FunctionUrl}}v1\", \"\"]\n"
    )
}
