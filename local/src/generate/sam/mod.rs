//! The generated blocks of `template.yaml`: the routes of the API; for each domain its log group; for each
//! function its code and role with exactly the permissions it declares, and a worker's stream or schedule.

mod api;
mod function_url;
mod policy;

use byline_shared::endpoint::{FunctionUrl, Memory, Operation};
use byline_shared::permission::Permission;
use byline_shared::worker::{NewItems, Trigger, Worker};

use self::policy::{role, statement, statements};
use super::listing;
use super::names::{domain, log_group_id, pascal_case};
use super::source::{GenerateError, Source, replace_block};

const FILE: &str = "template.yaml";
const BEGIN: &str = "  # BEGIN functions: written by `cargo gen` from the operations; do not edit";
const END: &str = "  # END functions";
const BEGIN_ROUTES: &str =
    "          # BEGIN routes: written by `cargo gen` from the operations; do not edit";
const END_ROUTES: &str = "          # END routes";

pub(super) fn template(source: &Source<'_>) -> Result<String, GenerateError> {
    let routes = api::paths(&source.operations);
    let template = source.with_block(FILE, BEGIN_ROUTES, END_ROUTES, &routes)?;
    let urls = &source.function_urls;
    let operations = source.operations.iter().map(|one| operation(one, urls));
    let mut functions: String = source.crates().into_iter().map(log_group).collect();
    functions.extend(operations);
    functions.extend(urls.iter().map(function_url::function));
    functions.extend(source.workers.iter().map(worker));
    functions += &schedule_role(&source.workers);
    replace_block(FILE, &template, BEGIN, END, &functions)
}

fn operation(operation: &Operation, urls: &[FunctionUrl]) -> String {
    let comment = format!("{}: {}", operation.name, api::route(operation));
    let mut properties = format!("      FunctionName: !Sub {}\n", api::function_name(operation));
    match operation.memory {
        Memory::Standard => {}
        memory @ Memory::Hashing => {
            properties += &format!("      MemorySize: {}\n", memory.megabytes());
        }
    }
    if let Some(seconds) = operation.seconds {
        properties += &format!("      Timeout: {seconds}\n");
    }
    properties += &environment(operation, urls);
    let domain = domain(operation.module);
    function(&comment, operation.name, domain, &properties)
        + &role(&pascal_case(operation.name), domain, &statements(&operation.permissions()))
}

/// The environment of an operation, besides what all have.
fn environment(operation: &Operation, urls: &[FunctionUrl]) -> String {
    let mut variables = String::new();
    if operation.permissions().contains(&Permission::Schedules) {
        variables += SCHEDULES;
    }
    for url in urls {
        if url.operations.iter().any(|behind| behind.name == operation.name) {
            variables += &function_url::variable(url);
        }
    }
    if variables.is_empty() {
        return variables;
    }
    format!("      Environment:\n        Variables:\n{variables}")
}

/// What an operation needs that creates schedules. Only those: the role refers to functions, so giving it to
/// all of them would be a circular dependency.
const SCHEDULES: &str = "          BYLINE_SCHEDULE_GROUP: !Ref ScheduleGroup
          BYLINE_SCHEDULE_TARGET: !GetAtt WorkerPublishFunction.Arn
          BYLINE_SCHEDULE_ROLE: !GetAtt ScheduleRole.Arn
";

/// Lambda retries a failed call twice within six hours, and then puts it into the queue of failures.
const CALLED: &str = "      Timeout: 60
      EventInvokeConfig:
        MaximumRetryAttempts: 2
        MaximumEventAgeInSeconds: 21600
        DestinationConfig:
          OnFailure:
            Type: SQS
            Destination: !GetAtt WorkerFailures.Arn
";

fn worker(worker: &Worker) -> String {
    let comment = format!("{}: {}", worker.name, listing::trigger(worker));
    let domain = domain(worker.module);
    if let Trigger::Called { .. } = worker.trigger {
        let failures = statement("Failures", &["sqs:SendMessage"], "!GetAtt WorkerFailures.Arn");
        let rights = failures + &statements(worker.permissions);
        return function(&comment, worker.name, domain, CALLED)
            + &role(&pascal_case(worker.name), domain, &rights);
    }
    let yaml = function(&comment, worker.name, domain, "      Timeout: 60\n");
    match worker.trigger {
        Trigger::Called { .. } => yaml,
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
    rights += &statements(worker.permissions);
    let filter = serde_json::json!({
        "eventName": ["INSERT"],
        "dynamodb": { "Keys": { "sk": { "S": [{ "prefix": items.prefix }] } } },
    });
    role(&id, domain(worker.module), &rights)
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
    role(&id, domain(worker.module), &statements(worker.permissions))
        + &format!(
            "
  {id}Schedule:
    Type: AWS::Scheduler::Schedule
    Properties:
      ScheduleExpression: rate({minutes} minutes)
      FlexibleTimeWindow:
        Mode: \"OFF\"
      Target:
        Arn: !GetAtt {id}Function.Arn
        RoleArn: !GetAtt ScheduleRole.Arn
        Input: \"{{}}\"
"
        )
}

/// The role of EventBridge Scheduler. It may call only the workers that run on a schedule.
fn schedule_role(workers: &[Worker]) -> String {
    let scheduled = workers.iter().filter(|worker| !matches!(worker.trigger, Trigger::NewItems(_)));
    let arns = scheduled.map(|worker| {
        format!("                  - !GetAtt {}Function.Arn\n", pascal_case(worker.name))
    });
    let arns: String = arns.collect();
    if arns.is_empty() {
        return arns;
    }
    format!(
        "
  # EventBridge Scheduler calls the workers with this role.
  ScheduleRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: \"2012-10-17\"
        Statement:
          - Effect: Allow
            Principal:
              Service: scheduler.amazonaws.com
            Action: sts:AssumeRole
            Condition:
              StringEquals:
                aws:SourceAccount: !Ref AWS::AccountId
      Policies:
        - PolicyName: invoke
          PolicyDocument:
            Version: \"2012-10-17\"
            Statement:
              - Sid: Workers
                Effect: Allow
                Action:
                  - lambda:InvokeFunction
                Resource:
{arns}"
    )
}

/// One log group for all functions of a domain: a group for each would take a third of a stack's
/// resources. Lambda puts the function's name into the names of the streams.
fn log_group(domain: &str) -> String {
    let id = log_group_id(domain);
    format!(
        "
  {id}:
    Type: AWS::Logs::LogGroup
    DeletionPolicy: Delete
    UpdateReplacePolicy: Delete
    Properties:
      LogGroupName: !Sub /aws/lambda/${{AWS::StackName}}/{domain}
      RetentionInDays: !Ref LogRetentionDays
"
    )
}

fn function(comment: &str, name: &str, domain: &str, properties: &str) -> String {
    let (id, log_group) = (pascal_case(name), log_group_id(domain));
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
        LogGroup: !Ref {log_group}
"
    )
}
