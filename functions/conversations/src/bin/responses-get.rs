//! The Lambda function `responses-get`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_conversations::responses_get::OPERATION)
}
