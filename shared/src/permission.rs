//! What an operation may touch. The SAM template's policies are made from these, and the local
//! runner and the tests refuse every call that is not covered by one.

/// A DynamoDB table: one per trust boundary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// Posts, revisions, what is live.
    Content,
    /// Users, sessions, keys, tokens, mail.
    Identity,
    /// Conversations with the built-in agent.
    Agent,
}

impl Table {
    /// Every table.
    pub const ALL: [Self; 3] = [Self::Content, Self::Identity, Self::Agent];

    /// Its name in grants, messages and the environment.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Content => "content",
            Self::Identity => "identity",
            Self::Agent => "agent",
        }
    }

    /// Its logical id in `template.yaml`.
    #[must_use]
    pub const fn logical_id(self) -> &'static str {
        match self {
            Self::Content => "ContentTable",
            Self::Identity => "IdentityTable",
            Self::Agent => "AgentTable",
        }
    }

    /// The environment variable that holds its name.
    #[must_use]
    pub const fn variable(self) -> &'static str {
        match self {
            Self::Content => "BYLINE_CONTENT_TABLE",
            Self::Identity => "BYLINE_IDENTITY_TABLE",
            Self::Agent => "BYLINE_AGENT_TABLE",
        }
    }
}

/// A DynamoDB action. `TransactWriteItems` needs the actions of its parts, as in IAM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// `dynamodb:BatchGetItem`
    BatchGetItem,
    /// `dynamodb:ConditionCheckItem`
    ConditionCheckItem,
    /// `dynamodb:DeleteItem`
    DeleteItem,
    /// `dynamodb:GetItem`
    GetItem,
    /// `dynamodb:PutItem`
    PutItem,
    /// `dynamodb:Query`
    Query,
    /// `dynamodb:UpdateItem`
    UpdateItem,
}

impl Action {
    /// The action's name behind `dynamodb:`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BatchGetItem => "BatchGetItem",
            Self::ConditionCheckItem => "ConditionCheckItem",
            Self::DeleteItem => "DeleteItem",
            Self::GetItem => "GetItem",
            Self::PutItem => "PutItem",
            Self::Query => "Query",
            Self::UpdateItem => "UpdateItem",
        }
    }
}

/// The objects of the media bucket whose keys start so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Objects {
    /// What was uploaded and waits to be looked at. Nobody reads it, and it goes away by itself.
    Pending,
    /// What readers see.
    Media,
}

impl Objects {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::Pending, Self::Media];

    /// How their keys start.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Pending => "pending/",
            Self::Media => "media/",
        }
    }
}

/// An S3 action on an object. Copying needs `GetObject` on its source and `PutObject` on its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectAction {
    /// `s3:DeleteObject`
    DeleteObject,
    /// `s3:GetObject`
    GetObject,
    /// `s3:PutObject`; who signs an upload needs it, not who uploads.
    PutObject,
}

impl ObjectAction {
    /// The action's name behind `s3:`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DeleteObject => "DeleteObject",
            Self::GetObject => "GetObject",
            Self::PutObject => "PutObject",
        }
    }
}

/// One right of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// These actions on the items of a table.
    Table(Table, &'static [Action]),
    /// These actions on the items of a table whose partition key starts so.
    Items(Table, &'static str, &'static [Action]),
    /// `Query` on one index of a table.
    Index(Table, &'static str),
    /// These actions on objects of the media bucket.
    Objects(Objects, &'static [ObjectAction]),
    /// Learn which objects there are. Without it S3 says 403 of one that is not there, not 404.
    ListObjects,
    /// Read the secret that tokens are signed with, and make it on first use.
    TokenSecret,
    /// Replace the secret that tokens are signed with: to rotate its keys.
    RotateTokenSecret,
    /// Read the secret that protects accounts at rest, and make it on first use.
    AccountSecret,
    /// Read the key of the agent's model server. The owner makes it.
    ModelKey,
    /// Ask the agent's model, if it is one of Amazon Bedrock: `bedrock:InvokeModelWithResponseStream`.
    Model,
    /// Send mail from the sender address.
    SendMail,
    /// Make and remove the schedules that call the publishing worker.
    Schedules,
}
