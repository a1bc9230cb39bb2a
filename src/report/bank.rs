//! Bank accounts, statements and lines as rows, and the explanation of a line.

use super::{Cell, Columns, Pii, Record, Table, column, data, summed};
use crate::domain::{
    account::masked_within,
    bank::{BankLine, FundAccount, ImportedStatement},
    currency::Currency,
    matching::{Alternative, Class, Tier},
    signed::Signed,
    statement::{Statement, StatementFile},
};

/// The columns of bank accounts.
pub const ACCOUNTS: Columns = &[
    column("code", "account"),
    column("bank_name", "bank"),
    column("bank_code", "bank code").minor(),
    column("account_number", "number"),
    column("currency", "currency"),
    column("project", "project"),
    data("created_by"),
    data("created_at"),
    data("id"),
];

/// The columns of statements.
pub const STATEMENTS: Columns = &[
    column("statement", "statement"),
    data("account"),
    data("already_imported"),
    column("format", "format").minor(),
    data("encoding"),
    data("profile"),
    data("reference"),
    column("date_from", "from").minor(),
    column("date_to", "to"),
    summed("lines_new", "new lines").minor(),
    summed("lines_known", "known").minor(),
    summed("lines_skipped", "skipped").minor(),
    column("currency", "currency"),
    column("opening_balance", "opening").minor(),
    summed("debits", "out"),
    summed("credits", "in"),
    column("closing_balance", "closing").key(),
    column("balance_ok", "adds up").key(),
    data("findings"),
    data("file_hash"),
    data("imported_by"),
    data("imported_at"),
    data("id"),
];

/// The columns of bank lines.
pub const LINES: Columns = &[
    column("code", "line"),
    data("statement"),
    data("line_number"),
    column("booking_date", "booked"),
    data("value_date"),
    summed("amount", "amount").key(),
    data("currency"),
    data("balance"),
    column("reference", "reference").minor(),
    column("description", "description").minor(),
    data("kind"),
    column("class", "class").key(),
    column("payments", "payments"),
    column("match_tier", "tier").minor(),
    data("lines"),
    data("detail"),
    data("decided_at"),
    data("account"),
    data("bank_id"),
    data("end_to_end"),
    data("counterparty_name"),
    data("id"),
];

/// The columns of the layouts of statement files.
pub const PROFILES: Columns = &[column("name", "profile"), column("description", "for")];

/// The columns of what a line was held against.
const ALTERNATIVES: Columns = &[
    column("withdrawal", "withdrawal"),
    column("payment", "payment"),
    column("tier", "tier"),
    column("verdict", "verdict"),
];

/// The columns of the fields that were compared.
const COMPARED: Columns = &[
    column("withdrawal", "withdrawal"),
    column("field", "field"),
    column("bank", "bank"),
    column("ledger", "ledger"),
    column("agrees", "agrees"),
];

/// The columns of the statements of a file that was only read.
const READ: Columns = &[
    column("statement", "statement"),
    column("date_from", "from"),
    column("date_to", "to"),
    column("lines", "lines"),
    column("skipped", "skipped").minor(),
    column("currency", "currency"),
    column("opening_balance", "opening"),
    column("debits", "out"),
    column("credits", "in"),
    column("closing_balance", "closing").key(),
    column("balance_ok", "adds up").key(),
    data("findings"),
];

/// The columns of the lines of a file that was only read.
const READ_LINES: Columns = &[
    column("line", "line"),
    column("booking_date", "booked"),
    column("value_date", "value date").minor(),
    column("amount", "amount").key(),
    column("balance", "balance"),
    column("reference", "reference"),
    column("description", "description").minor(),
];

/// The columns of the rows of a file that are no booked lines.
const READ_SKIPPED: Columns = &[
    column("line", "line"),
    column("reason", "reason"),
    column("amount", "amount"),
    column("description", "description").minor(),
];

/// The column of what a file proves.
const PROOFS: Columns = &[column("proof", "what the file proves")];

/// The column of what the file does not say and was decided.
const DECISIONS: Columns = &[column(
    "decision",
    "what was decided, since the file does not say it",
)];

/// Describes a bank account.
pub fn account(account: &FundAccount, pii: Pii) -> Vec<Cell> {
    vec![
        Cell::words(account.account.code.as_str()),
        Cell::text(&account.bank.bank_name),
        Cell::maybe(account.bank.bank_code.as_ref()),
        Cell::Account(account.bank.account_number.clone(), pii),
        Cell::text(account.currency),
        Cell::maybe(account.project.as_ref().map(|project| &project.code)),
        Cell::words(account.created_by.code.as_str()),
        Cell::Instant(account.created_at),
        Cell::text(account.account.id),
    ]
}

