//! Every command that writes, each with a ledger on which it has something to do.

use std::{collections::BTreeSet, fs};

use crate::{
    architecture::commands::leaves,
    support::{Desk, Ran},
};

/// A command that writes.
pub(crate) struct WriteCommand {
    start: Start,
    before: &'static [&'static str],
    /// The whole line, without its key.
    pub(crate) line: &'static str,
    /// Whether it takes a key.
    pub(crate) keyed: bool,
    /// How it ends when all goes well.
    pub(crate) ends: i32,
    /// Whether its change of the ledger is only a note, which may be missing.
    pub(crate) aside: bool,
}

/// What is there before.
#[derive(Clone, Copy)]
enum Start {
    /// No ledger.
    Nothing,
    /// A ledger of an older version.
    Old,
    /// A ledger with its users.
    Users,
    /// With a register.
    Register,
    /// With an active event.
    Event,
    /// With a bank account and three approved withdrawals.
    Bank,
    /// With a statement whose line is proposed for a withdrawal.
    Proposed,
}

use Start::{Bank, Event, Nothing, Old, Proposed, Register, Users};

const fn writing(
    start: Start,
    before: &'static [&'static str],
    line: &'static str,
) -> WriteCommand {
    WriteCommand {
        start,
        before,
        line,
        keyed: true,
        ends: 0,
        aside: false,
    }
}

const REQUESTED: &[&str] = &["withdrawal request --event E1 --all-holders --as bola"];
const APPROVED: &[&str] = &[
    "withdrawal request --event E1 --all-holders --as bola",
    "withdrawal approve --event E1 --all --hash REVIEWED --as chi",
];
const DRAFT: &[&str] = &[
    "event create E2 --project LAGOS --type exit --title Sale --amount 12.34 --date 2026-03-31 --as bola",
];
const PROCEEDS: &[&str] = &[
    "event create E2 --project LAGOS --type exit --title Sale --gross 12.34 --component income=rest --date 2026-03-31 --as bola",
];
const RESERVING: &[&str] = &[
    "event create E2 --project LAGOS --type exit --title Sale --gross 12.34 --component income=1 --component interest=rest --date 2026-03-31 --as bola",
    "event deduct E2 --kind reserve --name Roof --percent 10 --of gross --as bola",
    "event calculate E2 --as bola",
];
const CALCULATED: &[&str] = &[
    "event create E2 --project LAGOS --type exit --title Sale --amount 12.34 --date 2026-03-31 --as bola",
    "event calculate E2 --as bola",
];
const EXCLUDED: &[&str] = &[
    "project exclude h3 --project LAGOS --policy retain --reason treasury --from 2026-01-01 --as bola",
];
/// A remainder that no bank can pay waits for the next event.
const FINE: &[&str] = &[
    "event create E2 --project LAGOS --type exit --title Sale --amount 12.3400001 --unit 0.0000001 --date 2026-03-31 --as bola",
    "event calculate E2 --as bola",
    "event approve E2 --as chi",
];
const SMALL: &[&str] = &[
    "event create E2 --project LAGOS --type exit --title Sale --amount 12.34 --minimum 1000 --date 2026-03-31 --as bola",
    "event calculate E2 --as bola",
    "event approve E2 --as chi",
];
const CERTIFICATE: &[&str] = &[
    "tax certificate add h2 --kind exemption --reference FIRS/1 --from 2026-01-01 --until 2026-12-31 --as bola",
];
const CERTIFIED: &[&str] = &[CERTIFICATE[0], "tax certificate approve X-1 --as chi"];
const TAXED: &[&str] = &[
    crate::tax::HOLDERS[0],
    crate::tax::HOLDERS[1],
    crate::tax::HOLDERS[2],
    "project set LAGOS --tax-profile ng-2026 --as bola",
    "event create E2 --project LAGOS --type dividend --title Interim --amount 12.34 --component income=10 --component return_of_capital=rest --date 2026-03-31 --as bola",
];
const TAX_CALCULATED: &[&str] = &[
    TAXED[0],
    TAXED[1],
    TAXED[2],
    TAXED[3],
    TAXED[4],
    "event calculate E2 --as bola",
];
const TAX_OWED: &[&str] = &[
    TAXED[0],
    TAXED[1],
    TAXED[2],
    TAXED[3],
    TAXED[4],
    TAX_CALCULATED[5],
    "event approve E2 --as chi",
];
const REMIT: &str =
    "tax remit --authority NRS --period 2026-06 --reference RRR-1 --date 2026-06-22 --as bola";
