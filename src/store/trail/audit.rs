//! Reading the audit trail for people: names instead of ids.

use crate::domain::{
    activity::{Activity, AuditEntryView},
    id::{EventId, UserId, WithdrawalId},
    time::Instant,
};
use crate::store::{
    Error, Tx,
    db::{Codes, Conditions, Row, columns},
};

/// Which entries are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntryFilter {
    /// About this event.
    pub event: Option<EventId>,
    /// About this withdrawal.
    pub withdrawal: Option<WithdrawalId>,
    /// Performed by this user.
    pub user: Option<UserId>,
    /// Of this type.
    pub activity: Option<Activity>,
    /// At or after this instant.
    pub from: Option<Instant>,
    /// At or before this instant.
    pub to: Option<Instant>,
    /// With a higher sequence number.
    pub after: Option<i64>,
}

columns! {
    const COLUMNS, fn read: AuditEntryView {
        seq: "l.seq",
        created_at: "l.created_at",
        activity: "l.activity_type",
        performed_by: "coalesce(u.code, l.performed_by)",
        outcome: "l.outcome",
        project: "p.code",
        event: "e.code",
        withdrawal: "w.number",
        previous_status: "l.previous_status",
        new_status: "l.new_status",
        changes_summary: ("l.changes_summary" => read_json),
        metadata: ("l.metadata" => read_json),
        ip_address: "l.ip_address",
        user_agent: "l.user_agent",
        hash: "l.hash",
        claimed_by: "l.claimed_by",
    }
}

const FROM: &str = "FROM distribution_activity_log l LEFT JOIN users u ON u.id = l.performed_by
    LEFT JOIN projects p ON p.id = l.project_id
    LEFT JOIN distribution_events e ON e.id = l.distribution_event_id
    LEFT JOIN withdrawal_requests w ON w.id = l.withdrawal_request_id";

/// Reads JSON; what is none stays a text.
fn read_json(row: &mut Row<'_>, _codes: &Codes) -> Result<serde_json::Value, Error> {
    let text: String = row.next()?;
    Ok(serde_json::from_str(&text).unwrap_or(serde_json::Value::String(text)))
}

impl Tx<'_> {
    /// Hands the entries that a filter names to `each`, in order of their sequence numbers.
    ///
    /// # Errors
    /// The error of `each`; [`Error`] if the ledger cannot be read.
    pub fn each_audit_entry<E: From<Error>>(
        &mut self,
        filter: &EntryFilter,
        mut each: impl FnMut(AuditEntryView) -> Result<(), E>,
    ) -> Result<(), E> {
        let conditions = Conditions::default()
            .and("l.distribution_event_id = ?", filter.event)
            .and("l.withdrawal_request_id = ?", filter.withdrawal)
            .and("l.performed_by = ?", filter.user)
            .and("l.activity_type = ?", filter.activity)
            .and("l.created_at >= ?", filter.from)
            .and("l.created_at <= ?", filter.to)
            .and("l.seq > ?", filter.after);
        let codes = Codes::default();
        let clause = conditions.clause();
        let sql = format!("SELECT {COLUMNS} {FROM}{clause} ORDER BY l.seq");
        self.db
            .each(&sql, &conditions, |row| each(read(row, &codes)?))
    }
}
