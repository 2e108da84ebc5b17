//! The Lambda function `desk-agent`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_desk::desk_agent::OPERATION)
}
