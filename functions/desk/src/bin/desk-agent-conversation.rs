//! The Lambda function `desk-agent-conversation`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_desk::desk_agent_conversation::OPERATION)
}
