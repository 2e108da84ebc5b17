//! The Lambda function `agent-url`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve_url(byline_conversations::agent_url::FUNCTION_URL)
}
