//! One line per error code: what happens before, and the command that is refused.

/// A code and its reproducer.
pub(super) struct Case {
    pub(super) code: &'static str,
    pub(super) exit: i32,
    pub(super) before: Prepare,
    pub(super) line: &'static str,
}

/// What happens before the command.
#[derive(Clone, Copy)]
pub(super) enum Prepare {
    Nothing,
    Commands(&'static [&'static str]),
    Sql(&'static str),
    Lock,
    NextVersion,
    Unreleased,
    Garbage,
    Mode(u32),
}

use Prepare::{Commands, Garbage, Lock, Mode, NextVersion, Nothing, Sql, Unreleased};

const fn case(code: &'static str, exit: i32, before: Prepare, line: &'static str) -> Case {
    Case {
        code,
        exit,
        before,
        line,
    }
}

/// A code that no command line provokes.
pub(super) struct Unprovoked {
    pub(super) code: &'static str,
    pub(super) exit: i32,
    /// Why, and where it is tested.
    pub(super) reason: &'static str,
}

const fn unprovoked(code: &'static str, exit: i32, reason: &'static str) -> Unprovoked {
    Unprovoked { code, exit, reason }
}

/// The codes that no command line provokes.
pub(super) const UNPROVOKED: &[Unprovoked] = &[
    unprovoked(
        "usage.settings",
        2,
        "needs a file of settings; tested in tests/it/config.rs",
    ),
    unprovoked(
        "reason.missing",
        1,
        "`--reason` is never empty on the command line; tested next to the rules",
    ),
    unprovoked(
        "history.waits",
        1,
        "is the reason of a bad line; tested in tests/it/history.rs",
    ),
    unprovoked(
        "payment.reference_missing",
        1,
        "`--reference` is never empty on the command line; tested next to the rule",
    ),
    unprovoked(
        "payment.transfer_differs",
        1,
        "is the code of a row of a file; tested in tests/it/payment/transfer.rs",
    ),
    unprovoked(
        "withdrawal.changed_meanwhile",
        1,
        "needs a terminal and another process between question and answer",
    ),
    unprovoked("usage.not_confirmed", 2, "needs a terminal"),
    unprovoked("interrupted", 130, "needs Ctrl-C on a terminal; `prompts`"),
    unprovoked("clock.ahead", 2, "needs a clock that is far ahead; `clock`"),
    unprovoked(
        "clock.unset",
        4,
        "needs a clock that was never set; `clock`",
    ),
    unprovoked("ledger.disk_full", 4, "needs a full disk; `faults::full`"),
    unprovoked(
        "ledger.commit_unknown",
        6,
        "needs a disk that fails while committing; `faults`",
    ),
    unprovoked(
        "output.unsynced",
        6,
        "needs a folder that cannot be synced; `faults::full`",
    ),
    unprovoked(
        "tax.too_large",
        1,
        "the taxes of an event are at most its total, which is in range",
    ),
    unprovoked(
        "usage.output_format",
        2,
        "`--format json` settles the format; tested below as people read it",
    ),
    unprovoked("output.closed", 0, "is not an error: exit 0 and no message"),
];

const ACCOUNT: &str = "bank add OPS --bank-name FirstBank --bank-code 011 --account-number 0000014579 --project LAGOS --as bola";
const SPARE: &str =
    "bank add SPARE --bank-name GTBank --bank-code 058 --account-number 0123456101 --as bola";
const DOLLARS: &str =
    "bank add USD --bank-name Bank --account-number 55500055 --currency USD --as bola";
const IMPORTED: &[&str] = &[ACCOUNT, "bank import OPS lines.csv --as bola"];
const FILED: &[&str] = &[
    ACCOUNT,
    "payment file create W-2 --account OPS --profile generic --as bola",
];
const OTHER_CREDITOR: &[&str] = &[
    ACCOUNT,
    "bank import OPS crony.csv --as bola",
    "withdrawal pay W-2 --reference TRX-7777 --date 2026-04-01 --yes --as bola",
];
const EXPORTED: &[&str] = &[
    ACCOUNT,
    "payment file create W-2 --account OPS --profile generic --as bola",
    "payment file export F-1 -o exported.csv --force --as ada",
];
const PAID_AND_IMPORTED: &[&str] = &[
    ACCOUNT,
    "bank import OPS lines.csv --as bola",
    "withdrawal pay W-2 --reference HAND --date 2026-04-01 --yes --as bola",
];
const MATCHED: &[&str] = &[
    ACCOUNT,
    "bank import OPS lines.csv --as bola",
    "withdrawal pay W-2 --reference HAND --date 2026-04-01 --yes --as bola",
    "bank match L-1 P-1 --as bola",
];

