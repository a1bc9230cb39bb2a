//! The import of a statement file: what is new, what the ledger has already, and what is odd.

use super::{
    Refused,
    account::{names_account, shown_masked},
    bank,
    bank::{FundAccount, ImportedStatement},
    code::{Code, StatementNumber},
    id::{StatementId, UserRef},
    identity::{self, Compared, LedgerLine, Novelty, balances_prove},
    statement::{
        FindingKind, LineSums, SkippedRow, Statement, StatementFile, StatementFinding,
        StatementLine,
    },
    time::Instant,
};

/// What an import did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// Whether this file was imported into the account before, so that nothing was written now.
    pub already_imported: bool,
    /// The statements of the file.
    pub statements: Vec<ImportedStatement>,
    /// What was decided because the file itself does not say it. Only reported the first time.
    pub decisions: Vec<String>,
    /// Rows that are not booked lines. Only reported the first time.
    pub skipped: Vec<SkippedRow>,
    /// Statements of other accounts that were left out. Only reported the first time.
    pub left_out: Vec<LeftOut>,
}

/// A statement of a file that is not imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The account that it names, masked.
    pub named: String,
    /// The account of the ledger that it belongs to, if there is one.
    pub account: Option<Code>,
}

/// A statement of a file, and its place in it, counted from 1.
#[derive(Clone, Copy, Debug)]
pub struct Placed<'a> {
    /// The statement.
    pub statement: &'a Statement,
    /// Its place.
    pub position: u64,
}

/// The statements of a file that go into one account, and those that do not.
#[derive(Clone, Debug)]
pub struct Selection<'a> {
    /// The account.
    pub account: &'a FundAccount,
    /// Those that go into it.
    pub taken: Vec<Placed<'a>>,
    /// Those that do not.
    pub left_out: Vec<LeftOut>,
}

/// What becomes of lines that may be in the ledger in another form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lookalikes {
    /// The file is refused.
    Refuse,
    /// They are new lines: the user looked at them.
    TakeAsNew,
}

/// The number, the time and the user of an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The number of the statement.
    pub number: StatementNumber,
    /// Its id.
    pub id: StatementId,
    /// Who imports it.
    pub imported_by: UserRef,
    /// When.
    pub imported_at: Instant,
}

/// A statement to be imported, and what the ledger has.
#[derive(Clone, Copy, Debug)]
pub struct Incoming<'a> {
    /// The account.
    pub account: &'a FundAccount,
    /// The file.
    pub file: &'a StatementFile,
    /// The SHA-256 hash of the file.
    pub file_hash: &'a str,
    /// One of its statements.
    pub statement: &'a Statement,
    /// The place of the statement in the file, counted from 1.
    pub position: u64,
    /// The number of the first statement of the file.
    pub first: StatementNumber,
    /// The ledger's lines of the days that the statement covers, and those with its ids.
    pub ledger_lines: &'a [LedgerLine],
    /// The statements of the account that came before it.
    pub earlier: &'a [ImportedStatement],
}

/// What the import of a statement records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementPlan {
    /// The statement.
    pub record: ImportedStatement,
    /// For every line of the statement, in its order, whether it is new.
    pub lines: Vec<Novelty>,
    /// Why the statement is refused unless the user says that its lines are new.
    pub doubt: Option<Refused>,
}

impl Imported {
    /// Describes the first import of a file.
    pub fn new(statements: Vec<ImportedStatement>, file: &StatementFile) -> Self {
        let skipped = file
            .statements
            .iter()
            .flat_map(|statement| &statement.skipped);
        Self {
            already_imported: false,
            statements,
            decisions: file.decisions.clone(),
            skipped: skipped.cloned().collect(),
            left_out: Vec::new(),
        }
    }

    /// Describes a file that was imported before: nothing of it is new.
    pub fn again(statements: Vec<ImportedStatement>) -> Self {
        let as_known = |statement: ImportedStatement| ImportedStatement {
            lines_known: statement.lines_known + statement.lines_new,
            lines_new: 0,
            ..statement
        };
        Self {
            already_imported: true,
            statements: statements.into_iter().map(as_known).collect(),
            decisions: Vec::new(),
            skipped: Vec::new(),
            left_out: Vec::new(),
        }
    }
}

