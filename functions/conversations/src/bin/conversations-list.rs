//! The Lambda function `conversations-list`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_conversations::conversations_list::OPERATION)
}
