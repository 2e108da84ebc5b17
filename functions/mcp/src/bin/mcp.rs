//! The Lambda function `mcp`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(mcp::mcp::OPERATION)
}