impl LeftOut {
    fn of(named: &str, accounts: &[FundAccount]) -> Self {
        Self {
            named: shown_masked(named),
            account: owner(named, accounts).map(|owner| owner.account.code.clone()),
        }
    }

    /// Says what was left out and where it belongs.
    pub fn words(&self) -> String {
        let named = &self.named;
        match &self.account {
            Some(account) => format!(
                "the statement of account {named} in this file was left out; it belongs to {account}"
            ),
            None => format!(
                "the statement of account {named} in this file was left out; it is not an account of the ledger"
            ),
        }
    }
}

/// Finds the account of the ledger that a file names.
fn owner<'a>(named: &str, accounts: &'a [FundAccount]) -> Option<&'a FundAccount> {
    accounts
        .iter()
        .find(|account| names_account(named, &account.bank.account_number))
}

/// Numbers the statements of a file.
fn placed(file: &StatementFile) -> impl Iterator<Item = Placed<'_>> {
    file.statements
        .iter()
        .zip(1..)
        .map(|(statement, position)| Placed {
            statement,
            position,
        })
}

/// Selects the statements of a file that go into an account. In a file that names the account these
/// are its own and those that name none; the others are left out. `accounts` are all accounts of the
/// fund.
///
/// # Errors
/// [`Refused::BankCurrency`], [`Refused::BankOtherAccount`].
pub fn select<'a>(
    file: &'a StatementFile,
    account: &'a FundAccount,
    accounts: &[FundAccount],
) -> Result<Selection<'a>, Refused> {
    let is_ours = |named: &str| names_account(named, &account.bank.account_number);
    let mut names = file
        .statements
        .iter()
        .filter_map(|statement| statement.account.as_deref());
    let has_ours = names.any(is_ours);
    let (mut taken, mut left_out) = (Vec::new(), Vec::new());
    for placed in placed(file) {
        match placed.statement.account.as_deref() {
            Some(named) if has_ours && !is_ours(named) => {
                left_out.push(LeftOut::of(named, accounts));
            }
            Some(_) | None => taken.push(placed),
        }
    }
    for placed in &taken {
        must_belong(placed.statement, account, accounts)?;
    }
    Ok(Selection {
        account,
        taken,
        left_out,
    })
}

/// Selects the account of each statement of a file: the one that it names. Those of no account of the
/// ledger are left out, with the first selection.
///
/// # Errors
/// [`Refused::StatementUnnamed`] if a statement names no account; [`Refused::BankNotInFile`] if none
/// is of the ledger; [`Refused::BankCurrency`].
pub fn select_all<'a>(
    file: &'a StatementFile,
    accounts: &'a [FundAccount],
) -> Result<Vec<Selection<'a>>, Refused> {
    let mut selections: Vec<Selection<'a>> = Vec::new();
    let mut left_out = Vec::new();
    for placed in placed(file) {
        let Some(named) = placed.statement.account.as_deref() else {
            return Err(Refused::StatementUnnamed {
                position: placed.position,
            });
        };
        let Some(account) = owner(named, accounts) else {
            left_out.push(LeftOut::of(named, accounts));
            continue;
        };
        must_belong(placed.statement, account, accounts)?;
        let known = selections
            .iter_mut()
            .find(|selection| selection.account.account.id == account.account.id);
        match known {
            Some(selection) => selection.taken.push(placed),
            None => selections.push(Selection {
                account,
                taken: vec![placed],
                left_out: Vec::new(),
            }),
        }
    }
    match selections.first_mut() {
        Some(first) => first.left_out = left_out,
        None => {
            return Err(Refused::BankNotInFile {
                named: left_out.into_iter().map(|left| left.named).collect(),
            });
        }
    }
    Ok(selections)
}

/// Refuses a statement in another currency than the account's, and one of another account of the
/// fund. `accounts` are all accounts of the fund.
///
/// # Errors
/// [`Refused::BankCurrency`], [`Refused::BankOtherAccount`].
pub fn must_belong(
    statement: &Statement,
    account: &FundAccount,
    accounts: &[FundAccount],
) -> Result<(), Refused> {
    if let Some(currency) = statement.currency {
        account.must_be_in(currency)?;
    }
    let Some(named) = &statement.account else {
        return Ok(());
    };
    if names_account(named, &account.bank.account_number) {
        return Ok(());
    }
    let mut others = accounts
        .iter()
        .filter(|other| other.account.id != account.account.id);
    match others.find(|other| names_account(named, &other.bank.account_number)) {
        Some(other) => Err(Refused::BankOtherAccount {
            account: account.account.code.clone(),
            other: other.account.code.clone(),
        }),
        None => Ok(()),
    }
}