const REMITTED: &[&str] = &[
    TAXED[0],
    TAXED[1],
    TAXED[2],
    TAXED[3],
    TAXED[4],
    TAX_CALCULATED[5],
    TAX_OWED[6],
    REMIT,
];
/// The remittance is on the bank, and a run proposes it.
const TAX_PROPOSED: &[&str] = &[
    TAXED[0],
    TAXED[1],
    TAXED[2],
    TAXED[3],
    TAXED[4],
    TAX_CALCULATED[5],
    TAX_OWED[6],
    REMIT,
    "bank import OPS tax.csv --as bola",
    RECONCILE,
];
const TAX_CONFIRMED: &[&str] = &[
    TAXED[0],
    TAXED[1],
    TAXED[2],
    TAXED[3],
    TAXED[4],
    TAX_CALCULATED[5],
    TAX_OWED[6],
    REMIT,
    "bank import OPS tax.csv --as bola",
    RECONCILE,
    "bank confirm L-1 --as chi",
];
const FILED: &[&str] =
    &["payment file create --account OPS --event E1 --profile generic --as bola"];
const BY_HAND: &[&str] = &[
    "withdrawal pay W-1 --reference HAND --date 2026-06-23 --yes --as bola",
    "bank import OPS june.csv --as bola",
];
const MATCHED: &[&str] = &[
    "withdrawal pay W-1 --reference HAND --date 2026-06-23 --yes --as bola",
    "bank import OPS june.csv --as bola",
    "bank match L-1 P-1 --as bola",
];
const RULE: &[&str] = &["bank rule add OPS --text CHQBOOK --kind fee --at-most 500 --as bola"];
const RULED: &[&str] = &[
    "bank rule add OPS --text CHQBOOK --kind fee --at-most 500 --as bola",
    "proposal approve Q-1 --as chi",
];

const EXPORTED: &[&str] = &[
    "payment file create --account OPS --event E1 --profile generic --as bola",
    "payment file export F-1 -o sent.csv --as bola",
];
const CHEQUE: &[&str] = &[
    "withdrawal request --event E1 --holder h1 --amount 3 --by cheque --as bola",
    "withdrawal approve W-4 --as chi",
];
const SETTLED: &[&str] = &[
    "withdrawal pay W-1 --reference HAND --date 2026-06-23 --yes --as bola",
    "payment settle P-1 --reason lost --as chi",
];
/// The payment came back, and a credit proves it.
const SENT_BACK: &[&str] = &[
    "withdrawal pay W-3 --amount 7 --reference HAND --date 2026-06-23 --yes --as bola",
    "bank import OPS june.csv --as bola",
    "bank match L-3 P-1 --as bola",
];
/// A statement that a run has looked at.
const RUN_OVER: &[&str] = &["bank import OPS june.csv --as bola", RECONCILE];
const RECONCILE: &str = "bank reconcile OPS --as bola";

/// The commands that a run is about: all of them, or those with some words, such as
/// `PRORATA_TEST_COMMAND='history import'`.
pub(crate) fn about() -> Vec<&'static WriteCommand> {
    let words = std::env::var("PRORATA_TEST_COMMAND").unwrap_or_default();
    let commands = WRITING.iter();
    commands
        .filter(|command| command.line.contains(&words))
        .collect()
}

