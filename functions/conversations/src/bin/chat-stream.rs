//! The Lambda function `chat-stream`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_conversations::chat_stream::OPERATION)
}