const RULE: &str = "bank rule add OPS --text CHQBOOK --kind fee --at-most 5 --as bola";
const OTHER_RULE: &str = "bank rule add OPS --text LEDGERFEE --kind fee --at-most 5 --as ada";
const RULED: &[&str] = &[ACCOUNT, RULE, "proposal approve Q-1 --as chi"];
const PAID: &[&str] = &["withdrawal pay W-2 --reference R --date 2026-04-01 --yes --as bola"];
const FORWARD_TAKEN: &[&str] = &[
    "event create E3 --project LAGOS --type other --title T --amount 0.0300001 --unit 0.0000001 --date 2026-03-31 --as bola",
    "event calculate E3 --as bola",
    "event approve E3 --as chi",
    "event create E4 --project LAGOS --type other --title T --amount 1 --date 2026-03-31 --as bola",
    "event calculate E4 --as bola",
    "event approve E4 --as chi",
];
const FINE: &[&str] = &[FORWARD_TAKEN[0], FORWARD_TAKEN[1], FORWARD_TAKEN[2]];
const WRITE_OFF_CHANGED: &[&str] = &[
    FORWARD_TAKEN[0],
    FORWARD_TAKEN[1],
    FORWARD_TAKEN[2],
    "forward write-off --project LAGOS --below 0.01 --reason ended --as bola",
    "event create E4 --project LAGOS --type other --title T --amount 0.0300001 --unit 0.0000001 --date 2026-04-30 --as bola",
    "event calculate E4 --as bola",
    "event approve E4 --as chi",
];
const EXCLUDED: &[&str] = &[
    "project exclude h1 --project LAGOS --policy retain --reason treasury --from 2026-01-01 --as bola",
];
const ALL_LEFT_OUT: &[&str] =
    &["event exclude E2 h1 h2 h3 --policy redistribute --reason unsold --as bola"];
const ALL_RETAINED: &[&str] =
    &["event exclude E2 h1 h2 h3 --policy retain --reason unsold --as bola"];
const PROCEEDS: &[&str] = &[
    "event create E3 --project LAGOS --type other --title T --gross 100 --date 2026-03-31 --as bola",
];
const DEDUCTED: &[&str] = &[
    PROCEEDS[0],
    "event deduct E3 --kind fee --name Fee --amount 1 --as bola",
];
const RESERVE_RELEASED: &[&str] = &[
    PROCEEDS[0],
    "event deduct E3 --kind reserve --name Roof --amount 10 --as bola",
    "event calculate E3 --as bola",
    "event approve E3 --as chi",
    "event create E4 --project LAGOS --type other --title T --gross 50 --date 2026-03-31 --as bola",
    "event deduct E4 --kind release --name Roof --amount 10 --as bola",
    "event calculate E4 --as bola",
    "event approve E4 --as chi",
];
const RETURNED: &[&str] = &[
    "withdrawal pay W-2 --reference R --date 2026-04-01 --yes --as bola",
    "payment return P-1 --date 2026-04-01 --reason closed --as chi",
];
const CALCULATED: &[&str] = &["event calculate E2 --as bola"];
const STALE: &[&str] = &[
    "event calculate E2 --as bola",
    "token issue h1 1 --project LAGOS --date 2026-01-01 --as bola",
];
const TWO_PAID: &[&str] = &[
    "withdrawal approve W-1 --as chi",
    "withdrawal pay W-1 --reference R1 --date 2026-04-01 --yes --as bola",
    "withdrawal pay W-2 --reference R2 --date 2026-04-01 --yes --as bola",
];

const TAX_PROFILE: &str = "project set LAGOS --tax-profile ng-2026 --as bola";
const DIVIDEND: &str = "event create E3 --project LAGOS --type dividend --title T --amount 100 --date 2026-03-31 --as bola";
const REMIT: &str =
    "tax remit --authority NRS --period 2026-06 --reference R --date 2026-06-30 --as bola";
const TAX_OWED: &[&str] = &[
    crate::tax::HOLDERS[0],
    crate::tax::HOLDERS[1],
    crate::tax::HOLDERS[2],
    TAX_PROFILE,
    DIVIDEND,
    "event calculate E3 --as bola",
    "event approve E3 --as chi",
];
const REMITTED: &[&str] = &[
    TAX_OWED[0],
    TAX_OWED[1],
    TAX_OWED[2],
    TAX_OWED[3],
    TAX_OWED[4],
    TAX_OWED[5],
    TAX_OWED[6],
    REMIT,
];
const REVERSED: &[&str] = &[
    TAX_OWED[0],
    TAX_OWED[1],
    TAX_OWED[2],
    TAX_OWED[3],
    TAX_OWED[4],
    TAX_OWED[5],
    TAX_OWED[6],
    REMIT,
    "tax remittance reverse T-1 --reason bounced --as chi",
];
const REMITTED_BY_ADA: &[&str] = &[
    TAX_OWED[0],
    TAX_OWED[1],
    TAX_OWED[2],
    TAX_OWED[3],
    TAX_OWED[4],
    TAX_OWED[5],
    TAX_OWED[6],
    "tax remit --authority NRS --period 2026-06 --reference R --date 2026-06-30 --as ada",
];
const REMITTED_AND_IMPORTED: &[&str] = &[
    TAX_OWED[0],
    TAX_OWED[1],
    TAX_OWED[2],
    TAX_OWED[3],
    TAX_OWED[4],
    TAX_OWED[5],
    TAX_OWED[6],
    REMIT,
    ACCOUNT,
    "bank import OPS lines.csv --as bola",
];
const OWED_IN_DOLLARS_TOO: &[&str] = &[
    TAX_OWED[0],
    TAX_OWED[1],
    TAX_OWED[2],
    TAX_OWED[3],
    TAX_OWED[4],
    TAX_OWED[5],
    TAX_OWED[6],
    "project add DOLLAR --name D --currency USD --as bola",
    "token issue h2 1 --project DOLLAR --date 2026-01-01 --as bola",
    "project set DOLLAR --tax-profile ng-2026 --as bola",
    "event create D1 --project DOLLAR --type dividend --title T --amount 10 --date 2026-03-31 --as bola",
    "event calculate D1 --as bola",
    "event approve D1 --as chi",
];
const CERTIFICATE: &str = "tax certificate add h2 --kind exemption --reference FIRS/1 --from 2026-01-01 --until 2026-12-31 --as ada";

