//! The Lambda function `llms-txt`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(posts::llms_txt::OPERATION)
}
