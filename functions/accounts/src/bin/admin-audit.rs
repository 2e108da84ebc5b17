//! The Lambda function `admin-audit`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_accounts::admin_audit::OPERATION)
}
