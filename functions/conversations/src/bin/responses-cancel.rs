//! The Lambda function `responses-cancel`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_conversations::responses_cancel::OPERATION)
}