#[rustfmt::skip]
pub(super) const CASES: &[Case] = &[
    case("user.forbidden",      1, Nothing, "event calculate E2 --as chi"),
    case("user.inactive",       1, Commands(&["user set bola --status inactive --as ada"]), "event calculate E2 --as bola"),
    case("user.last_admin",     1, Nothing, "user set ada --role operator --as ada"),
    case("user.same_actor",     1, Nothing, "user acknowledge chi --as ada"),
    case("user.not_acknowledged", 1, Commands(&["user add efe --role approver --as ada", "withdrawal request --event E1 --holder h3 --all --as ada"]), "withdrawal approve W-3 --as efe"),
    case("user.exists",         1, Nothing, "user add BOLA --role operator --as ada"),
    case("user.unknown",        1, Nothing, "event calculate E2 --as nobody"),
    case("user.ambiguous",      1, Nothing, "user show 019f17c1"),
    case("project.exists",      1, Nothing, "project add lagos --name Lagos --as bola"),
    case("project.unknown",     1, Nothing, "project show LAGOZ"),
    case("project.ambiguous",   1, Nothing, "project show 019f17c1"),
    case("holder.exists",       1, Nothing, "holder add H1 --name One --as bola"),
    case("holder.unknown",      1, Nothing, "holder show h9"),
    case("holder.ambiguous",    1, Nothing, "holder show 019f17c1"),
    case("holder.in_use",         1, Nothing, "holder rename h1 h9 --as bola"),
    case("holder.blocked",      1, Commands(&["holder block h1 --reason court-order --as bola"]), "withdrawal approve W-1 --as chi"),
    case("holder.no_bank_details", 1, Commands(&["token issue h4 1 --project LAGOS --date 2026-01-01 --as bola", "event calculate E2 --as bola", "event approve E2 --as chi"]), "withdrawal request --event E2 --holder h4 --all --as bola"),
    case("holder.no_account_in_currency", 1, Commands(&["project add DOLLAR --name D --currency USD --as bola", "token issue h1 1 --project DOLLAR --date 2026-01-01 --as bola", "event create D1 --project DOLLAR --type exit --title T --amount 10 --date 2026-03-31 --as bola", "event calculate D1 --as bola", "event approve D1 --as chi"]), "withdrawal request --event D1 --holder h1 --all --as bola"),
    case("holder.several_accounts", 1, Commands(&["holder account set h1 --currency USD --bank-name Citi --account-number 55500056 --as bola"]), "holder account remove h1 --as bola"),
    case("holder.account_exists", 1, Commands(&["holder account set h4 --bank-name Citi --account-number 55500056 --as bola", "holder account set h4 --currency NGN --bank-name GTBank --bank-code 058 --account-number 0123456101 --as bola"]), "holder account set h4 --bank-code 058 --account-number 0123456132 --as bola"),
    case("account.nuban",       1, Nothing, "holder set h1 --account-number 0123456102 --as bola"),
    case("account.iban",        1, Nothing, "withdrawal request --event E1 --holder h1 --amount 1 --bank-name X --account-number DE44500105175407324932 --as bola"),
    case("key.conflict",        1, Nothing, "event calculate E2 --as bola --key k"),

    case("token.zero",             1, Nothing, "token issue h1 0 --project LAGOS --date 2026-01-01 --as bola"),
    case("token.self_transfer",    1, Nothing, "token transfer h1 H1 1 --project LAGOS --date 2026-01-01 --as bola"),
    case("token.negative_balance", 1, Nothing, "token redeem h1 2 --project LAGOS --date 2026-02-01 --as bola"),
    case("token.reference_used",   1, Commands(&["token issue h1 1 --project LAGOS --date 2026-01-01 --reference T --as bola"]), "token issue h2 1 --project LAGOS --date 2026-01-01 --reference T --as bola"),
    case("token.too_many",         1, Nothing, "token issue h1 9999999999999 --project LAGOS --date 2026-01-01 --as bola"),
    case("token.import_differs",   1, Commands(&["token import caps.csv --project LAGOS --date 2026-01-01 --add --as bola"]), "token import caps.csv --project LAGOS --date 2026-01-02 --add --as bola"),

    case("token.import_undone",    1, Commands(&["token import caps.csv --project LAGOS --date 2026-05-01 --add --as bola", "token undo I-1 --as bola"]), "token undo I-1 --as bola"),
    case("token.import_not_last",  1, Commands(&["token import caps.csv --project LAGOS --date 2026-05-01 --add --as bola", "token import caps.csv --project LAGOS --date 2026-06-01 --replace --as bola"]), "token undo I-1 --as bola"),
    case("token.import_used",      1, Commands(&["token import caps.csv --project LAGOS --date 2026-01-01 --add --as bola", "event calculate E2 --as bola", "event approve E2 --as chi"]), "token undo I-1 --as bola"),
    case("import.ambiguous",       1, Commands(&["token import caps.csv --project LAGOS --date 2026-05-01 --add --as bola", "token import caps.csv --project LAGOS --date 2026-06-01 --replace --as bola"]), "token undo 019f17c1 --as bola"),
    case("import.unknown",         1, Nothing, "token undo I-9 --as bola"),
    case("token.register_not_empty", 1, Nothing, "token import caps.csv --project LAGOS --date 2026-01-01 --as bola"),
    case("token.last_row_is_sum",  2, Nothing, "token import sum.csv --project LAGOS --date 2026-01-01 --add --as bola"),

    case("event.amount_zero",    1, Nothing, "event create E3 --project LAGOS --type exit --title T --amount 0 --date 2026-03-31 --as bola"),
    case("event.unit_zero",      1, Nothing, "event create E3 --project LAGOS --type exit --title T --amount 1 --unit 0 --date 2026-03-31 --as bola"),
    case("event.not_a_multiple", 1, Nothing, "event create E3 --project LAGOS --type exit --title T --amount 0.001 --date 2026-03-31 --as bola"),
    case("event.dates",          1, Nothing, "event create E3 --project LAGOS --type exit --title T --amount 1 --date 2026-03-31 --record-date 2026-04-01 --as bola"),
    case("event.exists",         1, Nothing, "event create e1 --project LAGOS --type exit --title T --amount 1 --date 2026-03-31 --as bola"),
    case("event.code",           1, Commands(&["project add a-code-of-sixty-characters-is-too-long-for-a-year-and-a-number --name Long --as bola"]), "event create --project a-code-of-sixty-characters-is-too-long-for-a-year-and-a-number --type exit --title T --amount 1 --date 2026-03-31 --as bola"),
    case("event.duplicate",      2, Nothing, "event create E3 --project LAGOS --type revenue --title T --amount 100 --date 2026-03-31 --as bola"),
    case("event.unknown",        1, Nothing, "event show E9"),
    case("event.ambiguous",      1, Nothing, "event show 019f17c1"),
    case("event.wrong_state",    1, Nothing, "event approve E2 --as chi"),
    case("event.record_date_in_future", 1, Commands(&["event create E3 --project LAGOS --type exit --title T --amount 1 --date 2026-12-31 --as bola"]), "event calculate E3 --as bola"),
    case("event.no_tokens",      1, Commands(&["event create E3 --project ABUJA --type exit --title T --amount 1 --date 2026-03-31 --as bola"]), "event calculate E3 --as bola"),
    case("event.same_actor",     1, Commands(&["event calculate E2 --as ada"]), "event approve E2 --as ada"),
    case("event.same_register_actor", 1, Commands(&["event calculate E2 --as bola", "token issue h1 1 --project LAGOS --date 2026-01-02 --as ada", "event calculate E2 --as bola"]), "event approve E2 --as ada"),
    case("event.hash_mismatch",  1, Commands(CALCULATED), "event approve E2 --hash 0123456789abcdef --as chi"),
    case("event.stale",          1, Commands(STALE), "event approve E2 --as chi"),
    case("event.deduction_zero",    1, Commands(PROCEEDS), "event deduct E3 --kind fee --name Fee --amount 0 --as bola"),
    case("event.deduction_name",    1, Commands(PROCEEDS), "event deduct E3 --remove Fee --as bola"),
    case("event.deduction_position", 1, Commands(PROCEEDS), "event deduct E3 --kind fee --name Fee --amount 1 --position 2 --as bola"),
    case("event.nothing_left",      1, Commands(PROCEEDS), "event deduct E3 --kind fee --name Fee --amount 100 --as bola"),
    case("event.reserve_short",     1, Commands(PROCEEDS), "event deduct E3 --kind release --name Roof --amount 1 --as bola"),
    case("event.reserve_released",  1, Commands(RESERVE_RELEASED), "event cancel E3 --reason typo --yes --as bola"),
    case("event.no_proceeds",       1, Nothing, "event deduct E2 --kind fee --name Fee --amount 1 --as bola"),
    case("event.has_deductions",    1, Commands(DEDUCTED), "event set E3 --amount 5 --as bola"),
    case("event.too_large",         1, Commands(&["event create E3 --project LAGOS --type other --title T --rate 9999999999999 --date 2026-03-31 --as bola"]), "event calculate E3 --as bola"),
    case("event.rate_above_proceeds", 1, Commands(&["event create E3 --project LAGOS --type other --title T --rate 1000 --gross 100 --date 2026-03-31 --as bola"]), "event calculate E3 --as bola"),
    case("event.amount_and_rate",   1, Nothing, "event create E3 --project LAGOS --type other --title T --amount 1 --rate 1 --date 2026-03-31 --as bola"),
    case("event.no_rate",           1, Nothing, "event set E2 --rounding up --as bola"),
    case("event.components_sum",    1, Nothing, "event create E3 --project LAGOS --type other --title T --amount 100 --component income=99 --date 2026-03-31 --as bola"),
    case("event.component_twice",   1, Nothing, "event create E3 --project LAGOS --type other --title T --amount 100 --component income=50 --component income=rest --date 2026-03-31 --as bola"),
    case("event.component_unknown", 1, Nothing, "event create E3 --project LAGOS --type other --title T --amount 100 --component dividends=rest --date 2026-03-31 --as bola"),
    case("event.no_participants",     1, Commands(ALL_LEFT_OUT), "event calculate E2 --as bola"),
    case("event.nothing_allocated",   1, Commands(ALL_RETAINED), "event calculate E2 --as bola"),
    case("event.assign_excluded",     1, Nothing, "event exclude E2 h1 --policy assign:h1 --reason unsold --as bola"),
    case("event.sanctioned_excluded", 1, Nothing, "event exclude E2 h1 --policy retain --reason sanctioned --as bola"),
    case("exclusion.dates",           1, Nothing, "project exclude h1 --project LAGOS --policy retain --reason treasury --from 2026-02-01 --until 2026-01-01 --as bola"),
    case("exclusion.overlap",         1, Commands(EXCLUDED), "project exclude h1 --project LAGOS --policy retain --reason treasury --from 2026-02-01 --as bola"),
    case("exclusion.none",            1, Nothing, "project include h1 --project LAGOS --until 2026-01-01 --as bola"),
    case("forward.nothing",           1, Nothing, "forward release h1 --project LAGOS --event E1 --reason left --as bola"),
    case("forward.other_project",     1, Commands(&["project add KIGALI --name Kigali --currency NGN --as bola"]), "forward release h1 --project KIGALI --event E1 --reason left --as bola"),
    case("forward.payable",           1, Commands(FINE), "forward write-off --project LAGOS --below 0.02 --reason ended --as bola"),
    case("forward.changed",           1, Commands(WRITE_OFF_CHANGED), "proposal approve Q-1 --as chi"),
    case("event.forward_taken",  1, Commands(FORWARD_TAKEN), "event cancel E3 --reason typo --as bola"),
    case("event.paid",           1, Commands(PAID), "event cancel E1 --reason typo --as bola"),
    case("event.not_active",     1, Nothing, "withdrawal request --event E2 --holder h1 --all --as bola"),

    case("withdrawal.unknown",           1, Nothing, "withdrawal show W-9"),
    case("withdrawal.ambiguous",         1, Nothing, "withdrawal show 019f17c1"),
    case("withdrawal.no_allocation",     1, Nothing, "withdrawal request --event E1 --holder h4 --all --as bola"),
    case("withdrawal.nothing_available", 1, Commands(&["withdrawal request --event E1 --holder h3 --all --as bola"]), "withdrawal request --event E1 --holder h3 --all --as bola"),
    case("withdrawal.amount_zero",       1, Nothing, "withdrawal request --event E1 --holder h1 --amount 0 --as bola"),
    case("withdrawal.not_a_multiple",    1, Nothing, "withdrawal request --event E1 --holder h1 --amount 0.001 --as bola"),
    case("withdrawal.not_available",     1, Nothing, "withdrawal request --event E1 --holder h1 --amount 99 --as bola"),
    case("withdrawal.wrong_state",       1, Nothing, "withdrawal approve W-2 --as chi"),
    case("withdrawal.same_actor",        1, Commands(&["withdrawal request --event E1 --holder h3 --all --as ada"]), "withdrawal approve W-3 --as ada"),
    case("withdrawal.same_bank_changer", 1, Commands(&["holder set h3 --bank-name UBA --as ada", "withdrawal request --event E1 --holder h3 --all --as bola"]), "withdrawal approve W-3 --as ada"),
    case("withdrawal.same_approver",     1, Commands(&["withdrawal approve W-1 --as ada"]), "withdrawal pay W-1 --reference R --date 2026-06-30 --as ada"),
    case("withdrawal.same_unblocker",    1, Commands(&["holder block h1 --reason order --as bola", "holder unblock h1 --reason lifted --as ada"]), "withdrawal approve W-1 --as ada"),
    case("withdrawal.selection_changed", 1, Nothing, "withdrawal approve --event E1 --all --expect 9:1 --as chi"),
    case("withdrawal.left_out",          1, Commands(&["holder block h3 --reason court-order --as bola"]), "withdrawal request --event E1 --all-holders --strict --as bola"),

    case("payment.imported",        1, Commands(&["history import history.csv --project LAGOS --as bola", "proposal approve Q-1 --as chi"]), "payment return P-1 --date 2026-06-01 --reason closed --as chi"),
    case("payment.unknown",        1, Nothing, "payment show P-9"),
    case("payment.ambiguous",      1, Commands(TWO_PAID), "payment show 019f17c1"),
    case("payment.already_paid",   1, Commands(PAID), "withdrawal pay W-2 --reference S --date 2026-04-01 --yes --as bola"),
    case("payment.reference_used", 1, Commands(&["withdrawal approve W-1 --as chi", "withdrawal pay W-2 --reference R --date 2026-04-01 --yes --as bola"]), "withdrawal pay W-1 --reference R --date 2026-04-01 --yes --as bola"),
    case("payment.date_in_future", 1, Nothing, "withdrawal pay W-2 --reference R --date 2026-07-01 --yes --as bola"),
    case("payment.too_much",       1, Nothing, "withdrawal pay W-2 --reference R --date 2026-04-01 --yes --amount 11 --as bola"),
    case("payment.wrong_state",    1, Commands(RETURNED), "payment return P-1 --date 2026-04-01 --reason closed --as chi"),
    case("payment.return_date",    1, Commands(PAID), "payment return P-1 --date 2026-03-31 --reason closed --as chi"),

    case("payment.same_actor",      1, Commands(&["withdrawal pay W-2 --reference R --date 2026-06-30 --as ada"]), "payment return P-1 --date 2026-06-30 --reason closed --as ada"),
    case("payment.maybe_in_flight", 1, Commands(&[ACCOUNT, "payment file create W-2 --account OPS --profile generic --as bola", "payment file export F-1 -o flight.csv --as bola", "withdrawal pay W-2 --reference R --date 2026-06-30 --yes --as bola"]), "payment return P-1 --date 2026-06-30 --reason closed --as chi"),
    case("payment.requested_again", 1, Commands(&[ACCOUNT, "bank import OPS credit.csv --as bola", "withdrawal pay W-2 --reference R --date 2026-06-30 --as bola", "bank match L-1 P-1 --as bola", "withdrawal request --event E1 --holder h2 --all --as bola"]), "bank unmatch L-1 --reason x --as bola"),
    case("payment.event_cancelled", 1, Commands(&[ACCOUNT, "bank import OPS credit.csv --as bola", "withdrawal pay W-2 --reference R --date 2026-06-30 --as bola", "bank match L-1 P-1 --as bola", "event cancel E1 --reason x --as bola"]), "bank unmatch L-1 --reason x --as bola"),
    case("payment.returned",        1, Commands(&[ACCOUNT, "bank import OPS lines.csv --as bola", "withdrawal pay W-2 --reference R --date 2026-06-30 --as bola", "payment return P-1 --date 2026-06-30 --reason closed --as chi"]), "bank match L-1 P-1 --as bola"),

    case("payment.not_outstanding", 1, Commands(MATCHED), "payment settle P-1 --reason lost --as chi"),
    case("payment.not_settled",     1, Commands(PAID), "payment settle P-1 --undo --as chi"),
    case("withdrawal.account_not_needed", 1, Nothing, "withdrawal request --event E1 --holder h3 --all --by cash --bank-name UBA --account-number 5550000001 --as bola"),
    case("withdrawal.means_differ",  1, Nothing, "withdrawal pay W-2 --reference R --date 2026-06-30 --by cheque --as bola"),
    case("payment_file.not_a_transfer", 1, Commands(&[ACCOUNT, "withdrawal request --event E1 --holder h3 --all --by cash --as bola", "withdrawal approve W-3 --as chi"]), "payment file create W-3 --account OPS --profile generic --as bola"),
    case("payment.odd",             2, Commands(PAID), "payment correct P-1 --date 1990-01-01 --reason typo --as ada"),

    case("bank.exists",           1, Commands(&[ACCOUNT]), "bank add ops --bank-name GTBank --bank-code 058 --account-number 0123456101 --as bola"),
    case("bank.account_known",    1, Commands(&[ACCOUNT]), "bank add TWO --bank-name FirstBank --bank-code 011 --account-number 0000014579 --as bola"),
    case("bank.project_currency", 1, Nothing, "bank add OPS --bank-name Bank --account-number 55500055 --currency USD --project LAGOS --as bola"),
    case("bank.unknown",          1, Nothing, "bank lines OPS"),
    case("bank.ambiguous",        1, Commands(&[ACCOUNT, SPARE]), "bank show 019f17c1"),
    case("bank.other_project",    1, Commands(&["bank add ABJ --bank-name FirstBank --bank-code 011 --account-number 0000014579 --project ABUJA --as bola"]), "payment file create W-2 --account ABJ --profile generic --as bola"),
    case("bank.currency",         1, Commands(&[DOLLARS]), "payment file create W-2 --account USD --profile generic --as bola"),
    case("bank.other_account",    1, Commands(&[ACCOUNT, SPARE]), "bank import OPS spare.csv --as bola"),
    case("line.other_creditor", 1, Commands(OTHER_CREDITOR), "bank match L-1 P-1 --as bola"),
    case("bank.line_state",       1, Commands(MATCHED), "bank resolve L-1 --kind other --reason x --as bola"),
    case("bank.nothing_proposed", 1, Commands(IMPORTED), "bank confirm L-1 --as bola"),
    case("bank.amount_differs",   1, Commands(PAID_AND_IMPORTED), "bank match L-2 P-1 --as bola"),
    case("bank.payment_matched",  1, Commands(MATCHED), "bank match L-3 P-1 --as bola"),
    case("bank.payment_currency", 1, Commands(&[DOLLARS, "bank import USD lines.csv --as bola", "withdrawal pay W-2 --reference HAND --date 2026-04-01 --yes --as bola"]), "bank match L-1 P-1 --as bola"),
    case("bank_line.unknown",     1, Commands(IMPORTED), "bank explain L-9"),
    case("statement.unknown",     1, Commands(&[ACCOUNT]), "bank statement void S-9 --reason x --as bola"),
    case("statement.ambiguous",   1, Commands(&[ACCOUNT, "bank import OPS lines.csv --as bola", "bank import OPS named.csv --as bola"]), "bank statement void 019f17c1 --reason x --as bola"),
    case("statement.void",        1, Commands(&[ACCOUNT, "bank import OPS lines.csv --as bola", "bank statement void S-1 --reason x --as bola"]), "bank statement void S-1 --reason x --as bola"),
    case("statement.decided",     1, Commands(MATCHED), "bank statement void S-1 --reason x --as ada"),
    case("statement.needed",      1, Commands(&[ACCOUNT, "bank import OPS lines.csv --as bola", "bank import OPS more.csv --as bola"]), "bank statement void S-1 --reason x --as bola"),
    case("statement.same_actor",  1, Commands(&[ACCOUNT, "bank import OPS lines.csv --as ada", "bank reconcile OPS --as bola"]), "bank statement void S-1 --reason x --as ada"),
    case("statement.unnamed",     1, Commands(&[ACCOUNT]), "bank import --all lines.csv --as bola"),
    case("bank.not_in_file",      1, Commands(&[ACCOUNT]), "bank import --all two.sta --as bola"),
    case("bank.overlap",          1, Commands(&[ACCOUNT, "bank import OPS lines.csv --as bola"]), "bank import OPS alike.csv --as bola"),
    case("proposal.unknown",      1, Nothing, "proposal approve Q-1 --as chi"),
    case("proposal.ambiguous",    1, Commands(&[ACCOUNT, RULE, OTHER_RULE]), "proposal show 019f17c1"),
    case("proposal.same_actor",   1, Commands(&[ACCOUNT, OTHER_RULE]), "proposal approve Q-1 --as ada"),
    case("proposal.decided",      1, Commands(RULED), "proposal reject Q-1 --reason x --as chi"),
    case("bank_rule.text",        1, Commands(&[ACCOUNT]), "bank rule add OPS --text NIP --kind fee --at-most 5 --as bola"),
    case("bank_rule.amount",      1, Commands(&[ACCOUNT]), "bank rule add OPS --text CHQBOOK --kind fee --at-most 0 --as bola"),
    case("bank_rule.exists",      1, Commands(RULED), RULE),
    case("bank_rule.removed",     1, Commands(&[ACCOUNT, RULE, "proposal approve Q-1 --as chi", "bank rule remove Q-1 --as bola"]), "bank rule remove Q-1 --as bola"),
    case("bank_rule.none",        1, Commands(&[ACCOUNT, RULE]), "bank rule remove Q-1 --as bola"),
    case("bank_line.ambiguous",   1, Commands(IMPORTED), "bank explain 019f17c1"),

    case("statement.not_a_statement", 1, Commands(&[ACCOUNT]), "bank import OPS page.xls --as bola"),
    case("statement.encoding",        1, Commands(&[ACCOUNT]), "bank import OPS lines.csv --encoding klingon --as bola"),
    case("statement.undecided",       1, Commands(&[ACCOUNT]), "bank import OPS which.csv --as bola"),
    case("statement.empty",           1, Commands(&[ACCOUNT]), "bank import OPS there.csv --as bola"),

    case("withdrawal.in_payment_file",  1, Commands(FILED), "withdrawal cancel W-2 --as bola"),
    case("payment_file.unknown",        1, Nothing, "payment file show F-1"),
    case("payment_file.ambiguous",      1, Commands(&[ACCOUNT, "withdrawal approve W-1 --as chi", "payment file create W-1 --account OPS --profile generic --as bola", "payment file create W-2 --account OPS --profile generic --as bola"]), "payment file show 019f17c1"),
    case("payment_file.nothing_to_pay", 1, Commands(FILED), "payment file create --event E1 --account OPS --profile generic --as bola"),
    case("payment_file.maybe_paid",     1, Commands(&[ACCOUNT, "bank import OPS named.csv --as bola", "bank reconcile OPS --as bola"]), "payment file create W-2 --account OPS --profile generic --as bola"),
    case("payment_file.no_bank_code",   1, Commands(&[ACCOUNT, "withdrawal request --event E1 --holder h3 --amount 1 --bank-name UBA --account-number 5550000001 --as bola", "withdrawal approve W-3 --as chi"]), "payment file create W-3 --account OPS --profile pain.001.001.09 --as bola"),
    case("payment_file.unfit",          1, Commands(&[ACCOUNT, "withdrawal request --event E1 --holder h3 --amount 1 --bank-name UBA --account-number 5550000001 --bank-code A-bank-code-that-is-longer-than-any-bank-has --as bola", "withdrawal approve W-3 --as chi"]), "payment file create W-3 --account OPS --profile pain.001.001.09 --as bola"),
    case("payment_file.execution_date", 1, Commands(&[ACCOUNT]), "payment file create W-2 --account OPS --profile generic --execution-date 2020-01-01 --as bola"),
    case("payment_file.changed",        1, Commands(&[ACCOUNT, "payment file create W-2 --account OPS --profile generic --as bola", "holder block h2 --reason court-order --as ada"]), "payment file export F-1 -o file.csv --as bola"),
    case("payment_file.same_actor",     1, Commands(EXPORTED), "payment file cancel F-1 --reason x --as ada"),
    case("payment_file.settled",        1, Commands(&[ACCOUNT, "payment file create W-2 --account OPS --profile generic --as bola", "withdrawal pay W-2 --reference R --date 2026-04-01 --yes --as bola"]), "payment file cancel F-1 --reason x --as bola"),
    case("payment_file.no_item",        1, Commands(FILED), "payment file drop F-1 W-1 --reason x --as bola"),
    case("payment_file.item_settled",   1, Commands(&[ACCOUNT, "withdrawal approve W-1 --as chi", "payment file create --event E1 --account OPS --profile generic --as bola", "payment file export F-1 -o out.csv --as bola", "withdrawal pay W-2 --reference R --date 2026-04-01 --yes --as bola"]), "payment file drop F-1 W-2 --reason x --as chi"),
    case("payment_file.empty",          1, Commands(FILED), "payment file drop F-1 W-2 --reason x --as bola"),
    case("payment_file.wrong_state",    1, Commands(&[ACCOUNT, "payment file create W-2 --account OPS --profile generic --as bola", "payment file cancel F-1 --reason x --as bola"]), "payment file export F-1 -o file.csv --as bola"),

    case("tax.no_rule",          1, Commands(&["project set LAGOS --tax-profile narrow.toml --as bola", DIVIDEND]), "event calculate E3 --as bola"),
    case("tax.no_authority",     1, Commands(&[TAX_PROFILE, DIVIDEND]), "event calculate E3 --as bola"),
    case("tax.profile_date",     1, Commands(&["project set LAGOS --tax-profile over.toml --as bola", DIVIDEND]), "event calculate E3 --as bola"),
    case("tax.number_missing",   1, Commands(&["project set LAGOS --tax-profile numbers.toml --as bola", DIVIDEND]), "event calculate E3 --as bola"),
    case("tax.profile_invalid",  1, Nothing, "tax profile test above.toml"),
    case("tax.profile_ambiguous", 1, Nothing, "project set LAGOS --tax-profile twice.toml --as bola"),
    case("tax.rate_range",       1, Nothing, "tax certificate add h2 --kind treaty --reference R --from 2026-01-01 --until 2026-12-31 --as bola"),
    case("tax.certificate_dates", 1, Nothing, "tax certificate add h2 --kind exemption --reference R --from 2026-01-02 --until 2026-01-01 --as bola"),
    case("tax.certificate_overlap", 1, Commands(&[CERTIFICATE]), "tax certificate add h2 --kind exemption --reference R --from 2026-12-31 --until 2027-12-31 --as bola"),
    case("tax.certificate_state", 1, Commands(&[CERTIFICATE, "tax certificate approve X-1 --as chi"]), "tax certificate reject X-1 --reason no --as chi"),
    case("tax.certificate_same_actor", 1, Commands(&[CERTIFICATE]), "tax certificate approve X-1 --as ada"),
    case("tax.nothing_due",      1, Nothing, REMIT),
    case("tax.several_currencies", 1, Commands(OWED_IN_DOLLARS_TOO), REMIT),
    case("tax.amount_differs",   1, Commands(TAX_OWED), "tax remit --authority NRS --period 2026-06 --reference R --date 2026-06-30 --amount 1 --as bola"),
    case("tax.reference_used",   1, Commands(REMITTED), "tax remit --authority SIRS-LA --period 2026-06 --reference R --date 2026-06-30 --as bola"),
    case("tax.remittance_state", 1, Commands(REVERSED), "tax remittance reverse T-1 --reason again --as chi"),
    case("tax.same_actor",       1, Commands(REMITTED_BY_ADA), "tax remittance reverse T-1 --reason bounced --as ada"),
    case("tax.remittance_line",  1, Commands(REMITTED_AND_IMPORTED), "bank match L-1 T-1 P-1 --as chi"),
    case("event.tax_remitted",   1, Commands(REMITTED), "event cancel E3 --reason typo --yes --as bola"),
    case("event.component_required", 1, Commands(&[TAX_PROFILE]), "event create E3 --project LAGOS --type exit --title T --amount 1 --date 2026-03-31 --as bola"),

    case("file.bad_lines",   1, Nothing, "withdrawal request --event E1 --from bad.csv --as bola"),
    case("file.not_a_table", 1, Nothing, "holder import page.xls --as bola"),
    case("file.encoding",    1, Nothing, "holder import bad.csv --encoding klingon --as bola"),
    case("file.no_sheet",    1, Nothing, "holder import bad.csv --sheet Register --as bola"),
    case("file.unreadable",  4, Nothing, "withdrawal request --event E1 --from missing.csv --as bola"),
    case("output.exists",    1, Nothing, "event list -o there.csv"),
    case("withdrawal.bank_details_incomplete", 1, Nothing, "withdrawal request --event E1 --holder h1 --amount 1 --bank-name X --as bola"),
    case("output.is_ledger", 1, Nothing, "event list --force -o prorata.db"),
    case("output.failed",    4, Nothing, "event list -o missing/list.csv"),

    case("usage.invalid",         2, Nothing, "event show"),
    case("usage.unknown_field",   2, Nothing, "withdrawal list --sort amount_requested"),
    case("usage.needs_review",    2, Nothing, "withdrawal approve --event E1 --all --yes --as chi"),
    case("usage.needs_yes",       2, Nothing, "withdrawal cancel --event E1 --all --as bola"),
    case("usage.as_of_in_future", 2, Nothing, "event list --as-of 2026-07-01"),
    case("usage.no_actor",        2, Nothing, "event calculate E2"),

    case("ledger.missing",      4, Nothing, "event list -L missing.db"),
    case("ledger.exists",       1, Nothing, "init --user ada"),
    case("ledger.unusable",     4, Nothing, "event list -L prorata.db/ledger.db"),
    case("ledger.not_a_ledger", 4, Garbage, "event list"),
    case("ledger.newer",        4, Sql("PRAGMA user_version = 99"), "event calculate E2 --as bola"),
    case("ledger.older",        4, NextVersion, "event calculate E2 --as bola"),
    case("ledger.unreleased",   4, Unreleased, "event list"),
    case("ledger.unsafe",       4, Mode(0o666), "event calculate E2 --as bola"),
    case("ledger.damaged",      4, Sql("PRAGMA ignore_check_constraints = ON; UPDATE distribution_events SET status = 'lost'"), "event calculate E2 --as bola"),
    case("ledger.busy",         5, Lock, "event calculate E2 --as bola --wait 0"),
];
