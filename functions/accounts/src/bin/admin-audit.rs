//! The Lambda function `admin-audit`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(accounts::admin_audit::OPERATION)
}
