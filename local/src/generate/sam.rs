//! The generated block of `template.yaml`: per function its code, log group, role with exactly
//! the rights that it declares, and its route or stream.

mod policy;

use shared::endpoint::{Memory, Operation};
use shared::worker::{NewItems, Trigger, Worker};

use self::policy::{role, statement, statements};
use super::{GenerateError, Source, listing, pascal_case};

const BEGIN: &str = "  # BEGIN functions: written by `cargo gen` from the operations; do not edit";
const END: &str = "  # END functions";

pub(super) fn template(source: &Source<'_>) -> Result<String, GenerateError> {
    let operations = source.operations.iter().map(operation);
    let block: String = operations.chain(source.workers.iter().map(worker)).collect();
    source.with_block("template.yaml", BEGIN, END, &block)
}

fn operation(operation: &Operation) -> String {
    let id = pascal_case(operation.name);
    let (route, source) = if operation.is_default() {
        ("$default".to_owned(), "$default".to_owned())
    } else {
        // In the ARN of a route a parameter is a wildcard.
        let segments = operation.path.split('/');
        let segments: Vec<&str> =
            segments.map(|segment| if segment.starts_with('{') { "*" } else { segment }).collect();
        let method = &operation.method;
        (format!("{method} {}", operation.path), format!("{method}{}", segments.join("/")))
    };
    let comment = format!("{}: {route}", operation.name);
    let memory = match operation.memory {
        Memory::Standard => String::new(),
        memory @ Memory::Hashing => format!("      MemorySize: {}\n", memory.megabytes()),
    };
    let mut yaml = function(&comment, operation.name, &memory);
    yaml += &role(&id, &statements(&operation.grants()));
    yaml += &format!(
        "
  {id}Integration:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Api
      IntegrationType: AWS_PROXY
      IntegrationUri: !GetAtt {id}Function.Arn
      PayloadFormatVersion: \"2.0\"

  {id}Route:
    Type: AWS::ApiGatewayV2::Route
    Properties:
      ApiId: !Ref Api
      RouteKey: {route}
      Target: !Sub integrations/${{{id}Integration}}

  {id}Permission:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: !GetAtt {id}Function.Arn
      Principal: apigateway.amazonaws.com
      SourceArn: !Sub arn:${{AWS::Partition}}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{Api}}/*/{source}
"
    );
    yaml
}

fn worker(worker: &Worker) -> String {
    let comment = format!("{}: {}", worker.name, listing::trigger(worker));
    let yaml = function(&comment, worker.name, "      Timeout: 60\n");
    match worker.trigger {
        Trigger::NewItems(items) => yaml + &stream(worker, &items),
        Trigger::Every { minutes, .. } => yaml + &schedule(worker, minutes),
    }
}

fn stream(worker: &Worker, items: &NewItems) -> String {
    let id = pascal_case(worker.name);
    let table = items.table.logical_id();
    let mut rights = statement(
        "Stream",
        &[
            "dynamodb:DescribeStream",
            "dynamodb:GetRecords",
            "dynamodb:GetShardIterator",
            "dynamodb:ListStreams",
        ],
        &format!("!GetAtt {table}.StreamArn"),
    );
    rights += &statement("Failures", &["sqs:SendMessage"], "!GetAtt WorkerFailures.Arn");
    rights += &statements(worker.grants);
    let filter = serde_json::json!({
        "eventName": ["INSERT"],
        "dynamodb": { "Keys": { "sk": { "S": [{ "prefix": items.prefix }] } } },
    });
    role(&id, &rights)
        + &format!(
            "
  {id}Source:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: !GetAtt {id}Function.Arn
      EventSourceArn: !GetAtt {table}.StreamArn
      StartingPosition: TRIM_HORIZON
      FilterCriteria:
        Filters:
          - Pattern: '{filter}'
      BatchSize: 10
      FunctionResponseTypes:
        - ReportBatchItemFailures
      BisectBatchOnFunctionError: true
      MaximumRetryAttempts: 8
      MaximumRecordAgeInSeconds: 3600
      DestinationConfig:
        OnFailure:
          Destination: !GetAtt WorkerFailures.Arn
"
        )
}

fn schedule(worker: &Worker, minutes: u32) -> String {
    let id = pascal_case(worker.name);
    role(&id, &statements(worker.grants))
        + &format!(
            "
  {id}Schedule:
    Type: AWS::Events::Rule
    Properties:
      ScheduleExpression: rate({minutes} minutes)
      Targets:
        - Id: worker
          Arn: !GetAtt {id}Function.Arn

  {id}Permission:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: !GetAtt {id}Function.Arn
      Principal: events.amazonaws.com
      SourceArn: !GetAtt {id}Schedule.Arn
"
        )
}

fn function(comment: &str, name: &str, properties: &str) -> String {
    let id = pascal_case(name);
    format!(
        "
  # {comment}
  {id}Function:
    Type: AWS::Serverless::Function
    Metadata:
      SkipBuild: true
    Properties:
      CodeUri: target/lambda/{name}/
      Role: !GetAtt {id}Role.Arn
{properties}      LoggingConfig:
        LogGroup: !Ref {id}LogGroup

  {id}LogGroup:
    Type: AWS::Logs::LogGroup
    DeletionPolicy: Delete
    UpdateReplacePolicy: Delete
    Properties:
      LogGroupName: !Sub /aws/lambda/${{AWS::StackName}}/{name}
      RetentionInDays: !Ref LogRetentionDays
"
    )
}
