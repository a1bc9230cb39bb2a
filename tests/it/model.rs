//! Money is conserved: random commands are given to the program, as processes, and to a small model
//! of the rules that shares nothing with it. After each delivery the whole ledger must be what the
//! model says, and the sums of the domain must hold.
//!
//! A step is a command of a random user with random arguments, mostly ones that fit. It is given
//! one to three times, most often with a key. The walks follow from their seeds; where one fails it
//! tells the seed and the last commands.

mod act;
mod bank;
mod bank_picks;
mod books;
mod calculation;
mod certificates;
mod compare;
mod components;
mod decide;
mod events;
mod files;
mod imports;
mod laws;
mod matching;
mod money;
mod net;
mod participation;
mod picks;
mod proceeds;
mod proposals;
mod register;
mod remittances;
mod reserves;
mod rules;
mod runs;
mod settle;
mod sheet_picks;
mod sheets;
mod steps;
mod tally;
mod tax;
mod units;
mod walk;

use std::{
    sync::atomic::{AtomicU64, Ordering},
    thread,
};

use tally::Tally;

use crate::figures::{figure, sized};

/// How many steps a walk has. Each walk has a ledger of its own, so that none grows long.
const STEPS: usize = 500;
/// How many walks run next to each other.
const THREADS: usize = 2;
/// Each verb is done at least this many times.
const DONE: usize = 20;
/// What a walk seldom comes to, and how often it is done at least: few lines are proposed.
const RARE: [(&str, usize); 11] = [
    ("bank confirm", 3),
    ("bank reject", 3),
    ("return_taken_back", 1),
    ("event_reopened", 10),
    ("bank rule remove", 10),
    ("line explained by a rule", 5),
    ("event include", 10),
    ("project include", 10),
    ("forward release", 10),
    ("forward write-off", 10),
    ("tax certificate reject", 3),
];
/// Each verb is refused at least this many times. To unblock a holder is refused for the actor
/// alone.
const REFUSED: usize = 5;

/// The refusals that the walks must have met.
const CODES: [&str; 115] = [
    "account.nuban",
    "bank.amount_differs",
    "bank.currency",
    "bank.exists",
    "bank.line_state",
    "bank.nothing_proposed",
    "bank.other_project",
    "bank.payment_matched",
    "bank.project_currency",
    "bank.unknown",
    "bank_line.unknown",
    "bank_rule.amount",
    "bank_rule.exists",
    "bank_rule.none",
    "bank_rule.removed",
    "bank_rule.text",
    "event.amount_zero",
    "event.assign_excluded",
    "event.component_required",
    "event.components_sum",
    "event.dates",
    "event.deduction_name",
    "event.deduction_position",
    "event.deduction_zero",
    "event.exists",
    "event.hash_mismatch",
    "event.no_proceeds",
    "event.not_a_multiple",
    "event.not_active",
    "event.paid",
    "event.rate_above_proceeds",
    "event.record_date_in_future",
    "event.reserve_short",
    "event.same_actor",
    "event.same_register_actor",
    "event.stale",
    "event.unit_zero",
    "event.unknown",
    "event.wrong_state",
    "exclusion.none",
    "file.bad_lines",
    "forward.changed",
    "forward.nothing",
    "forward.other_project",
    "forward.payable",
    "holder.blocked",
    "holder.exists",
    "holder.no_account_in_currency",
    "holder.no_bank_details",
    "holder.unknown",
    "key.conflict",
    "payment.already_paid",
    "payment.date_in_future",
    "payment.reference_used",
    "payment.return_date",
    "payment.returned",
    "payment.same_actor",
    "payment.too_much",
    "payment.unknown",
    "payment.wrong_state",
    "payment_file.changed",
    "payment_file.empty",
    "payment_file.item_settled",
    "payment_file.maybe_paid",
    "payment_file.no_bank_code",
    "payment_file.no_item",
    "payment_file.not_a_transfer",
    "payment_file.nothing_to_pay",
    "payment_file.settled",
    "payment_file.unknown",
    "payment_file.wrong_state",
    "project.unknown",
    "proposal.decided",
    "proposal.same_actor",
    "proposal.unknown",
    "statement.decided",
    "statement.void",
    "tax.amount_differs",
    "tax.certificate_dates",
    "tax.certificate_overlap",
    "tax.certificate_state",
    "tax.no_authority",
    "tax.nothing_due",
    "tax.reference_used",
    "tax.remittance_state",
    "tax.same_actor",
    "tax_remittance.unknown",
    "token.import_differs",
    "token.negative_balance",
    "token.reference_used",
    "token.register_not_empty",
    "token.self_transfer",
    "token.too_many",
    "token.zero",
    "usage.needs_yes",
    "user.exists",
    "user.forbidden",
    "user.inactive",
    "user.same_actor",
    "user.unknown",
    "withdrawal.account_not_needed",
    "withdrawal.amount_zero",
    "withdrawal.bank_details_incomplete",
    "withdrawal.in_payment_file",
    "withdrawal.left_out",
    "withdrawal.means_differ",
    "withdrawal.no_allocation",
    "withdrawal.not_a_multiple",
    "withdrawal.not_available",
    "withdrawal.nothing_available",
    "withdrawal.same_actor",
    "withdrawal.same_approver",
    "withdrawal.same_bank_changer",
    "withdrawal.unknown",
    "withdrawal.wrong_state",
];

#[test]
fn ten_thousand_random_steps_keep_the_ledger_and_a_model_of_it_equal() {
    if let Some(seed) = std::env::var_os("PRORATA_TEST_SEED") {
        println!(
            "{:#?}",
            walk::walk(seed.to_str().unwrap().parse().unwrap(), STEPS)
        );
        return;
    }
    let (first, walks) = sized((0, 24), (1_000, 200));
    let tally = walks_from(first, walks);
    println!("{tally:#?}");
    tally.must_have_met((DONE, REFUSED), &RARE, &CODES);
    let [steps, deliveries, done] = [tally.steps, tally.deliveries, tally.done()].map(grouped);
    let [refused, again] = [tally.refused(), tally.replayed].map(grouped);
    let counted = format!(
        "{steps} steps, {deliveries} deliveries, {done} done, {refused} refused with {} different codes, {again} given again \
         later, 0 differences",
        tally.codes.len(),
    );
    figure("model", &counted);
}

/// Writes a count with its thousands apart.
fn grouped(count: usize) -> String {
    let digits: Vec<char> = count.to_string().chars().collect();
    let groups: Vec<String> = digits
        .rchunks(3)
        .rev()
        .map(|group| group.iter().collect())
        .collect();
    groups.join(",")
}

/// Runs a number of walks, from a seed on.
fn walks_from(first: u64, walks: u64) -> Tally {
    let next = AtomicU64::new(first);
    let run = || {
        let mut tally = Tally::default();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= first + walks {
                return tally;
            }
            tally.add(walk::walk(seed, STEPS));
        }
    };
    let mut tally = Tally::default();
    thread::scope(|scope| {
        let running: Vec<_> = (0..THREADS).map(|_| scope.spawn(run)).collect();
        for walk in running {
            tally.add(
                walk.join()
                    .unwrap_or_else(|failed| std::panic::resume_unwind(failed)),
            );
        }
    });
    tally
}
