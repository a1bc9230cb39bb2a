//! The files that the commands of the model read: what is in them, and how it is written as
//! CSV.

use chrono::{Days, NaiveDate};

use super::{
    act::{Bank, Entry},
    units::{Units, canonical, plain, signed},
};

/// A row of a holder file.
#[derive(Clone, Debug)]
pub(super) struct HolderRow {
    pub(super) code: String,
    pub(super) bank: Bank,
}

/// A register file with its options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TokenFile {
    pub(super) project: String,
    pub(super) rows: Vec<TokenRow>,
    /// The date of a cap table; entries have their own.
    pub(super) date: Option<NaiveDate>,
    pub(super) create: bool,
    pub(super) round: bool,
    /// Whether a cap table comes on top of what is held.
    pub(super) add: bool,
}

/// A row of a register file. In a cap table all are issues without a reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TokenRow {
    pub(super) entry: Entry,
    /// Whether an eighth decimal follows the tokens.
    pub(super) too_fine: bool,
}

/// A row of a bank statement: money out is negative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) date: NaiveDate,
    pub(super) reference: String,
    pub(super) amount: Units,
    pub(super) text: String,
    /// The withdrawal whose end-to-end reference is in the text.
    pub(super) bears: Option<usize>,
}

/// Writes a holder file; a spoilt one has a row that is none.
pub(super) fn holders(rows: &[HolderRow], spoilt: bool) -> String {
    let row = |row: &HolderRow| {
        let bank = [row.bank.name, row.bank.code, row.bank.number]
            .map(Option::unwrap_or_default)
            .join(",");
        format!("{},Name {},{bank}\n", row.code, row.code)
    };
    let bad = if spoilt { "no code,Nobody,,,\n" } else { "" };
    format!(
        "code,name,bank_name,bank_code,account_number\n{bad}{}",
        rows.iter().map(row).collect::<String>()
    )
}

/// Writes a bank statement; a spoilt one has a row on a day that is none.
pub(super) fn statement(rows: &[Row], spoilt: bool) -> String {
    let row = |row: &Row| {
        let (debit, credit) = if row.amount < 0 {
            (signed(-row.amount), String::new())
        } else {
            (String::new(), signed(row.amount))
        };
        format!(
            "{},{},{debit},{credit},{}\n",
            row.date, row.reference, row.text
        )
    };
    let bad = if spoilt {
        "2026-02-31,BK0,1.00,,NO DAY\n"
    } else {
        ""
    };
    format!(
        "Date,Reference,Debit,Credit,Narration\n{}{bad}",
        rows.iter().map(row).collect::<String>()
    )
}

/// Returns whether a statement cannot be read: a bank books nothing after tomorrow.
pub(super) fn is_unreadable(rows: &[Row], spoilt: bool, today: NaiveDate) -> bool {
    let tomorrow = today + Days::new(1);
    spoilt || rows.iter().any(|row| row.date > tomorrow)
}

impl TokenFile {
    pub(super) fn content(&self) -> String {
        let tokens = |row: &TokenRow| {
            if row.too_fine {
                format!("{}4", canonical(row.entry.tokens))
            } else {
                plain(row.entry.tokens)
            }
        };
        if self.date.is_some() {
            let row = |row: &TokenRow| format!("{},{}\n", row.entry.holder, tokens(row));
            return format!(
                "holder,tokens\n{}",
                self.rows.iter().map(row).collect::<String>()
            );
        }
        let row = |row: &TokenRow| {
            let Entry {
                verb,
                holder,
                to,
                date,
                reference,
                ..
            } = &row.entry;
            let kind = verb.trim_start_matches("token ");
            let [to, reference] = [to, reference].map(|cell| cell.as_deref().unwrap_or_default());
            format!("{kind},{holder},{to},{},{date},{reference}\n", tokens(row))
        };
        format!(
            "kind,holder,to,tokens,date,reference\n{}",
            self.rows.iter().map(row).collect::<String>()
        )
    }

    /// Writes the arguments after the file's name.
    pub(super) fn options(&self) -> String {
        let date = self
            .date
            .map(|date| format!(" --date {date}"))
            .unwrap_or_default();
        let create = if self.create { " --create-holders" } else { "" };
        let round = if self.round { " --round down" } else { "" };
        let add = if self.add { " --add" } else { "" };
        format!("--project {}{date}{create}{round}{add}", self.project)
    }
}