/// Describes a statement; `again` where its file was imported before.
pub fn statement(statement: &ImportedStatement, again: Again) -> Vec<Cell> {
    let currency = statement.currency;
    vec![
        Cell::text(statement.number),
        Cell::words(statement.account.code.as_str()),
        match again {
            Again::Listed => Cell::Empty,
            Again::New => Cell::Flag(false),
            Again::Imported => Cell::Flag(true),
        },
        Cell::text(statement.format.as_str()),
        Cell::text(&statement.encoding),
        Cell::maybe(statement.profile.as_ref()),
        Cell::maybe(statement.reference.as_ref()),
        Cell::on(statement.dates.map(|(from, _)| from)),
        Cell::on(statement.dates.map(|(_, to)| to)),
        Cell::count(statement.lines_new),
        Cell::count(statement.lines_known),
        Cell::count(statement.lines_skipped),
        Cell::text(currency),
        Cell::signed(statement.opening, currency),
        Cell::Money(statement.debits, currency),
        Cell::Money(statement.credits, currency),
        Cell::signed(statement.closing, currency),
        statement.balance_ok.map_or(Cell::Empty, Cell::Flag),
        findings(&statement.findings, currency),
        Cell::text(&statement.file_hash),
        Cell::words(statement.imported_by.code.as_str()),
        Cell::Instant(statement.imported_at),
        Cell::text(statement.id),
    ]
}

/// Whether a statement was imported before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// It is listed, not imported.
    Listed,
    /// It is new.
    New,
    /// Its file was imported before.
    Imported,
}

/// Describes findings: their kind, their difference as plain money, the line of the file and the
/// words.
fn findings(findings: &[crate::domain::statement::StatementFinding], currency: Currency) -> Cell {
    let finding = |finding: &crate::domain::statement::StatementFinding| {
        serde_json::json!({
            "kind": finding.kind.as_str(),
            "difference": finding.difference.map(|difference| difference.plain(currency.decimals())),
            "line": finding.line,
            "detail": finding.detail,
        })
    };
    Cell::Json(findings.iter().map(finding).collect())
}

/// Shows a bank's words, account numbers in them masked unless they were asked for.
fn words(text: &str, pii: Pii) -> Cell {
    match pii {
        Pii::Masked => Cell::text(masked_within(text)),
        Pii::Shown => Cell::text(text),
    }
}

/// Describes a bank line.
pub fn line(line: &BankLine, pii: Pii) -> Vec<Cell> {
    let (bank, classification, currency) = (&line.line, &line.classification, line.currency);
    let payments = classification
        .payments
        .iter()
        .map(|(withdrawal, payment)| match payment {
            Some(payment) => payment.to_string(),
            None => withdrawal.to_string(),
        });
    vec![
        Cell::text(line.number),
        Cell::text(line.statement),
        Cell::count(bank.place),
        Cell::Date(bank.booking_date),
        Cell::on(bank.value_date),
        Cell::Money(bank.amount, currency),
        Cell::text(currency),
        Cell::signed(bank.balance, currency),
        Cell::maybe(bank.reference.as_ref()),
        words(&bank.description, pii),
        Cell::text(line.kind.as_str()),
        Cell::text(classification.class),
        Cell::names(payments),
        Cell::maybe(classification.tier.map(Tier::as_str)),
        Cell::names(&classification.lines),
        Cell::maybe(classification.detail.as_ref()),
        Cell::at(classification.since),
        Cell::words(line.account.code.as_str()),
        Cell::maybe(bank.bank_id.as_ref()),
        Cell::maybe(bank.end_to_end.as_ref()),
        bank.counterparty_name
            .as_deref()
            .map_or(Cell::Empty, |name| words(name, pii)),
        Cell::text(line.id),
    ]
}

/// Describes a line as a single thing: all that is known.
pub fn line_record(line: &BankLine, pii: Pii) -> Record {
    let mut record = Record::of(LINES, self::line(line, pii));
    super::show(
        &mut record,
        &[
            ("statement", "statement"),
            ("currency", "currency"),
            ("kind", "kind"),
            ("line_number", "line of the file"),
            ("value_date", "value date"),
            ("balance", "balance after"),
            ("account", "account"),
            ("lines", "other lines"),
            ("detail", "why"),
            ("decided_at", "since"),
            ("end_to_end", "end-to-end"),
            ("counterparty_name", "other side"),
        ],
    );
    record
}

