//! Bank accounts, statements and lines as rows, and the explanation of a line.

use super::{
    cell::{Cell, Pii},
    field::{
        Field, account as account_field, count, data, date, detail, flag, instant, json, key,
        minor, money, names, row, summed, text,
    },
    record::{Record, Table},
};
use crate::domain::{
    bank::{BankLine, FundAccount, ImportedStatement},
    code::{RemittanceNumber, WithdrawalNumber},
    currency::Currency,
    masking::{Place, masked},
    matching::{Alternative, Class, Comparison, Tier},
    statement::StatementFinding,
};

/// The fields of a bank account.
pub const ACCOUNTS: &[Field<FundAccount>] = &[
    text("code", "account", |of, _| {
        Cell::words(of.account.code.as_str())
    }),
    text("bank_name", "bank", |of, _| Cell::text(&of.bank.bank_name)),
    minor(text("bank_code", "bank code", |of, _| {
        Cell::maybe(of.bank.bank_code.as_ref())
    })),
    account_field("account_number", "number", |of, pii| {
        Cell::Account(of.bank.account_number.clone(), pii)
    }),
    text("currency", "currency", |of, _| Cell::text(of.currency)),
    text("project", "project", |of, _| {
        Cell::maybe(of.project.as_ref().map(|project| &project.code))
    }),
    data(text("created_by", "created by", |of, _| {
        Cell::words(of.created_by.code.as_str())
    })),
    data(instant("created_at", "created at", |of, _| {
        Cell::Instant(of.created_at)
    })),
    data(text("id", "UUID", |of, _| Cell::text(of.account.id))),
];

