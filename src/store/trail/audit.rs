//! Reading the audit trail as people want it: names instead of ids.

use rusqlite::Row;

use crate::domain::{
    activity::{Activity, AuditEntryView},
    code::WithdrawalNumber,
    id::{EventId, UserId, WithdrawalId},
    time::Instant,
};
use crate::store::{
    Error, Tx,
    sql::{Conditions, Fields},
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
}

fn read(row: &Row<'_>) -> rusqlite::Result<AuditEntryView> {
    let mut fields = Fields::of(row);
    let json =
        |text: String| serde_json::from_str(&text).unwrap_or(serde_json::Value::String(text));
    Ok(AuditEntryView {
        seq: fields.next()?,
        created_at: fields.next()?,
        activity: fields.next()?,
        performed_by: fields.next()?,
        outcome: fields.next()?,
        project: fields.next()?,
        event: fields.next()?,
        withdrawal: fields.next::<Option<i64>>()?.map(WithdrawalNumber::new),
        previous_status: fields.next()?,
        new_status: fields.next()?,
        changes_summary: json(fields.next()?),
        metadata: json(fields.next()?),
        ip_address: fields.next()?,
        user_agent: fields.next()?,
        hash: fields.next()?,
    })
}

impl Tx<'_> {
    /// Hands the entries that a filter names to `each`, in order of their sequence numbers.
    ///
    /// # Errors
    /// What `each` answers, or what the file refuses.
    pub fn each_audit_entry<E: From<Error>>(
        &mut self,
        filter: &EntryFilter,
        mut each: impl FnMut(AuditEntryView) -> Result<(), E>,
    ) -> Result<(), E> {
        const SELECT: &str = "SELECT l.seq, l.created_at, l.activity_type, coalesce(u.code, l.performed_by), l.outcome, p.code, e.code, w.number,
            l.previous_status, l.new_status, l.changes_summary, l.metadata, l.ip_address, l.user_agent, l.hash
            FROM distribution_activity_log l LEFT JOIN users u ON u.id = l.performed_by
            LEFT JOIN projects p ON p.id = l.project_id LEFT JOIN distribution_events e ON e.id = l.distribution_event_id
            LEFT JOIN withdrawal_requests w ON w.id = l.withdrawal_request_id";
        let conditions = Conditions::default()
            .and("l.distribution_event_id = ?", filter.event)
            .and("l.withdrawal_request_id = ?", filter.withdrawal)
            .and("l.performed_by = ?", filter.user)
            .and("l.activity_type = ?", filter.activity.map(Activity::as_str))
            .and("l.created_at >= ?", filter.from)
            .and("l.created_at <= ?", filter.to);
        let sql = format!("{SELECT}{} ORDER BY l.seq", conditions.clause());
        let mut statement = self.conn.prepare(&sql).map_err(Error::from)?;
        conditions.bind(&mut statement, 0)?;
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().map_err(Error::from)? {
            each(read(row).map_err(Error::from)?)?;
        }
        Ok(())
    }
}