/// All of them, in the order of the command line.
#[rustfmt::skip]
pub(crate) const WRITING: &[WriteCommand] = &[
    writing(Nothing,  &[],        "init --user ada --name Ada"),
    WriteCommand { aside: true, ..writing(Event, &[], "backup copy.db --as ada") },
    WriteCommand { keyed: false, ..writing(Old, &[], "migrate --as ada") },
    writing(Users,    &[],        "user add eve --role auditor --as ada"),
    writing(Users,    &[],        "user set dayo --name Dayo --as ada"),
    writing(Users,    &[],        "project add KIGALI --name Kigali --currency USD --as bola"),
    writing(Register, &[],        "project set LAGOS --name Lagos --as bola"),
    writing(Register, &[],        "nav set LAGOS 500 --date 2026-01-01 --as bola"),
    writing(Users,    &[],        "holder add h9 --name Nine --account-number 0123456194 --as bola"),
    writing(Register, &[],        "holder set h1 --email h1@example.org --as bola"),
    writing(Register, &[],        "holder rename h1 h9 --as bola"),
    writing(Register, &[],        "holder block h1 --reason court-order --as ada"),
    writing(Register, &["holder block h1 --reason court-order --as ada"], "holder unblock h1 --reason lifted --as ada"),
    writing(Users,    &[],        "holder import holders.csv --as bola"),
    writing(Register, &[],        "token issue h1 2.5 --project LAGOS --date 2026-02-01 --as bola"),
    writing(Register, &[],        "token transfer h1 h2 0.5 --project LAGOS --date 2026-02-01 --as bola"),
    writing(Register, &[],        "token redeem h1 0.5 --project LAGOS --date 2026-02-01 --as bola"),
    writing(Register, &[],        "user acknowledge bola --as chi"),
    writing(Register, &[],        "holder account set h1 --account-number 0123456132 --as bola"),
    writing(Register, &[],        "holder account remove h1 --as bola"),
    writing(Register, &[],        "token import cap.csv --project LAGOS --date 2026-02-01 --add --create-holders --as bola"),
    writing(Register, &["token import cap.csv --project LAGOS --date 2026-02-01 --add --create-holders --as bola"], "token undo I-1 --as ada"),
    writing(Register, &[],        "event create E2 --project LAGOS --type exit --title Sale --amount 12.34 --date 2026-03-31 --as bola"),
    writing(Register, DRAFT,      "event calculate E2 --as bola"),
    writing(Register, CALCULATED, "event approve E2 --as chi"),
    writing(Event,    APPROVED,   "event cancel E1 --reason off --yes --as bola"),
    writing(Register, CALCULATED, "event set E2 --amount 20 --as bola"),
    writing(Register, CALCULATED, "event exclude E2 h3 --policy retain --reason treasury --as bola"),
    writing(Register, DRAFT,      "event include E2 h3 --as bola"),
    writing(Register, DRAFT,      "event participants E2 list.csv --policy redistribute --reason unsold --as bola"),
    writing(Register, &[],        "project exclude h3 --project LAGOS --policy retain --reason treasury --from 2026-01-01 --as bola"),
    writing(Register, EXCLUDED,   "project include h3 --project LAGOS --until 2026-12-31 --as bola"),
    writing(Register, SMALL,      "forward release h1 --project LAGOS --event E2 --reason left --as bola"),
    writing(Register, FINE,       "forward write-off --project LAGOS --below 0.01 --reason ended --as bola"),
    writing(Register, &[],        "history import history.csv --project LAGOS --as bola"),
    writing(Register, &["history import history.csv --project LAGOS --as bola"], "proposal approve Q-1 --as chi"),
    writing(Register, &[],        "tax certificate add h2 --kind exemption --reference FIRS/1 --from 2026-01-01 --until 2026-12-31 --as bola"),
    writing(Register, CERTIFICATE, "tax certificate approve X-1 --as chi"),
    writing(Register, CERTIFICATE, "tax certificate reject X-1 --reason no --as chi"),
    writing(Register, CERTIFIED,  "tax certificate end X-1 --on 2026-12-31 --as bola"),
    writing(Register, TAXED,      "event calculate E2 --as bola"),
    writing(Register, TAX_CALCULATED, "event approve E2 --as chi"),
    writing(Register, TAX_OWED,   "event cancel E2 --reason off --yes --as bola"),
    writing(Register, TAX_OWED,   REMIT),
    writing(Register, REMITTED,   "tax remittance reverse T-1 --reason bounced --as chi"),
    writing(Register, PROCEEDS,   "event deduct E2 --kind reserve --name Roof --percent 10 --of gross --as bola"),
    writing(Register, RESERVING,  "event approve E2 --as chi"),
    writing(Event,    &[],        "withdrawal request --event E1 --all-holders --as bola"),
    writing(Bank,     &[],        "withdrawal request --event E1 --holder h1 --amount 3 --by cheque --as bola"),
    writing(Event,    REQUESTED,  "withdrawal set W-1 --notes phoned --as bola"),
    writing(Event,    REQUESTED,  "withdrawal approve --event E1 --all --hash REVIEWED --as chi"),
    writing(Event,    REQUESTED,  "withdrawal reject W-1 --reason twice --as chi"),
    writing(Event,    APPROVED,   "withdrawal cancel W-1 --as bola"),
    writing(Event,    APPROVED,   "withdrawal pay --from pay.csv --yes --as bola"),
    writing(Bank,     CHEQUE,     "withdrawal pay W-4 --by cheque --reference 000417 --date 2026-06-30 --yes --as bola"),
    WriteCommand { aside: true, keyed: false, ..writing(Event, APPROVED, "withdrawal list --show-pii --as dayo") },
    writing(Bank,     &["withdrawal pay W-1 --reference HAND --date 2026-06-23 --yes --as bola"], "payment return P-1 --date 2026-06-24 --reason closed --as chi"),
    writing(Bank,     &["withdrawal pay W-1 --reference HAND --date 2026-06-23 --yes --as bola"], "payment settle P-1 --reason lost --as chi"),
    writing(Bank,     SETTLED,    "payment settle P-1 --undo --as chi"),
    writing(Bank,     &["withdrawal pay W-1 --reference HAND --date 2026-06-23 --yes --as bola"], "payment correct P-1 --reference OTHER --reason typo --as ada"),
    writing(Bank,     &[],        "payment file create --account OPS --event E1 --profile pain.001.001.09 --as bola"),
    writing(Bank,     FILED,      "payment file export F-1 -o file.csv --as bola"),
    writing(Bank,     FILED,      "payment file drop F-1 W-1 --reason blocked --as bola"),
    writing(Bank,     FILED,      "payment file cancel F-1 --reason typo --as bola"),
    writing(Bank,     EXPORTED,   "payment file drop F-1 W-1 --reason blocked --as chi"),
    writing(Bank,     EXPORTED,   "payment file cancel F-1 --reason lost --as chi"),
    writing(Register, &[],        crate::support::ADD_ACCOUNT),
    writing(Bank,     &[],        "bank set OPS --bank-name First --no-project --as bola"),
    writing(Bank,     &[],        "bank import OPS june.csv --as bola"),
    WriteCommand { ends: 3, ..writing(Bank, BY_HAND, "bank reconcile OPS --as bola") },
    writing(Proposed, &[],        "bank confirm L-1 --as bola"),
    writing(Proposed, &[],        "bank confirm --account OPS --all --yes --as bola"),
    writing(Proposed, &[],        "bank reject L-1 --as bola"),
    writing(Bank,     &["bank import OPS june.csv --as bola"], "bank match L-1 W-1 --as bola"),
    writing(Bank,     &["bank import OPS june.csv --as bola"], "bank resolve L-2 L-3 --kind other --reason fee --as bola"),
    writing(Bank,     BY_HAND,    "bank match L-1 P-1 --as bola"),
    writing(Bank,     MATCHED,    "bank unmatch L-1 --reason oops --as bola"),
    writing(Bank,     TAX_PROPOSED, "bank confirm L-1 --reason receipt-7 --as chi"),
    writing(Bank,     TAX_PROPOSED, "bank match L-1 T-1 --as chi"),
    writing(Bank,     TAX_PROPOSED, "tax remittance reverse T-1 --reason bounced --as chi"),
    writing(Bank,     TAX_CONFIRMED, "bank unmatch L-1 --reason oops --as bola"),
    writing(Bank,     SENT_BACK,  "bank unmatch L-3 --reason oops --as bola"),
    writing(Bank,     RUN_OVER,   "bank statement void S-1 --reason wrong --as chi"),
    writing(Bank,     BY_HAND,    "bank statement void S-1 --reason wrong --as bola"),
    writing(Bank,     BY_HAND,    "bank resolve L-2 --kind fee --reason fee --as bola"),
    writing(Bank,     &[],        "bank rule add OPS --text CHQBOOK --kind fee --at-most 500 --as bola"),
    writing(Bank,     RULED,      "bank rule remove Q-1 --reason ended --as bola"),
    writing(Bank,     RULE,       "proposal approve Q-1 --as chi"),
    writing(Bank,     RULE,       "proposal reject Q-1 --reason no --as chi"),
];

