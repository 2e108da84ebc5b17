//! The Lambda function `desk-people`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_desk::desk_people::OPERATION)
}
