//! The Lambda function `conversation-items-get`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_conversations::conversation_items_get::OPERATION)
}