/// The commands that only read, or write no ledger: each as it is run, its words first.
pub(crate) const READING: &[&str] = &[
    "audit head",
    "audit log",
    "audit verify",
    "bank explain L-1",
    "bank lines OPS",
    "bank list",
    "bank profile list",
    "bank profile show zenith",
    "bank profile test june.csv",
    "bank proposals OPS",
    "bank rule list OPS",
    "bank show OPS",
    "bank statements OPS",
    "check",
    "completions bash",
    "event allocations E1",
    "event explain E1 h1",
    "event list",
    "event show E1",
    "forward list",
    "project exclusions LAGOS",
    "tax certificate list",
    "tax certificate show X-1",
    "tax due",
    "tax profile list",
    "tax profile show ng-2026",
    "tax profile test profile.toml",
    "tax remittance list",
    "tax remittance show T-1",
    "export beancount",
    "export hledger",
    "help event create",
    "holder account list h1",
    "holder list",
    "holder show h1",
    "man pages",
    "nav list LAGOS",
    "payment file list",
    "payment file show F-1",
    "payment list",
    "payment show P-1",
    "project list",
    "project show LAGOS",
    "proposal list",
    "proposal show Q-1",
    "reserve list",
    "report activity",
    "report controls",
    "report allocations E1",
    "report analytics",
    "report balances",
    "report dashboard -o dashboard.html",
    "report history",
    "report month-end 2026-06 -o june",
    "report portfolio --holder h1",
    "report reconciliation",
    "report tax-schedule --authority NRS --period 2026-06",
    "report tax-year 2026",
    "report statement --holder h1",
    "status",
    "token history LAGOS",
    "token imports LAGOS",
    "token register LAGOS",
    "user list",
    "user show ada",
    "withdrawal show W-1",
    "whoami --as bola",
    "config show",
];

