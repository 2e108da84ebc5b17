//! The Lambda function `conversations-delete`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_conversations::conversations_delete::OPERATION)
}
