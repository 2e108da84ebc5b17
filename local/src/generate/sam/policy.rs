//! The roles of functions. They allow exactly what the function declares, and writing to its domain's log
//! group.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use byline_shared::permission::{Action, ObjectAction, Objects, Permission, Table};

use crate::generate::names::{log_group_id, pascal_case};

pub(super) fn role(id: &str, domain: &str, statements: &str) -> String {
    role_if("", id, domain, statements)
}

/// The same, if a condition holds: the line that names it.
pub(super) fn role_if(condition: &str, id: &str, domain: &str, statements: &str) -> String {
    let logs = statement(
        "Logs",
        &["logs:CreateLogStream", "logs:PutLogEvents"],
        &format!("!GetAtt {}.Arn", log_group_id(domain)),
    );
    format!(
        "
  {id}Role:
    Type: AWS::IAM::Role
{condition}    Properties:
      AssumeRolePolicyDocument:
        Version: \"2012-10-17\"
        Statement:
          - Effect: Allow
            Principal:
              Service: lambda.amazonaws.com
            Action: sts:AssumeRole
      Policies:
        - PolicyName: permissions
          PolicyDocument:
            Version: \"2012-10-17\"
            Statement:
{logs}{statements}"
    )
}

fn on_dynamodb(actions: &BTreeSet<Action>) -> Vec<String> {
    actions.iter().map(|action| format!("dynamodb:{}", action.as_str())).collect()
}

pub(super) fn statements(permissions: &[Permission]) -> String {
    let mut yaml = String::new();
    for table in Table::ALL {
        let id = table.logical_id();
        let actions: BTreeSet<Action> = permissions
            .iter()
            .filter_map(|permission| match permission {
                Permission::Table(granted, actions) if *granted == table => Some(*actions),
                _ => None,
            })
            .flatten()
            .copied()
            .collect();
        if !actions.is_empty() {
            let actions = on_dynamodb(&actions);
            yaml += &statement(id, &actions, &format!("!GetAtt {id}.Arn"));
        }
        // One statement per prefix: the actions on one prefix must not apply to another.
        let mut by_prefix: BTreeMap<&str, BTreeSet<Action>> = BTreeMap::new();
        for permission in permissions {
            if let Permission::Items(granted, prefix, actions) = permission
                && *granted == table
            {
                by_prefix.entry(prefix).or_default().extend(actions.iter().copied());
            }
        }
        for (prefix, actions) in by_prefix {
            let actions = on_dynamodb(&actions);
            let name = prefix.trim_end_matches('#').to_ascii_lowercase().replace('_', "-");
            let sid = format!("{id}{}", pascal_case(&name));
            yaml += &statement(&sid, &actions, &format!("!GetAtt {id}.Arn"));
            yaml += "                Condition:\n                  ForAllValues:StringLike:\n";
            let _ = writeln!(yaml, "                    dynamodb:LeadingKeys: [\"{prefix}*\"]");
            // ForAllValues alone would also allow requests that name no key.
            yaml += "                  \"Null\":\n                    dynamodb:LeadingKeys: \"false\"\n";
        }
        for permission in permissions {
            if let Permission::Index(granted, index) = permission
                && *granted == table
            {
                let resource = format!("!Sub ${{{id}.Arn}}/index/{index}");
                let sid = format!("{id}{}", pascal_case(index));
                yaml += &statement(&sid, &["dynamodb:Query"], &resource);
            }
        }
    }
    for objects in Objects::ALL {
        let actions: BTreeSet<ObjectAction> = permissions
            .iter()
            .filter_map(|permission| match permission {
                Permission::Objects(granted, actions) if *granted == objects => Some(*actions),
                _ => None,
            })
            .flatten()
            .copied()
            .collect();
        if !actions.is_empty() {
            let actions: Vec<String> =
                actions.iter().map(|action| format!("s3:{}", action.as_str())).collect();
            let prefix = objects.prefix();
            let sid = format!("{}Objects", pascal_case(prefix.trim_end_matches('/')));
            let resource = format!("!Sub ${{MediaBucket.Arn}}/{prefix}*");
            yaml += &statement(&sid, &actions, &resource);
        }
    }
    if permissions.contains(&Permission::ListObjects) {
        yaml += &statement("ListObjects", &["s3:ListBucket"], "!GetAtt MediaBucket.Arn");
    }
    let rotates = permissions.contains(&Permission::RotateTokenSecret);
    if permissions.contains(&Permission::TokenSecret) {
        yaml += &parameter("TokenSecret", "token-secret", rotates);
    }
    if permissions.contains(&Permission::AccountSecret) {
        yaml += &parameter("AccountSecret", "account-secret", false);
    }
    if permissions.contains(&Permission::ModelKey) {
        let resource = format!("{PARAMETERS}/${{AgentTable}}/model-key");
        yaml += &statement("ReadModelKey", &["ssm:GetParameter"], &resource);
    }
    if permissions.contains(&Permission::Model) {
        yaml += MODEL;
    }
    if permissions.contains(&Permission::SendMail) {
        yaml += SEND_MAIL;
    }
    if permissions.contains(&Permission::Schedules) {
        yaml += SCHEDULES;
    }
    yaml
}

/// The parameters of a stack are named for its tables.
const PARAMETERS: &str =
    "!Sub arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/byline";

/// A function may read the secret and create it. Only the one that rotates it may replace it.
fn parameter(sid: &str, name: &str, rotates: bool) -> String {
    let resource = format!("{PARAMETERS}/${{IdentityTable}}/{name}");
    let mut yaml = statement(&format!("Read{sid}"), &["ssm:GetParameter"], &resource);
    yaml += &statement(&format!("Make{sid}"), &["ssm:PutParameter"], &resource);
    if !rotates {
        yaml += "                Condition:\n                  StringNotEquals:\n";
        yaml += "                    ssm:Overwrite: \"true\"\n";
    }
    yaml
}

/// What the owner lists, or the model by its id; nothing while the agent has another model or is off.
const MODEL: &str = "              - !If
                - UsesBedrock
                - Sid: Model
                  Effect: Allow
                  Action:
                    - bedrock:InvokeModelWithResponseStream
                  Resource: !If
                    - HasModelArns
                    - !Split [\",\", !Ref AgentModelArns]
                    - !Sub arn:${AWS::Partition}:bedrock:${AWS::Region}::foundation-model/${AgentModel}
                - !Ref AWS::NoValue
";

/// SES checks the verified identity: either the e-mail address or its domain.
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

/// Only schedules of this stack's group, which can use only one role.
const SCHEDULES: &str = "              - Sid: Schedules
                Effect: Allow
                Action:
                  - scheduler:CreateSchedule
                  - scheduler:DeleteSchedule
                Resource: !Sub arn:${AWS::Partition}:scheduler:${AWS::Region}:${AWS::AccountId}:schedule/${ScheduleGroup}/*
              - Sid: ScheduleRole
                Effect: Allow
                Action:
                  - iam:PassRole
                Resource: !GetAtt ScheduleRole.Arn
                Condition:
                  StringEquals:
                    iam:PassedToService: scheduler.amazonaws.com
";

pub(super) fn statement(sid: &str, actions: &[impl AsRef<str>], resource: &str) -> String {
    let mut yaml = format!(
        "              - Sid: {sid}\n                Effect: Allow\n                Action:\n"
    );
    for action in actions {
        let _ = writeln!(yaml, "                  - {}", action.as_ref());
    }
    let _ = writeln!(yaml, "                Resource: {resource}");
    yaml
}