/// Describes a line, and everything that it was held against.
pub fn explanation(line: &BankLine, alternatives: &[Alternative], pii: Pii) -> Record {
    let mut record = line_record(line, pii);
    let taken = |alternative: &Alternative| {
        let decided =
            line.classification.class != Class::Ambiguous && line.classification.tier.is_some();
        decided
            && line
                .classification
                .payments
                .iter()
                .any(|(withdrawal, _)| *withdrawal == alternative.withdrawal)
    };
    let verdict = |alternative: &Alternative| {
        let mark = if taken(alternative) { "taken: " } else { "" };
        format!("{mark}{}", alternative.verdict)
    };
    let rows = alternatives.iter().map(|alternative| {
        vec![
            Cell::text(alternative.withdrawal),
            Cell::maybe(alternative.payment),
            Cell::maybe(alternative.tier.map(Tier::as_str)),
            Cell::text(verdict(alternative)),
        ]
    });
    record.tables.push(Table {
        name: "alternatives",
        columns: ALTERNATIVES,
        rows: rows.collect(),
    });
    let compared = alternatives.iter().flat_map(|alternative| {
        alternative.compared.iter().map(|compared| {
            vec![
                Cell::text(alternative.withdrawal),
                Cell::text(compared.field),
                Cell::text(&compared.bank),
                Cell::text(&compared.ledger),
                Cell::Flag(compared.agrees),
            ]
        })
    });
    record.tables.push(Table {
        name: "compared",
        columns: COMPARED,
        rows: compared.collect(),
    });
    record
}

/// Describes a statement file that was only read: what would be imported, and what the file proves.
/// `fallback` is the currency of amounts whose file names none.
pub fn read_file(file: &StatementFile, fallback: Currency) -> Record {
    let mut record = Record {
        fields: vec![
            (column("format", "format"), Cell::text(file.format.as_str())),
            (column("encoding", "encoding"), Cell::text(file.encoding)),
            (
                column("profile", "profile"),
                Cell::maybe(file.profile.as_ref()),
            ),
        ],
        tables: Vec::new(),
    };
    let said = |words: &[String]| words.iter().map(|words| vec![Cell::text(words)]).collect();
    let currency = |statement: &Statement| statement.currency.unwrap_or(fallback);
    let statements = file
        .statements
        .iter()
        .map(|statement| read_statement(statement, currency(statement)));
    record.tables.push(Table {
        name: "statements",
        columns: READ,
        rows: statements.collect(),
    });
    let lines = file.statements.iter().flat_map(|statement| {
        statement.lines.iter().map(|line| {
            vec![
                Cell::count(line.place),
                Cell::Date(line.booking_date),
                Cell::on(line.value_date),
                Cell::Money(line.amount, currency(statement)),
                Cell::signed(line.balance, currency(statement)),
                Cell::maybe(line.reference.as_ref()),
                words(&line.description, Pii::Masked),
            ]
        })
    });
    record.tables.push(Table {
        name: "lines",
        columns: READ_LINES,
        rows: lines.collect(),
    });
    let skipped = file.statements.iter().flat_map(|statement| {
        statement.skipped.iter().map(|row| {
            vec![
                Cell::count(row.place),
                Cell::text(&row.reason),
                Cell::signed(row.amount, currency(statement)),
                words(&row.description, Pii::Masked),
            ]
        })
    });
    record.tables.push(Table {
        name: "skipped",
        columns: READ_SKIPPED,
        rows: skipped.collect(),
    });
    record.tables.push(Table {
        name: "proofs",
        columns: PROOFS,
        rows: said(&file.proofs),
    });
    record.tables.push(Table {
        name: "decisions",
        columns: DECISIONS,
        rows: said(&file.decisions),
    });
    record
}

fn read_statement(statement: &Statement, currency: Currency) -> Vec<Cell> {
    let (debits, credits): (Option<Signed>, Option<Signed>) = statement.sums().unzip();
    let dates = statement.dates();
    let count = |count: usize| Cell::count(u64::try_from(count).unwrap_or(u64::MAX));
    vec![
        Cell::maybe(statement.reference.as_ref()),
        Cell::on(dates.map(|(from, _)| from)),
        Cell::on(dates.map(|(_, to)| to)),
        count(statement.lines.len()),
        count(statement.skipped.len()),
        Cell::maybe(statement.currency),
        Cell::signed(statement.opening.map(|balance| balance.amount), currency),
        Cell::signed(debits, currency),
        Cell::signed(credits, currency),
        Cell::signed(statement.closing.map(|balance| balance.amount), currency),
        statement.balance_ok.map_or(Cell::Empty, Cell::Flag),
        findings(&statement.findings, currency),
    ]
}
