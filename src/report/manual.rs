//! Writes `docs/json.md` from the fields, and checks that the file is what they give.

use std::{fmt::Write as _, path::PathBuf};

use super::{
    activity, allocation, analytics, audit, bank, bank_proposal, bank_rule,
    cell::CellKind,
    column::Column,
    config, controls, event, exclusion, explanation,
    field::{Field, columns},
    forward, history, holder, holder_statement, imported_history, ledger, nav, payment,
    payment_file, portfolio, proceeds, project, proposal, reconciliation, reserve, statement_file,
    tax, tax_certificate, tax_profile, tax_schedule, token, user, withdrawal,
};

const BEGIN: &str = "\
# JSON and CSV

A list is an array of objects, a single thing is one object. Amounts, tokens and percentages are strings, counts are numbers,
an absent value is `null`. CSV has the same fields in the same order; its lines end in LF, for `join`, `comm` and `awk`. A result
with several lists is one table as CSV: its first column names the list of the row, and what is said once, such as the holder, is
in every row.

| type | JSON | CSV |
|---|---|---|
| text | string | text |
| money, tokens, percentage, ratio | string with a plain decimal, such as `\"1250000.50\"` | plain decimal |
| count | number | number |
| yes or no | `true` or `false` | `true` or `false` |
| date | string, `2026-06-30` | the same |
| time | string in RFC 3339, UTC | the same |
| account number | string, masked unless `--show-pii` is given | text |
| names, amounts | array of strings | separated by spaces |
| object | object or array | JSON |

This page is made from the program: `UPDATE_DOCS=1 cargo test --lib docs_json` writes it.
";

/// What a command prints.
struct Output {
    /// The commands.
    commands: &'static str,
    /// What else is to be known.
    note: &'static str,
    /// The fields.
    columns: Vec<Column>,
    /// The lists that belong to it.
    lists: Vec<(&'static str, Vec<Column>)>,
}

fn output<T>(commands: &'static str, fields: &[Field<T>]) -> Output {
    Output {
        commands,
        note: "",
        columns: columns(fields),
        lists: Vec::new(),
    }
}

fn lists(commands: &'static str) -> Output {
    output::<()>(commands, &[])
}

impl Output {
    fn note(self, note: &'static str) -> Self {
        Self { note, ..self }
    }

    fn list<T>(mut self, name: &'static str, fields: &[Field<T>]) -> Self {
        self.lists.push((name, columns(fields)));
        self
    }

