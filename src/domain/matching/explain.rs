use super::{Alternative, Input, code::LineNumber};
pub(super) fn explain(_: Input<'_>, _: LineNumber) -> Vec<Alternative> {
    Vec::new()
}
