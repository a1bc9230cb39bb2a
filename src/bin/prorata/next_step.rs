//! The step that comes before or instead of the one that was refused.

use prorata::domain::{
    code::{Code, WithdrawalNumber},
    event::EventStatus,
    withdrawal::WithdrawalStatus,
};

/// Names the step that an event needs before the one that was refused.
pub(crate) fn next_of_event(event: &Code, status: EventStatus) -> String {
    match status {
        EventStatus::Draft => format!("calculate it first: `prorata event calculate {event}`"),
        EventStatus::Calculated => {
            format!("an approver approves it first: `prorata event approve {event}`")
        }
        EventStatus::Active | EventStatus::Completed | EventStatus::Cancelled => {
            format!("see `prorata event show {event}`")
        }
    }
}

/// Names the step that a withdrawal needs instead of the one that was refused.
pub(crate) fn next_of_withdrawal(
    withdrawal: WithdrawalNumber,
    status: WithdrawalStatus,
    verb: &str,
) -> String {
    match status {
        WithdrawalStatus::Pending => {
            format!("an approver approves it first: `prorata withdrawal approve {withdrawal}`")
        }
        WithdrawalStatus::Approved if verb == "rejected" => {
            format!("cancel it instead: `prorata withdrawal cancel {withdrawal}`")
        }
        WithdrawalStatus::Approved
        | WithdrawalStatus::Rejected
        | WithdrawalStatus::Cancelled
        | WithdrawalStatus::Paid
        | WithdrawalStatus::Returned => format!("see `prorata withdrawal show {withdrawal}`"),
    }
}
