//! The Lambda function `chat-create`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_conversations::chat_create::OPERATION)
}
