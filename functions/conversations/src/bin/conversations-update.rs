//! The Lambda function `conversations-update`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_conversations::conversations_update::OPERATION)
}