impl WriteCommand {
    /// Makes the ledger on which the command has something to do.
    pub(crate) fn desk(&self) -> Desk {
        let desk = match self.start {
            Nothing => Desk::empty(),
            Old => older(),
            Users => Desk::new(),
            Register => Desk::with_register(),
            Event => Desk::with_event(),
            Bank => Desk::with_bank(),
            Proposed => proposed(),
        };
        desk.write("holders.csv", "code,name,bank_name,account_number\nh7,Seven,UBA,3000000007\nh8,Eight,UBA,3000000008\n");
        desk.write("cap.csv", "holder,tokens\nh4,2.5\nh5,1\n");
        desk.write("list.csv", "holder\nh1\nh2\n");
        desk.write("history.csv", crate::history::FILE);
        desk.write(
            "pay.csv",
            "withdrawal,reference,date\nW-1,TRX-1,2026-06-02\nW-2,TRX-2,2026-06-02\n",
        );
        if matches!(self.start, Bank) {
            desk.statement(
                "june.csv",
                100_000,
                &[
                    ("2026-06-24", "S1", -3000, "CASH"),
                    ("2026-06-24", "S2", -50, "CHARGE"),
                    ("2026-06-25", "S3", 700, "X"),
                ],
            );
            let tax = [("2026-06-24", "RRR-1", -66, "NRS WHT")];
            desk.statement("tax.csv", 100_000, &tax);
        }
        for line in self.before {
            let ran = desk.run(line);
            let ends = if *line == RECONCILE { 3 } else { 0 };
            assert_eq!(ran.code, ends, "`{line}`: {}", ran.stderr);
        }
        desk
    }
}

