//! What approved events owe to authorities.

use super::{
    AsOf, Error, Tx, WriteTx,
    db::{columns, insert, update},
};
use crate::domain::{
    code::RemittanceNumber,
    currency::Currency,
    event::Event,
    id::{EventId, EventRef},
    quantity::Amount,
    tax::liability::TaxItem,
    time::{Date, Instant, Month},
};

columns! {
    const COLUMNS, fn read: TaxItem {
        number: "i.number",
        event: (EventRef { id: "e.id", code: "e.code" }),
        project: "e.project_id",
        authority: "i.authority",
        currency: "i.currency",
        period: "i.period",
        tax_date: "i.tax_date",
        due_date: "i.due_date",
        gross: "i.gross_amount",
        tax: "i.tax_amount",
        remittance: "(SELECT r.number FROM tax_remittance_items ri JOIN tax_remittances r ON r.number = ri.remittance_number
            WHERE ri.item_number = i.number AND (?1 IS NULL AND ri.live = 1
              OR r.created_at <= ?1 AND (r.reversed_at IS NULL OR r.reversed_at > ?1)))",
        created_at: "i.created_at",
        cancelled_at: "CASE WHEN ?1 IS NULL OR i.cancelled_at <= ?1 THEN i.cancelled_at END",
    }
}

const FROM: &str = "FROM tax_items i JOIN distribution_events e ON e.id = i.distribution_event_id";

/// An item to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTaxItem {
    /// The authority's code.
    pub authority: String,
    /// The month of the tax date.
    pub period: Month,
    /// The day on which the tax arises.
    pub tax_date: Date,
    /// The day by which it is remitted.
    pub due_date: Date,
    /// The taxed parts of allocations.
    pub gross: Amount,
    /// The tax on them.
    pub tax: Amount,
}

impl Tx<'_> {
    /// Reads the items as of a day, in the order in which they came; there are few per event.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn tax_items(&mut self, as_of: AsOf) -> Result<Vec<TaxItem>, Error> {
        let codes = self.codes()?;
        let sql = format!(
            "SELECT {COLUMNS} {FROM} WHERE ?1 IS NULL OR i.created_at <= ?1 ORDER BY i.number"
        );
        self.db
            .query(&sql, [as_of.instant()], |row| read(row, &codes))
    }

    /// Reads the items of an event as they are now.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn tax_items_of_event(&mut self, event: EventId) -> Result<Vec<TaxItem>, Error> {
        let codes = self.codes()?;
        let sql =
            format!("SELECT {COLUMNS} {FROM} WHERE i.distribution_event_id = ?2 ORDER BY i.number");
        let now: Option<Instant> = None;
        self.db.query(&sql, (now, event), |row| read(row, &codes))
    }

    /// Reads the items of a remittance, whether it was taken back or not.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn tax_items_of(&mut self, remittance: RemittanceNumber) -> Result<Vec<TaxItem>, Error> {
        let codes = self.codes()?;
        let sql = format!(
            "SELECT {COLUMNS} {FROM} JOIN tax_remittance_items of ON of.item_number = i.number
             WHERE of.remittance_number = ?2 ORDER BY i.number"
        );
        let now: Option<Instant> = None;
        self.db
            .query(&sql, (now, remittance), |row| read(row, &codes))
    }
}

impl WriteTx<'_> {
    /// Records what an event owes to an authority.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn insert_tax_item(&mut self, event: &Event, new: &NewTaxItem) -> Result<(), Error> {
        let currency: Currency = event.currency;
        insert!(self.db, "tax_items" {
            "distribution_event_id": event.event.id,
            "authority": new.authority,
            "currency": currency,
            "period": new.period.to_string(),
            "tax_date": new.tax_date,
            "due_date": new.due_date,
            "gross_amount": new.gross,
            "tax_amount": new.tax,
            "created_at": self.now,
        })
        .map(|_| ())
    }

    /// Cancels an item with its event.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn cancel_tax_item(&mut self, item: &TaxItem) -> Result<(), Error> {
        self.keep_before("tax_items", "number", item.number)?;
        update!(self.db, "tax_items" set { "cancelled_at": self.now } where {
            "number": item.number,
            "cancelled_at": None::<Instant>,
        })
    }
}
