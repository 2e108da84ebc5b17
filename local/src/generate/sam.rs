//! The generated block of `template.yaml`: per function its code, log group, role with exactly
//! the rights that it declares, and its route or stream.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use shared::endpoint::{Action, Grant, Memory, ObjectAction, Objects, Operation, Table};
use shared::worker::{NewItems, Trigger, Worker};

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

fn role(id: &str, statements: &str) -> String {
    let logs = statement(
        "Logs",
        &["logs:CreateLogStream", "logs:PutLogEvents"],
        &format!("!GetAtt {id}LogGroup.Arn"),
    );
    format!(
        "
  {id}Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: \"2012-10-17\"
        Statement:
          - Effect: Allow
            Principal:
              Service: lambda.amazonaws.com
            Action: sts:AssumeRole
      Policies:
        - PolicyName: grants
          PolicyDocument:
            Version: \"2012-10-17\"
            Statement:
{logs}{statements}"
    )
}

fn statements(grants: &[Grant]) -> String {
    let mut yaml = String::new();
    for table in Table::ALL {
        let id = table.logical_id();
        let actions: BTreeSet<Action> = grants
            .iter()
            .filter_map(|grant| match grant {
                Grant::Table(granted, actions) if *granted == table => Some(*actions),
                _ => None,
            })
            .flatten()
            .copied()
            .collect();
        if !actions.is_empty() {
            let actions: Vec<String> =
                actions.iter().map(|action| format!("dynamodb:{}", action.as_str())).collect();
            let actions: Vec<&str> = actions.iter().map(String::as_str).collect();
            yaml += &statement(id, &actions, &format!("!GetAtt {id}.Arn"));
        }
        // One statement per prefix: the rights of one do not spread to the other.
        let mut by_prefix: BTreeMap<&str, BTreeSet<Action>> = BTreeMap::new();
        for grant in grants {
            if let Grant::Items(granted, prefix, actions) = grant
                && *granted == table
            {
                by_prefix.entry(prefix).or_default().extend(actions.iter().copied());
            }
        }
        for (prefix, actions) in by_prefix {
            let actions: Vec<String> =
                actions.iter().map(|action| format!("dynamodb:{}", action.as_str())).collect();
            let actions: Vec<&str> = actions.iter().map(String::as_str).collect();
            let name = prefix.trim_end_matches('#').to_ascii_lowercase().replace('_', "-");
            let sid = format!("{id}{}", pascal_case(&name));
            yaml += &statement(&sid, &actions, &format!("!GetAtt {id}.Arn"));
            yaml += "                Condition:\n                  ForAllValues:StringLike:\n";
            let _ = writeln!(yaml, "                    dynamodb:LeadingKeys: [\"{prefix}*\"]");
            // Of a request that names no key, ForAllValues alone would hold.
            yaml += "                  \"Null\":\n                    dynamodb:LeadingKeys: \"false\"\n";
        }
        for grant in grants {
            if let Grant::Index(granted, index) = grant
                && *granted == table
            {
                let resource = format!("!Sub ${{{id}.Arn}}/index/{index}");
                let sid = format!("{id}{}", pascal_case(index));
                yaml += &statement(&sid, &["dynamodb:Query"], &resource);
            }
        }
    }
    for objects in Objects::ALL {
        let actions: BTreeSet<ObjectAction> = grants
            .iter()
            .filter_map(|grant| match grant {
                Grant::Objects(granted, actions) if *granted == objects => Some(*actions),
                _ => None,
            })
            .flatten()
            .copied()
            .collect();
        if !actions.is_empty() {
            let actions: Vec<String> =
                actions.iter().map(|action| format!("s3:{}", action.as_str())).collect();
            let actions: Vec<&str> = actions.iter().map(String::as_str).collect();
            let prefix = objects.prefix();
            let sid = format!("{}Objects", pascal_case(prefix.trim_end_matches('/')));
            let resource = format!("!Sub ${{MediaBucket.Arn}}/{prefix}*");
            yaml += &statement(&sid, &actions, &resource);
        }
    }
    if grants.contains(&Grant::ListObjects) {
        yaml += &statement("ListObjects", &["s3:ListBucket"], "!GetAtt MediaBucket.Arn");
    }
    let rotates = grants.contains(&Grant::RotateTokenSecret);
    if grants.contains(&Grant::TokenSecret) {
        yaml += &parameter("TokenSecret", "token-secret", rotates);
    }
    if grants.contains(&Grant::AccountSecret) {
        yaml += &parameter("AccountSecret", "account-secret", false);
    }
    if grants.contains(&Grant::SendMail) {
        yaml += SEND_MAIL;
    }
    yaml
}

/// A secret may be read and made, and never replaced but by the one that rotates it.
fn parameter(sid: &str, name: &str, rotates: bool) -> String {
    let resource = format!(
        "!Sub arn:${{AWS::Partition}}:ssm:${{AWS::Region}}:${{AWS::AccountId}}:parameter/byline/${{IdentityTable}}/{name}"
    );
    let mut yaml = statement(&format!("Read{sid}"), &["ssm:GetParameter"], &resource);
    yaml += &statement(&format!("Make{sid}"), &["ssm:PutParameter"], &resource);
    if !rotates {
        yaml += "                Condition:\n                  StringNotEquals:\n";
        yaml += "                    ssm:Overwrite: \"true\"\n";
    }
    yaml
}

/// SES checks the identity that is verified: the address itself, or its domain.
const SEND_MAIL: &str = "              - Sid: SendMail
                Effect: Allow
                Action:
                  - ses:SendEmail
                Resource:
                  - !Sub arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/${SenderAddress}
                  - !Sub
                    - arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/${Domain}
                    - Domain: !Select [1, !Split [\"@\", !Ref SenderAddress]]
                Condition:
                  StringEquals:
                    ses:FromAddress: !Ref SenderAddress
";

fn statement(sid: &str, actions: &[&str], resource: &str) -> String {
    let mut yaml = format!(
        "              - Sid: {sid}\n                Effect: Allow\n                Action:\n"
    );
    for action in actions {
        let _ = writeln!(yaml, "                  - {action}");
    }
    let _ = writeln!(yaml, "                Resource: {resource}");
    yaml
}