/// A ledger of an older version than the program's.
fn older() -> Desk {
    let desk = Desk::with_event();
    desk.next_version(true);
    desk
}

/// A line that is proposed for W-1.
fn proposed() -> Desk {
    let desk = Desk::with_bank();
    desk.imported(
        "june.csv",
        &[("2026-06-24", "S1", -3000, "NIP TRF TO OKORO ADAEZE/GTB")],
    );
    assert_eq!(desk.run("bank reconcile OPS --as bola").code, 3);
    desk
}

/// A ledger on which each of the commands that read has something to show.
pub(crate) fn read_desk() -> Desk {
    let mut desk = Desk::with_bank();
    desk.statement(
        "june.csv",
        100_000,
        &[("2026-06-24", "S1", -2000, "NIP TRF TO BELLO MUSA/GTB")],
    );
    desk.ok("withdrawal pay W-1 --reference HAND --date 2026-06-23 --yes --as bola");
    desk.ok("payment file create W-3 --account OPS --profile generic --as bola");
    desk.ok("bank import OPS june.csv --as bola");
    desk.ok("bank rule add OPS --text CHQBOOK --kind fee --at-most 500 --as bola");
    desk.ok(CERTIFICATE[0]);
    desk.write(
        "profile.toml",
        include_str!("../../../src/domain/tax/profiles/ng-2026.toml"),
    );
    let reserving = [
        "event create E3 --project LAGOS --type other --title Roof --gross 50 --date 2026-03-31 --as bola",
        "event deduct E3 --kind reserve --name Roof --amount 10 --as bola",
        "event calculate E3 --as bola",
        "event approve E3 --as chi",
    ];
    for line in FINE.iter().chain(&reserving) {
        desk.ok(&line.replace("E2", "E4"));
    }
    for line in REMITTED {
        desk.ok(line);
    }
    desk.ok(EXCLUDED[0]);
    desk.at("2026-07-02T09:00:00.000000Z");
    desk
}

/// Returns which of the known commands a line runs.
fn command_of(line: &str, known: &BTreeSet<String>) -> Option<String> {
    known
        .iter()
        .find(|command| line == command.as_str() || line.starts_with(&format!("{command} ")))
        .cloned()
}

#[test]
fn every_command_is_known_as_one_that_writes_or_one_that_reads() {
    let known: BTreeSet<String> = leaves().iter().map(|leaf| leaf.join(" ")).collect();
    let lines = WRITING
        .iter()
        .map(|writing| writing.line)
        .chain(READING.iter().copied());
    let listed: BTreeSet<String> = lines
        .map(|line| command_of(line, &known).unwrap_or_else(|| panic!("`{line}`")))
        .collect();
    let missing: Vec<_> = known.difference(&listed).collect();
    assert!(
        missing.is_empty(),
        "add these to the table of those that write, or to the list of those that read: {missing:?}"
    );
}

#[test]
fn a_command_that_reads_asks_the_disk_for_no_change() {
    let desk = read_desk();
    let before = fs::read(desk.ledger()).unwrap();
    let record = desk.path().join("record");
    for line in READING {
        let words = line.split_whitespace();
        let asked = format!("record {}", record.display());
        let ran = Ran::of(
            desk.command(words)
                .env(prorata_faults::VARIABLE, asked)
                .output()
                .unwrap(),
        );
        assert_eq!(ran.code, 0, "`{line}`: {}", ran.stderr);
        let Ok(calls) = fs::read(&record) else {
            continue;
        };
        let calls = prorata_faults::read_record(&mut calls.as_slice()).unwrap();
        let changes = calls.iter().filter(|call| call.kind.changes()).count();
        assert_eq!((line, changes), (line, 0));
        fs::remove_file(&record).unwrap();
    }
    assert!(before == fs::read(desk.ledger()).unwrap());
}
