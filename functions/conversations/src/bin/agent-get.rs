//! The Lambda function `agent-get`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_conversations::agent_get::OPERATION)
}
