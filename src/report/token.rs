//! The register as rows.

use super::{
    cell::{Cell, Pii},
    field::{
        Field, count, data, date, flag, instant, key, minor, percent, row, summed, text, tokens,
    },
    record::{Record, Table},
};
use crate::domain::{
    holdings::HoldingChange,
    import::{ImportedRegister, MadeCode, RegisterImport},
    token::{Parties, RegisterLine, TokenEntry},
};

/// The fields of a holding in the register, with its share of all tokens.
pub const REGISTER: &[Field<RegisterLine>] = &[
    text("holder", "holder", |line, _| {
        Cell::text(&line.holding.holder.code)
    }),
    text("holder_name", "name", |line, _| {
        Cell::maybe(line.holding.name.as_ref())
    }),
    summed(tokens("lp_tokens_held", "tokens", |line, _| {
        Cell::tokens(line.holding.tokens)
    })),
    summed(percent("ownership_percentage", "ownership %", |line, _| {
        Cell::Percent(line.ownership)
    })),
];

/// The fields of a register entry. The names are those of an import file.
pub const ENTRIES: &[Field<TokenEntry>] = &[
    date("date", "date", |entry, _| Cell::Date(entry.effective_date)),
    text("kind", "kind", |entry, _| Cell::text(entry.parties.kind())),
    text("holder", "holder", |entry, _| match &entry.parties {
        Parties::Issue(holder) | Parties::Redeem(holder) | Parties::Transfer(holder, _) => {
            Cell::text(&holder.code)
        }
    }),
    text("to", "to", |entry, _| match &entry.parties {
        Parties::Issue(_) | Parties::Redeem(_) => Cell::Empty,
        Parties::Transfer(_, to) => Cell::text(&to.code),
    }),
    key(tokens("tokens", "tokens", |entry, _| {
        Cell::tokens(entry.tokens)
    })),
    text("reference", "reference", |entry, _| {
        Cell::maybe(entry.reference.as_ref())
    }),
    minor(text("import", "import", |entry, _| {
        Cell::maybe(entry.import)
    })),
    minor(text("undoes", "takes back", |entry, _| {
        Cell::maybe(entry.reverses.and_then(|reversed| reversed.import))
    })),
    minor(text("created_by", "recorded by", |entry, _| {
        Cell::text(&entry.created_by.code)
    })),
    data(instant("created_at", "recorded at", |entry, _| {
        Cell::Instant(entry.created_at)
    })),
    data(text("project", "project", |entry, _| {
        Cell::text(&entry.project.code)
    })),
    data(text(
        "reverses",
        "UUID of the entry taken back",
        |entry, _| Cell::maybe(entry.reverses.map(|reversed| reversed.id)),
    )),
    data(text("id", "UUID", |entry, _| Cell::text(entry.id))),
];

/// The fields of an import.
pub const IMPORTS: &[Field<ImportedRegister>] = &[
    key(text("import", "import", |import, _| {
        Cell::text(import.number)
    })),
    text("project", "project", |import, _| {
        Cell::text(&import.project.code)
    }),
    count("entries", "entries", |import, _| {
        Cell::count(import.entries)
    }),
    tokens("tokens", "tokens of the file", |import, _| {
        Cell::Tokens(import.tokens)
    }),
    text("imported_by", "imported by", |import, _| {
        Cell::text(&import.imported_by.code)
    }),
    instant("imported_at", "imported at (UTC)", |import, _| {
        Cell::Instant(import.imported_at)
    }),
    text("undone_by", "taken back by", |import, _| {
        Cell::maybe(import.undone.as_ref().map(|undone| &undone.by.code))
    }),
    minor(instant("undone_at", "taken back at (UTC)", |import, _| {
        Cell::at(import.undone.as_ref().map(|undone| undone.at))
    })),
    data(text("file_hash", "hash of the file", |import, _| {
        Cell::text(&import.file_hash)
    })),
    data(text("id", "UUID", |import, _| Cell::text(import.id))),
];

/// The fields of what an import did.
pub(super) const IMPORTED: &[Field<RegisterImport>] = &[
    text("import", "import", |done, _| Cell::text(done.import)),
    flag("already_imported", "already imported", |done, _| {
        Cell::Flag(done.already_imported)
    }),
    count("rows", "rows read", |done, _| Cell::count(done.rows)),
    count("added", "entries added", |done, _| Cell::count(done.added)),
    count("holders_added", "holders added", |done, _| {
        Cell::count(done.holders_added)
    }),
    tokens("tokens", "tokens", |done, _| Cell::Tokens(done.tokens)),
    count("rows_cut", "rows cut to 7 decimals", |done, _| {
        Cell::count(done.rows_cut)
    }),
    count("rows_left_out", "rows without tokens", |done, _| {
        Cell::count(done.rows_left_out)
    }),
    text("tokens_cut", "tokens cut", |done, _| {
        Cell::text(&done.tokens_cut)
    }),
    tokens("tokens_issued", "tokens issued", |done, _| {
        Cell::Tokens(done.tokens_issued)
    }),
    tokens("tokens_redeemed", "tokens redeemed", |done, _| {
        Cell::Tokens(done.tokens_redeemed)
    }),
];

/// The fields of what changed for a holder when a file replaced the register.
pub(super) const CHANGES: &[Field<HoldingChange>] = &[
    text("holder", "holder", |change, _| Cell::text(&change.holder)),
    summed(tokens("before", "before", |change, _| {
        Cell::Tokens(change.before)
    })),
    summed(tokens("file", "in the file", |change, _| {
        Cell::Tokens(change.file)
    })),
    summed(tokens("after", "after", |change, _| {
        Cell::Tokens(change.after)
    })),
];

/// The fields of a code that was made from a name.
pub(super) const CODES: &[Field<MadeCode>] = &[
    text("code", "code", |made, _| Cell::text(&made.code)),
    text("name", "name", |made, _| Cell::text(&made.name)),
    text("holder", "holder", |made, _| {
        Cell::text(if made.is_new { "added" } else { "exists" })
    }),
];

/// Makes the row of a line of the register.
pub fn holding(line: &RegisterLine) -> Vec<Cell> {
    row(REGISTER, line, Pii::Masked)
}

/// Makes the row of a register entry.
pub fn entry(entry: &TokenEntry) -> Vec<Cell> {
    row(ENTRIES, entry, Pii::Masked)
}

/// Makes the row of an import.
pub fn import(import: &ImportedRegister) -> Vec<Cell> {
    row(IMPORTS, import, Pii::Masked)
}

/// Describes a single import.
pub fn import_record(import: &ImportedRegister) -> Record {
    Record::of(IMPORTS, import, Pii::Masked)
}

/// Describes a single register entry.
pub fn entry_record(entry: &TokenEntry) -> Record {
    Record::of(ENTRIES, entry, Pii::Masked)
}

/// Describes what an import did.
pub fn imported(done: &RegisterImport) -> Record {
    let record = Record::of(IMPORTED, done, Pii::Masked);
    let record = match &done.codes {
        Some(codes) => record.with(Table::of("codes", CODES, codes, Pii::Masked)),
        None => record,
    };
    match &done.changes {
        Some(changes) => record.with(Table::of("changes", CHANGES, changes, Pii::Masked)),
        None => record,
    }
}
