//! The Lambda function `desk-person`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_desk::desk_person::OPERATION)
}
