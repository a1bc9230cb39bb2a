//! CSV with documented columns, for banks that take a spreadsheet and for people who key payments
//! in.

use std::{
    borrow::Cow,
    io::{self, Write},
};

use super::{
    error::{BadHeader, BadItem, Fault},
    form::{Form, clean, creditor, narration},
};
use crate::domain::payment_file::{FileHeader, PaymentItem};

/// The columns. Their names are stable.
const COLUMNS: [&str; 12] = [
    "file",
    "end_to_end_reference",
    "withdrawal",
    "holder",
    "beneficiary_name",
    "bank_name",
    "bank_code",
    "account_number",
    "amount",
    "currency",
    "execution_date",
    "narration",
];

/// A CSV file being written.
pub(super) struct Sheet<W: Write> {
    out: csv::Writer<W>,
    /// What every row says: the file, the currency and the day.
    file: String,
    currency: String,
    execution_date: String,
}

impl<W: Write> Sheet<W> {
    /// Writes the header row.
    pub(super) fn begin(header: &FileHeader, out: W) -> Result<Self, Fault<BadHeader>> {
        if header.count == 0 {
            return Err(Fault::Bad(BadHeader::NoPayments));
        }
        let mut out = csv::WriterBuilder::new()
            .terminator(csv::Terminator::Any(b'\n'))
            .from_writer(out);
        out.write_record(COLUMNS).map_err(plain_error)?;
        let (file, currency) = (header.number.to_string(), header.currency.to_string());
        Ok(Self {
            out,
            file,
            currency,
            execution_date: header.execution_date.to_string(),
        })
    }
}

impl<W: Write> Form for Sheet<W> {
    fn item(&mut self, header: &FileHeader, item: &PaymentItem) -> Result<(), Fault<BadItem>> {
        let bank = &item.bank;
        let (withdrawal, narration) = (item.withdrawal.to_string(), narration(item));
        let amount = item.amount.plain(header.currency.decimals());
        let row: [&str; 12] = [
            &self.file,
            &item.end_to_end,
            &withdrawal,
            &words(item.holder.as_str()),
            &words(creditor(item)),
            &words(&bank.bank_name),
            &words(bank.bank_code.as_deref().unwrap_or_default()),
            // Letters and digits only: no formula can begin with them, and zeros stay.
            bank.account_number.reveal(),
            &amount,
            &self.currency,
            &self.execution_date,
            &words(&narration),
        ];
        self.out.write_record(row).map_err(plain_error)?;
        Ok(())
    }

    fn finish(mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Writes words so that no spreadsheet takes them for a formula.
fn words(text: &str) -> Cow<'_, str> {
    let clean = clean(text, usize::MAX);
    if clean.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        Cow::Owned(format!("'{clean}"))
    } else {
        clean
    }
}

/// Takes the output's own error out, so that a closed pipe differs from a full disk.
fn plain_error(error: csv::Error) -> io::Error {
    if let csv::ErrorKind::Io(error) = error.into_kind() {
        return error;
    }
    io::Error::other("the CSV writer refused a row")
}
