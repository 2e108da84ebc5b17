//! The Lambda function `conversation-items-delete`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_conversations::conversation_items_delete::OPERATION)
}