    fn and<T>(mut self, fields: &[Field<T>]) -> Self {
        self.columns.extend(columns(fields));
        self
    }
}

fn outputs() -> Vec<Output> {
    [
        registers(),
        events(),
        taxes(),
        bank_side(),
        reports(),
        whole(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn registers() -> Vec<Output> {
    vec![
        output("user …", user::FIELDS),
        output("project …", project::FIELDS),
        output("project show", project::FIELDS).and(project::SUPPLY),
        output("nav …", nav::FIELDS),
        output("holder …", holder::FIELDS),
        output("holder account list", holder::ACCOUNTS),
        output("holder import", holder::IMPORTED),
        output(
            "token issue`, `transfer`, `redeem`, `history",
            token::ENTRIES,
        ),
        output("token import", token::IMPORTED)
            .list("changes", token::CHANGES)
            .list("codes", token::CODES)
            .note("`changes` lists every holder, and is there if the file replaced the register."),
        output("token imports`, `undo", token::IMPORTS),
        output("token register", token::REGISTER),
    ]
}

fn events() -> Vec<Output> {
    vec![
        output("event …", event::FIELDS),
        with_lists(output("event show", event::FIELDS)),
        with_lists(output("event calculate`, `approve", event::FIELDS).and(event::CALCULATED)),
        Output {
            columns: history::columns(),
            ..lists("report history`, and the file `history` of a month end: `report month-end")
        }
        .note("`total_available` and `held_amount` are null unless the event is active or completed: nothing is owed of others."),
        output("event allocations`, `report allocations", allocation::FIELDS),
        output("event allocations --components", proceeds::ALLOCATION_COMPONENTS),
        output("event explain", explanation::EXPLANATION)
            .list("deductions", proceeds::DEDUCTIONS)
            .list("exclusions", exclusion::EXCLUDED)
            .list("components", explanation::PARTS)
            .list("taxes", explanation::TAXES)
            .list("withdrawals", explanation::REQUESTS)
            .list("payments", explanation::PAYMENTS),
        output(
            "reserve list`, and the file `reserves` of a month end: `report month-end",
            reserve::FIELDS,
        ),
        output("reserve list --movements", reserve::MOVEMENTS),
        output(
            "forward list`, and the file `carried-forward` of a month end: `report month-end",
            forward::FIELDS,
        ),
        output("withdrawal …", withdrawal::FIELDS).note(
            "`withdrawal request`, `approve`, `reject`, `cancel`, `pay` and `list` print an array, `withdrawal set` and `show` one object.",
        ),
        output("payment …", payment::FIELDS)
            .note("`bank_line` is the line with which a payment is matched. `payment return --from` prints an array."),
        output("payment show", payment::FIELDS).list("corrections", payment::CORRECTIONS)
            .note("Only a payment that was corrected has `corrections`."),
        output("payment file …", payment_file::FIELDS),
        output("payment file show", payment_file::FIELDS).list("items", payment_file::ITEMS),
    ]
}

/// Adds the lists that belong to an event.
fn with_lists(of: Output) -> Output {
    of.list("deductions", proceeds::DEDUCTIONS)
        .list("components", proceeds::COMPONENTS)
        .list("exclusions", exclusion::EXCLUDED)
}

fn taxes() -> Vec<Output> {
    vec![
        output("tax profile list", tax_profile::FIELDS),
        output("tax profile test", tax_profile::FIELDS)
            .list("rules", tax_profile::RULES)
            .list("authorities", tax_profile::AUTHORITIES),
        output("tax certificate …", tax_certificate::FIELDS)
            .note("`tax certificate approve` and `reject` print an array."),
        output("tax due", tax::DUE),
        output("report month-end`, the file `tax", tax::DUE).and(tax::OF_MONTH),
        output("tax remittance list", tax::REMITTANCES),
        output("tax remit`, `remittance show`, `reverse", tax::REMITTANCES)
            .list("taxes", tax::ITEMS),
        output("report tax-schedule", tax_schedule::SCHEDULE)
            .note("`tax_number` is masked unless `--show-pii` is given."),
        output("report tax-schedule --layout ng-wht", tax_schedule::NG_WHT),
        output("report tax-year", tax_schedule::YEAR)
            .note("`tax_rate` is null if the components of an allocation have different rates."),
    ]
}

fn bank_side() -> Vec<Output> {
    vec![
        output("bank add`, `set`, `list`, `show", bank::ACCOUNTS),
        output("bank import`, `statements", bank::STATEMENTS).note(
            "A file with several statements gives an array. A finding is an object of `kind difference line detail`.",
        ),
        output("bank lines`, and commands that change a line: `bank …", bank::LINES)
            .note("Money out is negative. `class` is where the reconciliation puts the line. `bank confirm`, `reject` and `resolve` of one named line print an object, else an array."),
        output("bank proposals", bank_proposal::FIELDS)
            .note("What is said of several payees is joined with `, `. `proposal` is `payment`, `return` or `remittance`. `payments` has withdrawals that are not recorded as paid, too."),
        output("bank explain", bank::LINES)
            .list("alternatives", bank::ALTERNATIVES)
            .list("compared", bank::COMPARED),
        output("bank reconcile", reconciliation::RUN)
            .list("classes", reconciliation::RUN_CLASSES),
        output("bank rule list`, `remove", bank_rule::FIELDS)
            .note("`bank rule add` prints the proposal. A rule is named by the proposal by which it came."),
        output("proposal …`, `bank rule add", proposal::FIELDS)
            .note("`proposal approve` and `reject` print an array."),
        output("history import`, `proposal show", proposal::FIELDS)
            .list("events", imported_history::EVENTS)
            .list("holders", imported_history::HOLDERS)
            .note("Of the proposals only those to import past events have `events` and `holders`."),
        output("bank profile list", bank::PROFILES),
        output("bank profile test", statement_file::FIELDS)
            .list("statements", statement_file::STATEMENTS)
            .list("lines", statement_file::LINES)
            .list("skipped", statement_file::SKIPPED)
            .list("proofs", statement_file::PROOFS)
            .list("decisions", statement_file::DECISIONS),
    ]
}

fn reports() -> Vec<Output> {
    vec![
        output("report balances", portfolio::BALANCES),
        output("report portfolio", portfolio::PORTFOLIO)
            .list("holdings", portfolio::HOLDINGS)
            .list("totals", portfolio::TOTALS)
            .list("events", portfolio::EVENTS)
            .list("payments", portfolio::PAYMENTS),
        output("report statement", holder_statement::FIELDS)
            .list("balances", holder_statement::BALANCES)
            .list("movements", holder_statement::MOVEMENTS),
        output("report activity", activity::FIELDS),
        lists("report controls")
            .list("counts", controls::COUNTS)
            .list("exceptions", controls::EXCEPTIONS),
        lists("report analytics")
            .list("totals", analytics::TOTALS)
            .list("by_type", analytics::BY_TYPE)
            .list("by_project", analytics::BY_PROJECT)
            .list("by_quarter", analytics::BY_QUARTER)
            .list("by_year", analytics::BY_YEAR)
            .list("payment_days", analytics::PAYMENT_DAYS)
            .list("concentration", analytics::CONCENTRATION)
            .list("top_holders", analytics::TOP_HOLDERS)
            .list("per_token", analytics::PER_TOKEN)
            .list("yields", analytics::YIELDS)
            .list("ageing", analytics::AGEING)
            .list("formulas", analytics::FORMULA),
        lists("report reconciliation")
            .list("classes", reconciliation::CLASSES)
            .list("paid_not_on_bank", reconciliation::AGES)
            .list("items", reconciliation::ITEMS)
            .list("bank_proof", reconciliation::BANK)
            .list("ledger_proof", reconciliation::LEDGER),
        output(
            "report month-end`, the file `trial-balance",
            super::journal::TRIAL_BALANCE,
        ),
    ]
}

fn whole() -> Vec<Output> {
    vec![
        output("audit log", audit::FIELDS),
        output("audit head", audit::HEAD),
        output("audit verify", audit::VERIFICATION).list("findings", audit::FINDINGS),
        output("backup", ledger::BACKUP),
        output("migrate", ledger::MIGRATION),
        output("check", ledger::ALL_CHECKS).list("checks", ledger::CHECKS),
        output("whoami", user::IDENTITY),
        output("config show", config::FIELDS),
        output("status", ledger::STATUS).list("waiting", ledger::OPEN_WORK),
    ]
}

const fn type_name(kind: CellKind) -> &'static str {
    match kind {
        CellKind::Text => "text",
        CellKind::Money => "money",
        CellKind::Tokens => "tokens",
        CellKind::Percent => "percentage",
        CellKind::Ratio => "ratio",
        CellKind::Series => "amounts",
        CellKind::Count => "count",
        CellKind::Flag => "yes or no",
        CellKind::Date => "date",
        CellKind::Instant => "time",
        CellKind::Account => "account number",
        CellKind::Names => "names",
        CellKind::Json => "object",
    }
}

fn table(columns: &[Column], page: &mut String) {
    page.push_str("\n| field | type | meaning |\n|---|---|---|\n");
    for column in columns {
        let kind = type_name(column.kind);
        writeln!(page, "| `{}` | {kind} | {} |", column.field, column.heading).unwrap();
    }
}

fn page() -> String {
    let mut page = BEGIN.to_owned();
    for output in outputs() {
        writeln!(page, "\n## `{}`", output.commands).unwrap();
        if !output.note.is_empty() {
            writeln!(page, "\n{}", output.note).unwrap();
        }
        if !output.columns.is_empty() {
            table(&output.columns, &mut page);
        }
        for (name, columns) in &output.lists {
            writeln!(page, "\nThe list `{name}`:").unwrap();
            table(columns, &mut page);
        }
    }
    page
}

#[test]
fn docs_json_lists_the_fields_of_every_result() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/json.md");
    let page = page();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap();
    assert!(
        found == page,
        "`docs/json.md` differs from the fields; write it with `UPDATE_DOCS=1 cargo test --lib docs_json`"
    );
}

#[test]
fn no_result_has_two_fields_of_one_name() {
    for output in outputs() {
        let names = output.columns.iter().map(|column| column.field);
        let lists = output.lists.iter().map(|(name, _)| *name);
        let mut all: Vec<&str> = names.chain(lists).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count, "{}", output.commands);
    }
}