/// A statement, and whether its file was imported before.
#[derive(Clone, Debug)]
pub struct StatementRow {
    /// The statement.
    pub statement: ImportedStatement,
    /// Whether its file was imported before.
    pub again: Again,
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

/// The fields of a statement.
pub const STATEMENTS: &[Field<StatementRow>] = &[
    text("statement", "statement", |of, _| {
        Cell::text(of.statement.number)
    }),
    data(text("account", "account", |of, _| {
        Cell::words(of.statement.account.code.as_str())
    })),
    data(flag(
        "already_imported",
        "already imported",
        |of, _| match of.again {
            Again::Listed => Cell::Empty,
            Again::New => Cell::Flag(false),
            Again::Imported => Cell::Flag(true),
        },
    )),
    minor(text("format", "format", |of, _| {
        Cell::text(of.statement.format.as_str())
    })),
    data(text("encoding", "encoding", |of, _| {
        Cell::text(&of.statement.encoding)
    })),
    data(text("profile", "profile", |of, _| {
        Cell::maybe(of.statement.profile.as_ref())
    })),
    data(text("reference", "reference", |of, _| {
        Cell::maybe(
            of.statement
                .reference
                .as_deref()
                .map(|text| masked(text, &[], Place::Reference)),
        )
    })),
    minor(date("date_from", "from", |of, _| {
        Cell::on(of.statement.dates.map(|days| days.first))
    })),
    date("date_to", "to", |of, _| {
        Cell::on(of.statement.dates.map(|days| days.last))
    }),
    minor(summed(count("lines_new", "new lines", |of, _| {
        Cell::count(of.statement.lines_new)
    }))),
    minor(summed(count("lines_known", "known", |of, _| {
        Cell::count(of.statement.lines_known)
    }))),
    minor(summed(count("lines_skipped", "skipped", |of, _| {
        Cell::count(of.statement.lines_skipped)
    }))),
    text("currency", "currency", |of, _| {
        Cell::text(of.statement.currency)
    }),
    minor(money("opening_balance", "opening", |of, _| {
        Cell::signed(of.statement.opening, of.statement.currency)
    })),
    summed(money("debits", "out", |of, _| {
        Cell::Money(of.statement.debits, of.statement.currency)
    })),
    summed(money("credits", "in", |of, _| {
        Cell::Money(of.statement.credits, of.statement.currency)
    })),
    key(money("closing_balance", "closing", |of, _| {
        Cell::signed(of.statement.closing, of.statement.currency)
    })),
    key(flag("balance_ok", "adds up", |of, _| {
        Cell::flag(of.statement.balance_ok)
    })),
    data(json("findings", "findings", |of, _| {
        findings(&of.statement.findings, of.statement.currency)
    })),
    data(text("file_hash", "hash of the file", |of, _| {
        Cell::text(&of.statement.file_hash)
    })),
    data(text("imported_by", "imported by", |of, _| {
        Cell::words(of.statement.imported_by.code.as_str())
    })),
    data(instant("imported_at", "imported at", |of, _| {
        Cell::Instant(of.statement.imported_at)
    })),
    data(text("voided_by", "taken back by", |of, _| {
        Cell::maybe(of.statement.voided.as_ref().map(|voided| &voided.by.code))
    })),
    data(instant("voided_at", "taken back at", |of, _| {
        Cell::at(of.statement.voided.as_ref().map(|voided| voided.at))
    })),
    minor(text("void_reason", "taken back", |of, _| {
        Cell::maybe(of.statement.voided.as_ref().map(|voided| &voided.reason))
    })),
    data(text("id", "UUID", |of, _| Cell::text(of.statement.id))),
];

/// The fields of a bank line.
pub const LINES: &[Field<BankLine>] = &[
    text("code", "line", |of, _| Cell::text(of.number)),
    detail(text("statement", "statement", |of, _| {
        Cell::text(of.statement)
    })),
    detail(count("line_number", "line of the file", |of, _| {
        Cell::count(of.line.place)
    })),
    date("booking_date", "booked", |of, _| {
        Cell::Date(of.line.booking_date)
    }),
    detail(date("value_date", "value date", |of, _| {
        Cell::on(of.line.value_date)
    })),
    key(summed(money("amount", "amount", |of, _| {
        Cell::Money(of.line.amount, of.currency)
    }))),
    detail(text("currency", "currency", |of, _| {
        Cell::text(of.currency)
    })),
    detail(money("balance", "balance after", |of, _| {
        Cell::signed(of.line.balance, of.currency)
    })),
    minor(text("reference", "reference", |of, pii| {
        hidden(of, of.line.reference.as_deref(), (of.reference_place, pii))
    })),
    minor(text("description", "description", |of, pii| {
        hidden(of, Some(&of.line.description), (Place::Text, pii))
    })),
    detail(text("kind", "kind", |of, _| Cell::text(of.kind.as_str()))),
    key(text("class", "class", |of, _| {
        Cell::text(of.classification.class)
    })),
    names("payments", "payments", |of, _| {
        let payments = of.classification.payments.iter();
        Cell::names(payments.map(|(withdrawal, payment)| match payment {
            Some(payment) => payment.to_string(),
            None => withdrawal.to_string(),
        }))
    }),
    minor(names("remittances", "tax", |of, _| {
        Cell::names(&of.classification.remittances)
    })),
    minor(text("match_tier", "tier", |of, _| {
        Cell::maybe(of.classification.tier.map(Tier::as_str))
    })),
    detail(names("lines", "other lines", |of, _| {
        Cell::names(&of.classification.lines)
    })),
    detail(text("detail", "why", |of, _| {
        Cell::maybe(of.classification.detail.as_ref())
    })),
    detail(text("rule", "rule", |of, _| {
        Cell::maybe(of.classification.rule)
    })),
    detail(instant("decided_at", "since", |of, _| {
        Cell::at(of.classification.since)
    })),
    detail(text("account", "account", |of, _| {
        Cell::words(of.account.code.as_str())
    })),
    data(text("bank_id", "the bank's own id", |of, pii| {
        hidden(of, of.line.bank_id.as_deref(), (Place::Reference, pii))
    })),
    detail(text("end_to_end", "end-to-end", |of, pii| {
        hidden(of, of.line.end_to_end.as_deref(), (Place::Reference, pii))
    })),
    detail(text("counterparty_name", "other side", |of, pii| {
        hidden(of, of.line.counterparty_name.as_deref(), (Place::Text, pii))
    })),
    data(text("id", "UUID", |of, _| Cell::text(of.id))),
];

/// A layout of statement files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Its name.
    pub name: String,
    /// Which files it reads.
    pub description: String,
}

/// The fields of a layout of statement files.
pub const PROFILES: &[Field<Layout>] = &[
    text("name", "profile", |of, _| Cell::text(&of.name)),
    text("description", "for", |of, _| Cell::text(&of.description)),
];

/// A request or a remittance that a line was compared with, and whether it was taken.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    alternative: Alternative,
    verdict: String,
}

/// The fields of a request or a remittance that a line was compared with.
pub(super) const ALTERNATIVES: &[Field<Candidate>] = &[
    text("withdrawal", "withdrawal", |of, _| {
        Cell::maybe(of.alternative.withdrawal)
    }),
    text("payment", "payment", |of, _| {
        Cell::maybe(of.alternative.payment)
    }),
    text("remittance", "tax", |of, _| {
        Cell::maybe(of.alternative.remittance)
    }),
    text("tier", "tier", |of, _| {
        Cell::maybe(of.alternative.tier.map(Tier::as_str))
    }),
    text("verdict", "verdict", |of, _| Cell::text(&of.verdict)),
];

