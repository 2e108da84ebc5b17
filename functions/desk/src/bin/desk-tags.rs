//! The Lambda function `desk-tags`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_desk::desk_tags::OPERATION)
}
