//! The generated blocks of `template.yaml`: the routes of the API, and for each function its code, log
//! group and role with exactly the permissions it declares, and a worker's stream or schedule.

mod api;
mod policy;

use byline_shared::endpoint::{Memory, Operation};
use byline_shared::permission::Permission;
use byline_shared::worker::{NewItems, Trigger, Worker};

use self::policy::{role, statement, statements};
use super::listing;
use super::names::pascal_case;
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
    let operations = source.operations.iter().map(operation);
    let mut functions: String = operations.chain(source.workers.iter().map(worker)).collect();
    functions += &schedule_role(&source.workers);
    replace_block(FILE, &template, BEGIN, END, &functions)
}

fn operation(operation: &Operation) -> String {
    let comment = format!("{}: {}", operation.name, api::route_key(operation));
    let mut properties = format!("      FunctionName: !Sub {}\n", api::function_name(operation));
    match operation.memory {
        Memory::Standard => {}
        memory @ Memory::Hashing => {
            properties += &format!("      MemorySize: {}\n", memory.megabytes());
        }
    }
    if operation.permissions().contains(&Permission::Schedules) {
        properties += SCHEDULES;
    }
    function(&comment, operation.name, &properties)
        + &role(&pascal_case(operation.name), &statements(&operation.permissions()))
}

/// The environment of an operation that creates schedules. Only of those: the role refers to functions,
/// so giving it to all of them would be a circular dependency.
const SCHEDULES: &str = "      Environment:
        Variables:
          BYLINE_SCHEDULE_GROUP: !Ref ScheduleGroup
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
    if let Trigger::Called { .. } = worker.trigger {
        let failures = statement("Failures", &["sqs:SendMessage"], "!GetAtt WorkerFailures.Arn");
        let rights = failures + &statements(worker.permissions);
        return function(&comment, worker.name, CALLED) + &role(&pascal_case(worker.name), &rights);
    }
    let yaml = function(&comment, worker.name, "      Timeout: 60\n");
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
    role(&id, &statements(worker.permissions))
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
