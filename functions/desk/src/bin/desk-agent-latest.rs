//! The Lambda function `desk-agent-latest`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_desk::desk_agent_latest::OPERATION)
}
