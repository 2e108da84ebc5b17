//! The Lambda function `desk-shared-preview`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_desk::desk_shared_preview::OPERATION)
}