/// A field of a line and of a request or a remittance that were compared.
#[derive(Clone, Debug)]
pub(super) struct ComparedField {
    withdrawal: Option<WithdrawalNumber>,
    remittance: Option<RemittanceNumber>,
    compared: Comparison,
}

/// The fields of a comparison.
pub(super) const COMPARED: &[Field<ComparedField>] = &[
    text("withdrawal", "withdrawal", |of, _| {
        Cell::maybe(of.withdrawal)
    }),
    text("remittance", "tax", |of, _| Cell::maybe(of.remittance)),
    text("field", "field", |of, _| Cell::text(of.compared.field)),
    text("bank", "bank", |of, _| Cell::text(&of.compared.bank)),
    text("ledger", "ledger", |of, _| Cell::text(&of.compared.ledger)),
    flag("agrees", "agrees", |of, _| Cell::Flag(of.compared.agrees)),
];

/// Makes the row of a bank account.
pub fn account(account: &FundAccount, pii: Pii) -> Vec<Cell> {
    row(ACCOUNTS, account, pii)
}

/// Describes a single bank account.
pub fn account_record(account: &FundAccount, pii: Pii) -> Record {
    Record::of(ACCOUNTS, account, pii)
}

/// Makes the row of a statement.
pub fn statement(statement: &StatementRow) -> Vec<Cell> {
    row(STATEMENTS, statement, Pii::Masked)
}

/// Describes a single statement.
pub fn statement_record(statement: &StatementRow) -> Record {
    Record::of(STATEMENTS, statement, Pii::Masked)
}

/// Makes the row of a layout of statement files.
pub fn layout(layout: &Layout) -> Vec<Cell> {
    row(PROFILES, layout, Pii::Masked)
}

/// Makes the row of a bank line.
pub fn line(line: &BankLine, pii: Pii) -> Vec<Cell> {
    row(LINES, line, pii)
}

/// Describes a single line.
pub fn line_record(line: &BankLine, pii: Pii) -> Record {
    Record::of(LINES, line, pii)
}

/// Describes findings: their kind, their difference as plain money, the line of the file and the
/// words.
pub(super) fn findings(findings: &[StatementFinding], currency: Currency) -> Cell {
    let finding = |finding: &StatementFinding| {
        serde_json::json!({
            "kind": finding.kind.as_str(),
            "difference": finding.difference.map(|difference| difference.plain(currency.decimals())),
            "line": finding.line,
            "detail": masked(&finding.detail, &[], Place::Text),
        })
    };
    Cell::Json(findings.iter().map(finding).collect())
}

/// Makes a cell of a text of a line; account numbers in it are hidden unless the user asked to see
/// them.
pub(super) fn hidden(line: &BankLine, text: Option<&str>, (place, pii): (Place, Pii)) -> Cell {
    let Some(text) = text else {
        return Cell::Empty;
    };
    match pii {
        Pii::Masked => Cell::text(masked(text, &line.known_accounts, place)),
        Pii::Shown => Cell::text(text),
    }
}

/// Makes a cell of a bank's words that are in no ledger yet; what has the form of an account number
/// is hidden.
pub(super) fn words(text: &str, pii: Pii) -> Cell {
    match pii {
        Pii::Masked => Cell::text(masked(text, &[], Place::Text)),
        Pii::Shown => Cell::text(text),
    }
}

/// Describes a line, and every request and remittance that it was compared with.
pub fn explanation(line: &BankLine, alternatives: &[Alternative], pii: Pii) -> Record {
    let class = &line.classification;
    let decided = class.class != Class::Ambiguous && class.tier.is_some();
    let candidates = alternatives.iter().map(|alternative| {
        let mut payments = class.payments.iter();
        let mut remittances = class.remittances.iter();
        let is_linked = payments.any(|(number, _)| Some(*number) == alternative.withdrawal)
            || remittances.any(|number| Some(*number) == alternative.remittance);
        let taken = decided && is_linked;
        Candidate {
            verdict: format!(
                "{}{}",
                if taken { "taken: " } else { "" },
                alternative.verdict
            ),
            alternative: alternative.clone(),
        }
    });
    let known = &line.known_accounts;
    let shown = |text: &str| match pii {
        Pii::Masked => masked(text, known, line.reference_place).into_owned(),
        Pii::Shown => text.to_owned(),
    };
    let compared = alternatives.iter().flat_map(|alternative| {
        alternative.compared.iter().map(|compared| ComparedField {
            withdrawal: alternative.withdrawal,
            remittance: alternative.remittance,
            compared: Comparison {
                bank: shown(&compared.bank),
                ledger: shown(&compared.ledger),
                ..compared.clone()
            },
        })
    });
    line_record(line, pii)
        .with(Table::of("alternatives", ALTERNATIVES, candidates, pii))
        .with(Table::of("compared", COMPARED, compared, pii))
}
