//! Tools and their results as types of `rmcp`.

use std::sync::Arc;

use byline_tools::{ToolEntry, ToolResult};
use rmcp::model::{CallToolResult, ContentBlock, Tool, ToolAnnotations};

/// The definition for `tools/list`.
pub(crate) fn definition(tool: &ToolEntry) -> Tool {
    let hints = ToolAnnotations::with_title(tool.title)
        .read_only(tool.hints.read_only)
        .destructive(tool.hints.destructive)
        .idempotent(tool.hints.idempotent)
        .open_world(tool.hints.open_world);
    let definition = Tool::new(tool.name, tool.description, tool.input_schema())
        .with_title(tool.title)
        .with_annotations(hints);
    match tool.output_schema() {
        Some(schema) => definition.with_raw_output_schema(Arc::new(schema)),
        None => definition,
    }
}

/// The result of a call.
pub(crate) fn result(result: ToolResult) -> CallToolResult {
    let blocks = result.texts.into_iter().map(ContentBlock::text).collect();
    let mut answer = CallToolResult::success(blocks);
    answer.structured_content = result.structured;
    answer
}