/// Plans the import of a statement: which lines are new, and what is odd about it. Returns `None`
/// if its sums have too many digits.
pub fn plan(incoming: Incoming<'_>, stamp: Stamp) -> Option<StatementPlan> {
    let Incoming {
        account,
        file,
        statement,
        ..
    } = incoming;
    let proven = balances_prove(&statement.lines);
    let compared = identity::compare(incoming.ledger_lines, &statement.lines, proven);
    let doubt = doubt(incoming, &compared, proven);
    let reissued = compared.reissued.iter().filter_map(|reissued| {
        let line = statement.lines.get(reissued.line)?;
        let detail = format!(
            "the bank's id of this line came with the same amount on {}: it is one line, and the ledger keeps the first form",
            reissued.date
        );
        Some(StatementFinding {
            line: Some(line.place),
            ..StatementFinding::new(FindingKind::Note, detail)
        })
    });
    let reissued: Vec<StatementFinding> = reissued.collect();
    let lines = compared.novelties;
    let lines_known = lines.iter().filter(|line| **line == Novelty::Known).count();
    let LineSums { debits, credits } = statement.sums()?;
    let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let mut record = ImportedStatement {
        number: stamp.number,
        id: stamp.id,
        account: account.account.clone(),
        currency: account.currency,
        file_hash: incoming.file_hash.to_owned(),
        position: incoming.position,
        format: file.format,
        encoding: file.encoding.to_owned(),
        profile: file.profile.clone(),
        reference: statement.reference.clone(),
        opening: statement.opening.map(|balance| balance.amount),
        closing: statement.closing.map(|balance| balance.amount),
        balance_ok: statement.balance_ok,
        balances_proven: proven,
        // The period that a bank prints is what was asked for, often more than the account is old;
        // it counts only if there is no line.
        dates: statement.dates().or(statement.period),
        lines_new: count(lines.len() - lines_known),
        lines_known: count(lines_known),
        lines_skipped: count(statement.skipped.len()),
        debits,
        credits,
        findings: statement.findings.clone(),
        imported_by: stamp.imported_by,
        imported_at: stamp.imported_at,
        voided: None,
    };
    record.findings.extend(reissued);
    record.findings.extend(other_account(statement, account));
    let neighbours = bank::neighbours(&record, incoming.earlier);
    record.findings.extend(neighbours);
    Some(StatementPlan {
        record,
        lines,
        doubt,
    })
}

/// Returns why nothing proves whether lines of a statement are new.
fn doubt(incoming: Incoming<'_>, compared: &Compared, proven: bool) -> Option<Refused> {
    let Incoming {
        account, statement, ..
    } = incoming;
    let decimals = account.currency.decimals();
    let shown =
        |line: &StatementLine| format!("{} {}", line.booking_date, line.amount.grouped(decimals));
    let far = compared.far.iter().filter_map(|far| {
        let line = statement.lines.get(far.line)?;
        Some(format!("{} (the same id on {})", shown(line), far.date))
    });
    let alike = identity::lookalikes(
        incoming.ledger_lines,
        (&statement.lines, incoming.first),
        compared,
        proven,
    );
    let lines: Vec<String> = far.chain(alike.into_iter().map(shown)).collect();
    (!lines.is_empty()).then(|| Refused::BankOverlap {
        account: account.account.code.clone(),
        lines,
    })
}

/// Reports that a statement names an account that is not the one it is imported into.
fn other_account(statement: &Statement, account: &FundAccount) -> Option<StatementFinding> {
    let named = statement.account.as_deref()?;
    if names_account(named, &account.bank.account_number) {
        return None;
    }
    let (named, code) = (shown_masked(named), &account.account.code);
    let detail = format!("the file names account {named}, not that of {code}");
    Some(StatementFinding::new(FindingKind::AccountDiffers, detail))
}
