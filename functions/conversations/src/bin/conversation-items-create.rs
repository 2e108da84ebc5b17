//! The Lambda function `conversation-items-create`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_conversations::conversation_items_create::OPERATION)
}
